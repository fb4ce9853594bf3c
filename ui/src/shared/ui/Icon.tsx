import { use, Suspense } from 'react'
import { Box } from 'lucide-react'

let loaded: typeof import('./iconSet') | undefined
let loading: Promise<typeof import('./iconSet')> | undefined
const set = () => (loading ??= import('./iconSet').then((m) => (loaded = m)))

/** Gets the icons before one is shown, so that none comes after the rest. */
export const preloadIcons = () =>
  set().then(
    () => undefined,
    () => (loading = undefined), // whoever shows one tries again
  )

type Props = { name?: string; size?: number }

/** An icon that a definition names; a box where the name is not known. Icons named in code are imported directly. */
export function Icon({ name, size = 16 }: Props) {
  return (
    <Suspense fallback={<span style={{ width: size, height: size, display: 'inline-block', flex: 'none' }} />}>
      <Loaded name={name} size={size} />
    </Suspense>
  )
}

function Loaded({ name, size }: Props) {
  const { iconSet } = loaded ?? use(set())
  const Shape = iconSet[name ?? ''] ?? Box
  return <Shape size={size} strokeWidth={1.75} aria-hidden />
}
