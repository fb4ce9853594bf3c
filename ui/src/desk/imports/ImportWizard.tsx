import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import type { Problem } from '@/shared/api'
import { Failed, Skeleton } from '@/shared/ui'
import { DropZone } from './DropZone'
import { FileBar } from './FileBar'
import { How } from './How'
import { JobView } from './JobView'
import { blocks, sortProblems } from './mapping'
import { MappingTable } from './MappingTable'
import { Recent } from './Recent'
import { Result } from './Result'
import { SumBar } from './SumBar'
import { fieldsOf, nameOf, type Target } from './target'
import { useWizard } from './useWizard'
import s from './Imports.module.css'

/**
 * From a file to imported rows: choose, see where each column goes and what comes of it, import, and undo. The job is in
 * the address, so that one can leave and come back.
 */
export function ImportWizard({ target }: { target: Target }) {
  const [params, setParams] = useSearchParams()
  const job = params.get('job') ?? undefined
  const go = (id: string | undefined) =>
    setParams((q) => {
      const out = new URLSearchParams(q)
      if (id) out.set('job', id)
      else out.delete('job')
      return out
    })
  if (job) return <JobView key={job} id={job} target={target} onAgain={() => go(undefined)} />
  return <Prepare key={nameOf(target)} target={target} onStarted={go} />
}

function Prepare({ target, onStarted }: { target: Target; onStarted: (job: string) => void }) {
  const { t } = useTranslation('desk/imports')
  const wizard = useWizard(target)
  const [file, setFile] = useState<File>()
  const { draft, preview } = wizard
  const fields = useMemo(
    () =>
      fieldsOf(target, (k) =>
        target.kind === 'departments' && k === 'name' ? t('people_fields.departmentName') : t(`people_fields.${k}`),
      ),
    [target, t],
  )
  const problems = useMemo(() => sortProblems(draft?.mapping ?? {}, preview?.problems), [draft?.mapping, preview])
  if (!preview || !draft) {
    if (draft && wizard.busy) return <Skeleton rows={8} />
    return (
      <>
        <DropZone
          busy={wizard.busy}
          sent={wizard.sent}
          error={wizard.error}
          file={file}
          onFile={(f) => {
            setFile(f)
            wizard.take(f)
          }}
        />
        <Recent target={nameOf(target)} />
      </>
    )
  }
  return (
    <>
      <FileBar wizard={wizard} preview={preview} />
      {wizard.error !== undefined && <Failed error={wizard.error} retry={wizard.again} />}
      <Notices list={problems.rest} />
      <MappingTable
        wizard={wizard}
        preview={preview}
        fields={fields}
        people={target.kind === 'users'}
        problems={problems}
      />
      <How wizard={wizard} target={target} fields={fields} problems={problems} />
      <Result preview={preview} mapping={draft.mapping} fields={fields} target={target} busy={wizard.busy} />
      <SumBar wizard={wizard} preview={preview} onStarted={onStarted} />
    </>
  )
}

/** What concerns the file or the mapping as a whole. */
function Notices({ list }: { list: Problem[] }) {
  const stops = list.filter(blocks)
  const notes = list.filter((p) => !blocks(p))
  return (
    <>
      {stops.length > 0 && (
        <ul className={s.stop} role="alert">
          {stops.map((p, i) => (
            <li key={i}>{p.message ?? p.code}</li>
          ))}
        </ul>
      )}
      {notes.length > 0 && (
        <ul className={s.note}>
          {notes.map((p, i) => (
            <li key={i}>{p.message ?? p.code}</li>
          ))}
        </ul>
      )}
    </>
  )
}
