/** What an admin has done so far, kept with their preferences. `created` is set when they save their first record. */
export type Progress = { created?: boolean; looked?: boolean; edited?: boolean; phone?: boolean; closed?: boolean }

export type Step = {
  key: 'create' | 'look' | 'edit' | 'invite' | 'phone'
  to: string
  done: boolean
  mark?: keyof Progress
}

type Ask = { app: string; form: string; dashboard?: string; progress: Progress; members: number }

/** The steps of a new workspace in their order: the first own record, the board that shows it, a change, people, the phone. */
export function steps({ app, form, dashboard, progress, members }: Ask): Step[] {
  const list: Step[] = [{ key: 'create', to: `/apps/${app}/forms/${form}/new`, done: !!progress.created }]
  if (dashboard)
    list.push({ key: 'look', to: `/apps/${app}/dashboards/${dashboard}`, done: !!progress.looked, mark: 'looked' })
  list.push({ key: 'edit', to: `/apps/${app}/edit/form/${form}`, done: !!progress.edited, mark: 'edited' })
  list.push({ key: 'invite', to: '/people', done: members > 1 })
  list.push({ key: 'phone', to: '/m', done: !!progress.phone, mark: 'phone' })
  return list
}
