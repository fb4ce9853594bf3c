/**
 * A complaint found here before anything was sent, with the code and the parameters that the server would give. `text` is
 * a message that the definition brings; otherwise `shared/form` has one for the code. Pointers are relative to the data.
 */
export type LocalProblem = {
  code: string
  pointer: string
  params?: { [key: string]: unknown }
  severity?: 'error' | 'warning'
}

/** The problem below another place. */
export function under(prefix: string, problems: LocalProblem[]): LocalProblem[] {
  return problems.map((p) => ({ ...p, pointer: prefix + p.pointer }))
}

export function problem(code: string, params?: LocalProblem['params'], pointer = ''): LocalProblem {
  return params ? { code, pointer, params } : { code, pointer }
}
