import type { Problem } from '@/shared/api'
import type { Mark } from '@/shared/editor'

/** Problems of an expression, as marks in its text: those whose pointer is the place or below it. */
export function marksAt(problems: readonly Problem[], pointer: string): Mark[] {
  return problems
    .filter((p) => p.pointer === pointer || p.pointer?.startsWith(`${pointer}/`))
    .map((p) => ({
      line: Number(p.params?.line ?? 1),
      column: Number(p.params?.column ?? 1),
      message: p.message ?? p.code,
      warning: p.severity === 'warning',
    }))
}
