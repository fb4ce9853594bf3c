import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useText } from '@/shared/i18n'
import { formModel } from '@/shared/schema'
import { CardView } from '../../list/CardView'
import { useCatalog } from '../../model/catalog'
import { cardOf, planCard } from '../../model/card'
import { useCells } from '../../model/useCells'
import { formPath, recordPath } from '../../shell/nav'
import { Group } from '../../shell/Rows'
import type { Block, BlockData } from './PageBlocks'
import s from './ClaimBlock.module.css'

/** The first records of a view. */
export function ListBlock({ block, data }: { block: Block; data: BlockData }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const cells = useCells(data.labels)
  const entry = useCatalog().form(block.form ?? '')
  if (!entry) return null
  const model = formModel(entry)
  const plan = planCard(model, block.fields)
  const items = data.items ?? []
  return (
    <Group title={text(block.title) || text(model.title)}>
      {items.length === 0 && <p className={s.empty}>{t('list.empty', { form: text(model.title) })}</p>}
      {items.map((r) => (
        <CardView
          key={r.id}
          card={cardOf(r, model, plan, cells, cells.format.today())}
          href={recordPath(model.form, r.id)}
        />
      ))}
      {data.more && (
        <Link
          className={s.more}
          href={formPath(model.form) + (block.view ? `?view=${block.view.split('.').at(-1)}` : '')}
        >
          {t('record.inList')}
        </Link>
      )}
    </Group>
  )
}
