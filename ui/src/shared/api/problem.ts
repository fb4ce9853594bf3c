/** One complaint of the server: where it points, and why in the caller's language. */
export type Problem = {
  code: string
  pointer?: string
  params?: Record<string, unknown>
  severity?: 'error' | 'warning'
  message?: string
}

type ProblemDocument = { title?: string; status?: number; code?: string; problems?: Problem[]; requestId?: string }

/** What a request that did not succeed throws. `status` is 0 where no answer came at all. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly problems: Problem[]
  readonly requestId?: string

  constructor(status: number, body?: ProblemDocument) {
    const problems = body?.problems ?? []
    super(problems[0]?.message ?? body?.title ?? `HTTP ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.code = body?.code ?? (status === 0 ? 'offline' : 'unknown')
    this.problems = problems
    this.requestId = body?.requestId
  }

  /** No answer: the network or the server is away; trying again makes sense. */
  get offline() {
    return this.status === 0
  }
}

/** Reads the problem document of an answer, whatever a proxy in between made of it. */
export async function errorOf(response: Response): Promise<ApiError> {
  // A gateway that cannot reach the server answers for it: for people that is the same as no answer.
  if (response.status === 502 || response.status === 504) return new ApiError(0)
  try {
    return new ApiError(response.status, (await response.clone().json()) as ProblemDocument)
  } catch {
    return new ApiError(response.status)
  }
}
