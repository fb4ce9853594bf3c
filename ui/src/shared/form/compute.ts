import { BudgetError, evaluate, holds, type Program } from '../formula'
import {
  coerce,
  isEmpty,
  same,
  type FieldModel,
  type FormModel,
  type JsonObject,
  type LocalProblem,
  type Row,
  type RuleModel,
} from '../schema'
import type { FormContext } from './context'

/** What an expression sees: the data as it is, and who is signed in. */
function scope(data: JsonObject, ctx: FormContext, zone: string) {
  return { vars: { ...data, user: ctx.user }, zone, now: ctx.now() }
}

/** Fills the defaults of a new record, each seeing what is filled before it. */
export function defaults(model: FormModel, data: JsonObject, ctx: FormContext): JsonObject {
  const out = { ...data }
  for (const f of model.fields) {
    if (f.computed || !isEmpty(out[f.key])) continue
    let v = f.stage ? model.stages?.initial : f.default
    if (f.defaultBy) v = run(f.defaultBy, out, ctx, ctx.zone)
    const c = coerce(f, v, { zone: ctx.zone })
    if (c.problems.length === 0 && !isEmpty(c.value)) out[f.key] = c.value
  }
  return out
}

function run(p: Program, data: JsonObject, ctx: FormContext, zone: string): unknown {
  try {
    return evaluate(p, scope(data, ctx, zone)).value
  } catch (e) {
    // too much work, or nested too deep for this browser: the server computes it when it is saved
    if (e instanceof BudgetError || e instanceof RangeError) return undefined
    throw e
  }
}

/** Whether any of the fields that a program reads is among the changed ones. */
export function readsAny(p: Program, changed: ReadonlySet<string>): boolean {
  return p.deps.some((d) => changed.has(d[0] ?? ''))
}

const computedRows = new WeakMap<Row, { zone: string; row: Row }>()

/** A row with the columns that compute, from its other columns alone. A row that needs no change is given back itself. */
function computedRow(f: FieldModel, row: Row, ctx: FormContext): Row {
  const had = computedRows.get(row)
  if (had?.zone === ctx.workspaceZone) return had.row
  let out = row
  for (const c of f.cells) {
    const v = coerce(c, runCell(c.formula!, out, ctx), { zone: ctx.workspaceZone }).value
    if (same(v, out[c.key])) continue
    if (out === row) out = { ...row }
    if (isEmpty(v)) delete out[c.key]
    else out[c.key] = v
  }
  computedRows.set(row, { zone: ctx.workspaceZone, row: out })
  if (out !== row) computedRows.set(out, { zone: ctx.workspaceZone, row: out })
  return out
}

/** A row sees itself and nothing else, as on the server. */
function runCell(p: Program, row: Row, ctx: FormContext): unknown {
  try {
    return evaluate(p, { vars: row, zone: ctx.workspaceZone, now: ctx.now() }).value
  } catch (e) {
    if (e instanceof BudgetError || e instanceof RangeError) return undefined
    throw e
  }
}

/** Computes the columns of the sub-tables that were changed. */
function recomputeRows(model: FormModel, data: JsonObject, changed: ReadonlySet<string>, ctx: FormContext): void {
  for (const f of model.tables) {
    const rows = data[f.key]
    if (!changed.has(f.key) || !Array.isArray(rows)) continue
    const next = (rows as Row[]).map((r) => computedRow(f, r, ctx))
    if (next.some((r, i) => r !== (rows as Row[])[i])) data[f.key] = next
  }
}

/**
 * Computes the formulas that read something changed, columns of sub-tables first, and those that read them. Gives the fields whose value became
 * another one; `data` is changed in place.
 */
export function recompute(
  model: FormModel,
  data: JsonObject,
  changed: Set<string>,
  ctx: FormContext,
  equal: (a: unknown, b: unknown) => boolean,
): Set<string> {
  const out = new Set<string>()
  recomputeRows(model, data, changed, ctx)
  for (const f of model.formulas) {
    const p = f.formula
    if (!p || !readsAny(p, changed)) continue
    const v = computedValue(f, p, data, ctx)
    if (equal(v, data[f.key])) continue
    if (isEmpty(v)) delete data[f.key]
    else data[f.key] = v
    changed.add(f.key)
    out.add(f.key)
  }
  return out
}

function computedValue(f: FieldModel, p: Program, data: JsonObject, ctx: FormContext): unknown {
  const v = run(p, data, ctx, ctx.workspaceZone)
  return coerce(f, v, { zone: ctx.workspaceZone }).value
}

export type RuleOutcome = { required: ReadonlySet<string>; problems: LocalProblem[] }

/**
 * Applies the rules. On a record that exists, a rule none of whose fields was touched only warns, as on the server.
 * A rule that cannot be told here is left to the server.
 */
export function applyRules(
  rules: readonly RuleModel[],
  data: JsonObject,
  ctx: FormContext,
  touched?: ReadonlySet<string>,
): RuleOutcome {
  const required = new Set<string>()
  const problems: LocalProblem[] = []
  let vars: ReturnType<typeof scope> | undefined
  for (const r of rules) {
    if (!r.when || !holds(r.when, (vars ??= scope(data, ctx, ctx.zone)))) continue
    const lenient = touched && ![...r.reads].some((k) => touched.has(k))
    for (const k of r.require) {
      required.add(k)
      if (isEmpty(data[k]))
        problems.push({
          code: 'required',
          pointer: `/${k}`,
          params: { rule: r.key },
          severity: lenient ? 'warning' : 'error',
        })
    }
    if (!isEmpty(r.refuse)) {
      problems.push({
        code: 'rule',
        pointer: r.at ? `/${r.at}` : '',
        params: { rule: r.key, text: r.refuse },
        severity: r.warn || lenient ? 'warning' : 'error',
      })
    }
  }
  return { required, problems }
}

/** The keys of the sections that are shown. One whose condition cannot be told here is. */
export function visibleSections(model: FormModel, data: JsonObject, ctx: FormContext): Set<string> {
  const conditional = model.sections.some((s) => s.visible)
  const vars = conditional ? scope(data, ctx, ctx.zone) : undefined
  return new Set(
    model.sections.filter((s) => !s.visible || !vars || holds(s.visible, vars) !== false).map((s) => s.key),
  )
}
