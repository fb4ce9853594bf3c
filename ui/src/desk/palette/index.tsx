export { openPalette, openShortcuts } from './open'
export { PaletteHost } from './Palette'
export { forgetRecent, remember, useRecent } from './recent'
export { useShortcut } from './shortcut'
