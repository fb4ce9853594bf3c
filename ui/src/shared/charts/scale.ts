/** Round figures from below the least to above the greatest, zero among them; about three steps. */
export function ticksOf(least: number, greatest: number): number[] {
  const low = Math.min(0, least)
  const high = Math.max(0, greatest)
  if (low === high) return [0, 1]
  const step = nice((high - low) / 3)
  const out: number[] = []
  for (let i = Math.floor(low / step + 1e-9); ; i++) {
    out.push(round(i * step, step))
    if (i * step >= high - step * 1e-9) return out
  }
}

function nice(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x))
  const f = x / power
  return round((f < 1.5 ? 1 : f < 2.5 ? 2 : f < 4 ? 3 : f < 7 ? 5 : 10) * power, power)
}

/** Without the noise of binary fractions. */
const round = (v: number, step: number) => Number(v.toFixed(Math.max(0, 2 - Math.floor(Math.log10(step)))))
