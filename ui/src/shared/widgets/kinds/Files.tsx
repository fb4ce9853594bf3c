import { Camera, FileText, Image as ImageIcon, Paperclip, RotateCw, X } from 'lucide-react'
import { useId, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat, type Format } from '../../format'
import { ApiError } from '../../api'
import { isObject, type FileRef } from '../../schema'
import { cx } from '../../ui'
import { useServices } from '../services'
import type { CellProps, EditProps, Place, ViewProps, Widget } from '../types'
import s from './Files.module.css'
import { Preview } from './Preview'
import { useUploads, type Upload } from './useUploads'

const files = (v: unknown): FileRef[] =>
  Array.isArray(v) ? v.filter((x): x is FileRef => isObject(x) && typeof x.id === 'string') : []

export const isPicture = (f: FileRef) => /^image\/(png|jpeg|gif|webp)$/.test(f.type ?? '')

export function sizeText(bytes: number | undefined, format: Format): string {
  if (bytes === undefined) return ''
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000
    ? `${format.number(Math.round(bytes / 1024))} KB`
    : `${format.number(Math.round((bytes / 1_048_576) * 10) / 10)} MB`
}

function FilesEdit(p: EditProps) {
  const { t } = useTranslation('shared/widgets')
  const format = useFormat()
  const { uploads, refused, add, remove } = useUploads(p)
  const [over, setOver] = useState(false)
  const phone = p.density === 'phone'
  const image = p.field.as === 'image'
  const has = files(p.value)
  const limit = sizeText(p.field.maxSize ?? 20 << 20, format)
  return (
    <div
      className={cx(s.files, over && s.over, phone && s.phone)}
      data-problem={p.invalid || undefined}
      onDragOver={(e) => {
        if (p.disabled || !e.dataTransfer.types.includes('Files')) return
        e.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        setOver(false)
        if (p.disabled || e.dataTransfer.files.length === 0) return
        e.preventDefault()
        add(e.dataTransfer.files)
      }}
      onPaste={(e) => {
        if (p.disabled || e.clipboardData.files.length === 0) return
        e.preventDefault()
        add(e.clipboardData.files)
      }}
    >
      <FileList list={has} image={image} place={p.place} remove={p.disabled ? undefined : remove}>
        {uploads.map((u) => (
          <Going key={u.key} upload={u} />
        ))}
      </FileList>
      {!p.disabled && (
        <div className={s.actions}>
          {phone && image && (
            <Chooser
              {...p}
              label={t('takePhoto')}
              icon={<Camera size={20} strokeWidth={1.75} aria-hidden />}
              capture
              add={add}
              own={has.length === 0}
            />
          )}
          <Chooser
            {...p}
            label={image ? t(phone ? 'choosePhotos' : 'addImages') : t('addFiles')}
            icon={
              image ? (
                <ImageIcon size={phone ? 20 : 16} strokeWidth={1.75} aria-hidden />
              ) : (
                <Paperclip size={phone ? 20 : 16} strokeWidth={1.75} aria-hidden />
              )
            }
            add={add}
            own={!(phone && image)}
          />
          {!phone && !p.inCell && <span className={s.hint}>{t('dropHere', { limit })}</span>}
        </div>
      )}
      <div role="status" className={s.refused}>
        {refused.map((r) => (
          <p key={r.name}>{t(`refused.${r.why}`, { name: r.name, limit })}</p>
        ))}
      </div>
    </div>
  )
}

type ChooserProps = EditProps & {
  label: string
  icon: ReactNode
  capture?: boolean
  own: boolean
  add: (files: Iterable<File>) => void
}

/** A button over a native file input: only that opens the camera and the phone's album. */
function Chooser(p: ChooserProps) {
  const input = useRef<HTMLInputElement>(null)
  const own = useId()
  return (
    <label className={s.choose}>
      {p.icon}
      {p.label}
      <input
        ref={input}
        id={p.own ? p.id : own}
        type="file"
        multiple={!p.capture}
        accept={p.field.accept.join(',') || undefined}
        capture={p.capture ? 'environment' : undefined}
        aria-describedby={p.describedBy}
        onChange={(e) => {
          p.add([...(e.target.files ?? [])])
          e.target.value = '' // the same file may be chosen again
          p.onLeave()
        }}
      />
    </label>
  )
}

function Going({ upload: u }: { upload: Upload }) {
  const { t } = useTranslation('shared/widgets')
  const percent = Math.round(u.share * 100)
  return (
    <li className={cx(s.file, Boolean(u.failed) && s.failed)}>
      {u.preview ? (
        <img src={u.preview} alt="" className={s.thumb} />
      ) : (
        <FileText size={20} strokeWidth={1.75} aria-hidden />
      )}
      <span className={s.name}>
        <span className="ellipsis">{u.name}</span>
        {u.failed ? (
          <span className={s.note} role="alert">
            {u.failed instanceof ApiError && !u.failed.offline ? u.failed.message : t('uploadFailed')}
          </span>
        ) : (
          <progress value={percent} max={100} aria-label={t('uploading', { name: u.name })} />
        )}
      </span>
      {Boolean(u.failed) && (
        <button type="button" className={s.button} aria-label={t('retryUpload', { name: u.name })} onClick={u.retry}>
          <RotateCw size={16} strokeWidth={1.75} aria-hidden />
        </button>
      )}
      <button type="button" className={s.button} aria-label={t('remove', { name: u.name })} onClick={u.cancel}>
        <X size={16} strokeWidth={1.75} aria-hidden />
      </button>
    </li>
  )
}

type ListProps = { list: FileRef[]; image: boolean; place?: Place; remove?: (id: string) => void; children?: ReactNode }

/** Pictures as thumbnails that open large, other files as lines that are downloaded or shown by the browser. */
export function FileList({ list, image, place, remove, children }: ListProps) {
  const { t } = useTranslation('shared/widgets')
  const format = useFormat()
  const services = useServices()
  const [shown, setShown] = useState<number>()
  const pictures = list.filter(isPicture)
  return (
    <>
      {(list.length > 0 || children) && (
        <ul className={cx(s.list, image && s.grid)}>
          {list.map((f) => {
            const name = f.name ?? t('file')
            const picture = isPicture(f)
            return (
              <li key={f.id} className={cx(s.file, picture && s.picture)}>
                {picture ? (
                  <button
                    type="button"
                    className={s.look}
                    aria-label={t('look', { name })}
                    onClick={() => setShown(pictures.indexOf(f))}
                  >
                    <img src={services.fileUrl(f, place)} alt={name} loading="lazy" className={s.thumb} />
                  </button>
                ) : (
                  <FileText size={20} strokeWidth={1.75} aria-hidden />
                )}
                {!(picture && image) && (
                  <span className={s.name}>
                    <a href={services.fileUrl(f, place)} target="_blank" rel="noopener noreferrer" className="ellipsis">
                      {name}
                    </a>
                    <span className={cx(s.note, 'num')}>{sizeText(f.size, format)}</span>
                  </span>
                )}
                {remove && (
                  <button
                    type="button"
                    className={s.button}
                    aria-label={t('remove', { name })}
                    onClick={() => remove(f.id)}
                  >
                    <X size={16} strokeWidth={1.75} aria-hidden />
                  </button>
                )}
              </li>
            )
          })}
          {children}
        </ul>
      )}
      {shown !== undefined && pictures[shown] && (
        <Preview pictures={pictures} at={shown} place={place} onMove={setShown} onClose={() => setShown(undefined)} />
      )}
    </>
  )
}

function FilesView({ field, value, place }: ViewProps) {
  return <FileList list={files(value)} image={field.as === 'image'} place={place} />
}

function FilesCell({ value }: CellProps) {
  const { t } = useTranslation('shared/widgets')
  const n = files(value).length
  return (
    <span
      className={s.count}
      title={files(value)
        .map((f) => f.name)
        .join('\n')}
    >
      <Paperclip size={14} strokeWidth={1.75} aria-hidden /> <span className="num">{t('files', { count: n })}</span>
    </span>
  )
}

export const attachment: Widget = { Edit: FilesEdit, View: FilesView, Cell: FilesCell, wide: true, group: true }
