export { Confirm, Dialog } from './Dialog'
export { Menu, type MenuEntry } from './Menu'
export { Popover, Tooltip } from './Popover'
