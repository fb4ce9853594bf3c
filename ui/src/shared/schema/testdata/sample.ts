import type { FormEntry } from '../../api'
import json from './sample.json?raw'

/** A form with a field of every type. */
export const entry = JSON.parse(json) as FormEntry
