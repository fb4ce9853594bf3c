import type { Density } from '../types'
import { Combobox, type PickProps } from './Combobox'
import { PickSheet } from './PickSheet'

export { ItemFace } from './Options'
export type { Item, Source } from './useOptions'

/** Chooses as the density asks for: in place on a desktop, on a sheet of its own on a phone. */
export function Pick({ density, ...p }: PickProps & { density: Density }) {
  return density === 'phone' && !p.inCell ? <PickSheet {...p} /> : <Combobox {...p} />
}
