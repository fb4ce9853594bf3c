export { forgetCache, keepCache, restoreCache } from './cache'
export { isLocalFile, keepFile, localFileUrl, filesAreWarm, warmFiles, type FileValue } from './files'
export { verdict, type Entry } from './outbox'
export { outbox, submitEntry, useOutbox, useOutboxSender } from './useOutbox'
