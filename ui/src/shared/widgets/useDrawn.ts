import { useEffect, useState } from 'react'

/**
 * How many of a form's fields are drawn by now: a few at first, so that there is something to see and to type into, then
 * more after each paint. Drawn in one go, two hundred fields would hold up a phone for seconds.
 */
export function useDrawn(total: number, few: number): number {
  const [drawn, setDrawn] = useState(few)
  const left = drawn < total
  useEffect(() => {
    if (!left) return
    const timer = setTimeout(() => setDrawn((n) => n + few))
    return () => clearTimeout(timer)
  }, [drawn, left, few])
  return drawn
}
