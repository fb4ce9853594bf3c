import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '@/shared/overlay'
import { Button } from '@/shared/ui'
import { useStudio } from '../context'
import { diff } from '../model/diff'
import type { Doc } from '../model/workbench'
import { ChangeList } from './ChangeList'
import s from './Frame.module.css'

/** Somebody else changed the same thing: shows both, and leaves it to the person. Nothing is written over by itself. */
export function ConflictBar({ doc }: { doc: Doc }) {
  const { t } = useTranslation('studio')
  const { bench } = useStudio()
  const [open, setOpen] = useState(false)
  const mine = doc.history.present
  return (
    <div className={s.conflict} role="alert">
      <p>{t('conflict.text')}</p>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('conflict.compare')}
      </Button>
      <Button size="small" onClick={() => bench.takeTheirs(doc.kind, doc.key)}>
        {t('conflict.theirs')}
      </Button>
      <Button size="small" tone="danger" onClick={() => bench.keepMine(doc.kind, doc.key)}>
        {t('conflict.mine')}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={t('conflict.title')} size="medium">
        <div className={s.groups}>
          <section className={s.group}>
            <h3>{t('conflict.theirChanges')}</h3>
            <ChangeList changes={diff(doc.base, doc.theirs?.value)} />
          </section>
          <section className={s.group}>
            <h3>{t('conflict.myChanges')}</h3>
            <ChangeList changes={diff(doc.base, mine)} />
          </section>
        </div>
      </Dialog>
    </div>
  )
}
