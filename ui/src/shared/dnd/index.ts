export { DragArea, type Dragged, type Spoken } from './DragArea'
export { useDrag, useDrop } from './hooks'
