/** Moves the focus to the first control with a problem, after the problems have been drawn. */
export function focusFirstProblem(container?: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const root: ParentNode = container ?? document
    const wrong = root.querySelector<HTMLElement>('[aria-invalid="true"], [data-problem]')
    if (!wrong) return
    const control = wrong.matches('input, select, textarea, button, [tabindex]')
      ? wrong
      : (wrong.querySelector<HTMLElement>('input, select, textarea, button, [tabindex]') ?? wrong)
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    control.scrollIntoView?.({ block: 'center', behavior: calm ? 'auto' : 'smooth' })
    control.focus({ preventScroll: true })
  })
}
