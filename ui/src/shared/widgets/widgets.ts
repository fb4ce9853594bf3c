import type { FieldType } from '../schema'
import { multiselect, select } from './kinds/Choice'
import { attachment } from './kinds/Files'
import { department, user } from './kinds/Member'
import { number } from './kinds/Number'
import { relation } from './kinds/Relation'
import { toggle } from './kinds/Switch'
import { table } from './kinds/Table'
import { email, longtext, phone, text, url } from './kinds/Text'
import { date, datetime } from './kinds/Time'
import type { Widget } from './types'

/** The widget of each type. Computed types are shown by the widget of their result, these here where that is not known. */
export const widgets: { readonly [T in FieldType]: Widget } = {
  text,
  longtext,
  number,
  percent: number,
  currency: number,
  select,
  multiselect,
  date,
  datetime,
  switch: toggle,
  phone,
  email,
  url,
  user,
  department,
  relation,
  file: attachment,
  image: attachment,
  table,
  serial: { View: text.View, Cell: text.Cell },
  formula: { View: text.View, Cell: text.Cell },
  lookup: { View: text.View, Cell: text.Cell },
  rollup: { View: text.View, Cell: text.Cell },
}
