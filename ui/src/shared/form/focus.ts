const controls = 'input, select, textarea, button, [tabindex="0"]'

/** The first control with a problem: the invalid one itself, else the first one of a group that has a problem. */
export function firstProblem(root: ParentNode): HTMLElement | null {
  const wrong = root.querySelector<HTMLElement>('[aria-invalid="true"], [data-problem]')
  if (!wrong || wrong.matches('[aria-invalid="true"]')) return inside(wrong)
  return inside(wrong.querySelector<HTMLElement>('[aria-invalid="true"]') ?? wrong)
}

function inside(el: HTMLElement | null): HTMLElement | null {
  return !el || el.matches(controls) ? el : (el.querySelector<HTMLElement>(controls) ?? el)
}

/** Moves the focus to the first control with a problem, after the problems have been drawn. */
export function focusFirstProblem(container?: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const control = firstProblem(container ?? document)
    if (!control) return
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    control.scrollIntoView?.({ block: 'center', behavior: calm ? 'auto' : 'smooth' })
    control.focus({ preventScroll: true })
  })
}
