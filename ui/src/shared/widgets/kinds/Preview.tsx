import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileRef } from '../../schema'
import { useServices } from '../services'
import type { Place } from '../types'
import s from './Files.module.css'

type Props = { pictures: FileRef[]; at: number; place?: Place; onMove: (to: number) => void; onClose: () => void }

/** A picture as large as the screen; arrows go to the next one, Esc closes. */
export function Preview({ pictures, at, place, onMove, onClose }: Props) {
  const { t } = useTranslation('shared/widgets')
  const services = useServices()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const f = pictures[at]
  if (!f) return null
  const go = (by: number) => onMove((at + by + pictures.length) % pictures.length)
  // a click beside the picture, and arrows wherever the focus is
  const listen = {
    onClick: (e: MouseEvent) => e.target === dialog.current && dialog.current.close(),
    onKeyDown: (e: KeyboardEvent) => (e.key === 'ArrowLeft' ? go(-1) : e.key === 'ArrowRight' ? go(1) : undefined),
  }
  return (
    <dialog ref={dialog} className={s.preview} aria-label={f.name} onClose={onClose} {...listen}>
      <img src={services.fileUrl(f, place)} alt={f.name ?? ''} />
      <div className={s.bar}>
        <span className="ellipsis">{f.name}</span>
        {pictures.length > 1 && (
          <>
            <button type="button" aria-label={t('previous')} onClick={() => go(-1)}>
              <ChevronLeft size={20} aria-hidden />
            </button>
            <span className="num">
              {at + 1} / {pictures.length}
            </span>
            <button type="button" aria-label={t('next')} onClick={() => go(1)}>
              <ChevronRight size={20} aria-hidden />
            </button>
          </>
        )}
        <a href={services.fileUrl(f, place)} download={f.name} aria-label={t('download')}>
          <Download size={20} aria-hidden />
        </a>
        <button type="button" aria-label={t('close')} onClick={() => dialog.current?.close()}>
          <X size={20} aria-hidden />
        </button>
      </div>
    </dialog>
  )
}
