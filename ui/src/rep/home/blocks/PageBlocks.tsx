import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, must, type Schemas } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Failed, Skeleton } from '@/shared/ui'
import { BoardCard } from '../../board/BoardCard'
import { Group } from '../../shell/Rows'
import { MustDos } from '../MustDos'
import { ClaimBlock } from './ClaimBlock'
import { FiguresBlock } from './FiguresBlock'
import { FormBlock } from './FormBlock'
import { ListBlock } from './ListBlock'
import { NothingToDo } from './NothingToDo'
import { ShortcutsBlock } from './ShortcutsBlock'
import s from './PageBlocks.module.css'

export type Block = Schemas['PageBlock']
export type BlockData = Schemas['BlockData']
type PageEntry = Schemas['PageEntry']

/** How the data of a page is asked for. */
export const pageQuery = (page: string) => ({
  queryKey: ['page', page],
  queryFn: () => must(api.GET('/api/v1/pages/{page}/data', { params: { path: { page } } })),
})

/** A page as its definition makes it, block by block; what a block may not show it says. */
export function PageBlocks({ page }: { page: PageEntry }) {
  const { data, error, refetch } = useQuery(pageQuery(page.page))
  if (!data) return error ? <Failed error={error} retry={() => void refetch()} /> : <Skeleton rows={10} height={40} />
  return (
    <>
      {page.blocks.map((b) => (
        <BlockView
          key={b.key}
          page={page}
          block={b}
          data={data.blocks.find((d) => d.key === b.key) ?? { key: b.key }}
        />
      ))}
    </>
  )
}

function BlockView({ page, block, data }: { page: PageEntry; block: Block; data: BlockData }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const title = text(block.title)
  if (data.problems?.length)
    return (
      <Group title={title}>
        <p className={s.problem}>{data.problems[0]!.message ?? data.problems[0]!.code}</p>
      </Group>
    )
  switch (block.type) {
    case 'figures':
      return <FiguresBlock block={block} data={data} />
    case 'todo': {
      const todos = data.todos ?? []
      const done = data.done ?? 0
      return (
        <Group
          title={todos.length > 0 ? t('home.todo', { title, count: todos.length }) : title}
          action={done > 0 && <span className={s.done}>{t('home.done', { count: done })}</span>}
        >
          {todos.length > 0 ? <MustDos items={todos} /> : <NothingToDo />}
        </Group>
      )
    }
    case 'form':
      return <FormBlock page={page.page} block={block} data={data} />
    case 'claim':
      return <ClaimBlock block={block} data={data} />
    case 'list':
      return <ListBlock block={block} data={data} />
    case 'card':
      return block.card ? (
        <div className={s.card}>
          <BoardCard
            card={block.card}
            app={page.page.split('.')[0] ?? ''}
            data={data.card as Schemas['DashboardData']['cards'][number] | undefined}
          />
        </div>
      ) : null
    case 'shortcuts':
      return <ShortcutsBlock block={block} app={page.page.split('.')[0] ?? ''} />
    default:
      return null
  }
}
