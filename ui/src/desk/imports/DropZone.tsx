import { FileUp } from 'lucide-react'
import { useRef, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { Button, cx, toastError } from '@/shared/ui'
import { sizeText } from './size'
import s from './Imports.module.css'

type Props = {
  onFile: (f: File) => void
  error: unknown
  /** The file that the error is about, or that is being read. */
  file: File | undefined
  busy: boolean
  sent: number | undefined
}

/** Where a file is dropped or chosen, and where it says why one cannot be read. */
export function DropZone({ onFile, error, file, busy, sent }: Props) {
  const { t } = useTranslation('desk/imports')
  const f = useFormat()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    const first = files?.[0]
    if (!first) return
    if (files.length > 1) toastError(undefined, t('drop.one'))
    onFile(first)
  }
  const drop = (e: DragEvent) => {
    e.preventDefault()
    setOver(false)
    if (!busy) take(e.dataTransfer.files)
  }
  return (
    <div
      className={cx(s.drop, over && s.over)}
      onDragOver={(e) => {
        e.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FileUp size={24} strokeWidth={1.75} aria-hidden />
      <div aria-live="polite">
        {busy ? (
          <p className={s.dropTitle}>
            {sent !== undefined && sent < 1
              ? t('drop.sending', { percent: f.percent(sent * 100, 0) })
              : t('drop.reading', { name: file?.name ?? '' })}
          </p>
        ) : (
          <p className={s.dropTitle}>{over ? t('drop.here') : t('drop.title')}</p>
        )}
      </div>
      {busy ? (
        <progress
          className={s.thin}
          aria-label={t('drop.reading', { name: file?.name ?? '' })}
          {...(sent !== undefined && sent < 1 ? { value: sent } : {})}
        />
      ) : (
        <>
          <Button tone="primary" onClick={() => input.current?.click()}>
            {t('drop.pick')}
          </Button>
          <p className={s.quiet}>{t('drop.kinds')}</p>
        </>
      )}
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t('drop.pick')}
        accept=".xlsx,.csv,.tsv,.txt,.jsonl,.ndjson"
        onChange={(e) => {
          take(e.target.files)
          e.target.value = ''
        }}
      />
      {error !== undefined && !busy && <Refusal error={error} file={file} />}
    </div>
  )
}

/** Why a file was not read. */
function Refusal({ error, file }: { error: unknown; file: File | undefined }) {
  const { t } = useTranslation('desk/imports')
  const f = useFormat()
  const own = error instanceof Error && !(error instanceof ApiError) ? error.message : ''
  const words =
    own === 'too-large'
      ? [t('drop.tooLarge', { name: file?.name, size: sizeText(file?.size ?? 0, f.reader) })]
      : own === 'empty'
        ? [t('drop.empty', { name: file?.name })]
        : error instanceof ApiError && error.problems.length > 0
          ? error.problems.map((p) => p.message ?? p.code)
          : [(error as Error).message]
  return (
    <div role="alert" className={s.refusal}>
      <strong>{t('drop.failed')}</strong>
      {words.map((w, i) => (
        <p key={i}>{w}</p>
      ))}
    </div>
  )
}
