type What = 'palette' | 'shortcuts'

const followers = new Set<(w: What) => void>()

/** Opens the command palette, wherever its host is. */
export const openPalette = () => followers.forEach((f) => f('palette'))

/** Opens the list of keyboard shortcuts. */
export const openShortcuts = () => followers.forEach((f) => f('shortcuts'))

export const onOpen = (f: (w: What) => void) => {
  followers.add(f)
  return () => void followers.delete(f)
}
