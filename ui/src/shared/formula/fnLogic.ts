import { arg, argBool, count } from './args'
import type { Run } from './functions'
import { isEmpty } from './machine'

/** Pairs of condition and value, then perhaps a value for none. */
const choose: Run = (m, n) => {
  let i = 0
  for (; i + 1 < count(n); i += 2) if (argBool(m, n, i)) return m.fit(arg(m, n, i + 1), n)
  return m.fit(arg(m, n, i), n)
}

const pick: Run = (m, n) => {
  const v = arg(m, n, 0)
  let i = 1
  for (; i + 1 < count(n); i += 2) if (m.equalAs(n.by, v, arg(m, n, i), n)) return m.fit(arg(m, n, i + 1), n)
  return m.fit(arg(m, n, i), n)
}

export const logicFunctions: Record<string, Run> = {
  if: choose,
  ifs: choose,
  switch: pick,
  and: (m, n) => {
    for (let i = 0; i < count(n); i++) if (!argBool(m, n, i)) return false
    return true
  },
  or: (m, n) => {
    for (let i = 0; i < count(n); i++) if (argBool(m, n, i)) return true
    return false
  },
  not: (m, n) => !argBool(m, n, 0),
  isEmpty: (m, n) => isEmpty(arg(m, n, 0)),
  coalesce: (m, n) => {
    for (let i = 0; i < count(n); i++) {
      const v = arg(m, n, i)
      if (!isEmpty(v)) return m.fit(v, n)
    }
    return null
  },
}
