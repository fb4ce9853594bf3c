import { useTranslation } from 'react-i18next'
import { Dialog } from '@/shared/overlay'
import { Kbd } from '@/shared/ui'
import s from './Palette.module.css'

const groups: Record<string, [string, string][]> = {
  everywhere: [
    ['mod+k', 'palette'],
    ['/', 'palette'],
    ['?', 'shortcuts'],
    ['escape', 'close'],
  ],
  list: [
    ['n', 'new'],
    ['↑ ↓', 'move'],
    ['enter', 'open'],
    ['x', 'select'],
    ['e', 'edit'],
    ['f', 'filter'],
  ],
  record: [
    ['e', 'edit'],
    ['mod+s', 'save'],
    ['k', 'previous'],
    ['j', 'next'],
    ['c', 'comment'],
  ],
  editor: [
    ['mod+z', 'undo'],
    ['mod+shift+z', 'redo'],
    ['delete', 'remove'],
  ],
}

/** The keys that do something, by place. */
export function Shortcuts({ open, onOpenChange }: { open: boolean; onOpenChange: (v: boolean) => void }) {
  const { t } = useTranslation('desk/palette')
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('shortcuts')}>
      <div className={s.groups}>
        {Object.entries(groups).map(([group, keys]) => (
          <section key={group}>
            <h3>{t(`keys.${group}`)}</h3>
            <dl className={s.keys}>
              {keys.map(([k, what]) => (
                <div key={k + what}>
                  <dt>{t(`key.${what}`)}</dt>
                  <dd>
                    <Kbd keys={k} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
