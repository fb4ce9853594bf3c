import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api, idempotencyKey, keys, must, splitForm, type RecordDocument } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { formModel } from '@/shared/schema'
import { Button, toast, toastError } from '@/shared/ui'
import { CardView } from '../../list/CardView'
import { useCatalog } from '../../model/catalog'
import { cardOf, planCard } from '../../model/card'
import { useCells } from '../../model/useCells'
import { formPath, recordPath } from '../../shell/nav'
import type { Block, BlockData } from './PageBlocks'
import s from './ClaimBlock.module.css'

/** What nobody has yet, to be taken; who comes second is told who was first. */
export function ClaimBlock({ block, data }: { block: Block; data: BlockData }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const client = useQueryClient()
  const catalog = useCatalog()
  const cells = useCells(data.labels)
  const [busy, setBusy] = useState<string>()
  const entry = catalog.form(block.form ?? '')
  if (!entry) return null
  const model = formModel(entry)
  const plan = planCard(model, block.fields)
  const items = data.items ?? []
  const title = text(block.title) || text(model.title)

  async function claim(r: RecordDocument, name: string) {
    setBusy(r.id)
    try {
      const path = { ...splitForm(model.form), id: r.id, claim: block.claim ?? '' }
      await must(
        api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/claims/{claim}', {
          params: { path, header: { 'Idempotency-Key': idempotencyKey() } },
        }),
      )
      toast(t('home.claimed', { title: name }))
    } catch (e) {
      toastError(e, t('away'))
    } finally {
      setBusy(undefined)
      await client.invalidateQueries({ queryKey: ['page'] })
      await client.invalidateQueries({ queryKey: keys.form(model.form) })
    }
  }

  return (
    <section className={s.block} aria-label={title}>
      <div className={s.top}>
        <h2>{title}</h2>
        {data.usage?.map((u) => (
          <span key={u.key} className={s.usage}>
            {t('home.usage', { used: u.used, max: u.max })}
          </span>
        ))}
      </div>
      <div className={s.card}>
        {items.length === 0 && <p className={s.empty}>{t('home.poolEmpty')}</p>}
        {items.map((r) => {
          const card = cardOf(r, model, plan, cells, cells.format.today())
          return (
            <div key={r.id} className={s.row}>
              <div className={s.face}>
                <CardView card={card} href={recordPath(model.form, r.id)} />
              </div>
              <Button
                size="large"
                busy={busy === r.id}
                disabled={busy !== undefined}
                aria-label={t('home.claimOne', { title: card.title })}
                onClick={() => void claim(r, card.title)}
              >
                {t('home.claim')}
              </Button>
            </div>
          )
        })}
        {data.more && (
          <Link
            className={s.more}
            href={formPath(model.form) + (block.view ? `?view=${block.view.split('.').at(-1)}` : '')}
          >
            {t('record.inList')}
          </Link>
        )}
      </div>
    </section>
  )
}
