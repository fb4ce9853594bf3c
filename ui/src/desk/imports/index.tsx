export { ImportPage, PeopleImportPage } from './ImportPage'
export { ImportWizard } from './ImportWizard'
export type { Target as ImportTarget } from './target'
