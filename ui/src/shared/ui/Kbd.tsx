import s from './Kbd.module.css'

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

/** A key or a chord as the reader's keyboard names it: `mod+k` is Ctrl K or ⌘ K. */
export function Kbd({ keys }: { keys: string }) {
  const names = keys
    .split('+')
    .map((k) =>
      k === 'mod'
        ? mac
          ? '⌘'
          : 'Ctrl'
        : k === 'shift'
          ? mac
            ? '⇧'
            : 'Shift'
          : k === 'enter'
            ? '↵'
            : k === 'escape'
              ? 'Esc'
              : k === 'delete'
                ? 'Del'
                : k.length === 1
                  ? k.toUpperCase()
                  : k,
    )
  return <kbd className={s.kbd}>{names.join(' ')}</kbd>
}
