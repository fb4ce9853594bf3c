import type { Evaluator } from './eval'
import { listFunctions } from './fnList'
import { logicFunctions } from './fnLogic'
import { numberFunctions } from './fnNumber'
import { textFunctions } from './fnText'
import { timeFunctions } from './fnTime'
import type { Node, Value } from './types'

/** What a function does with a call. */
export type Run = (m: Evaluator, n: Node) => Value

/** The functions of the language by their name in the server's table. */
export const functions: ReadonlyMap<string, Run> = new Map(
  Object.entries({ ...logicFunctions, ...numberFunctions, ...listFunctions, ...textFunctions, ...timeFunctions }),
)
