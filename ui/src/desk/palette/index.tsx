export { openPalette, openShortcuts } from './open'
