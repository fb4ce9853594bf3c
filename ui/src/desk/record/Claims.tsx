import { useQuery, useQueryClient } from '@tanstack/react-query'
import { UserCheck, UserMinus } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api, idempotencyKey, keys, must, splitForm, useFormEntry, type Schemas } from '@/shared/api'
import { Dialog } from '@/shared/overlay'
import { Button, Field, TextArea, toast, toastError } from '@/shared/ui'
import s from './Record.module.css'

type Claimable = Schemas['Claimable']
const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

/** Taking a record that nobody has, which is then the main thing to do with it, and giving one's own back. */
export function Claims({ form, id, title }: { form: string; id: string; title: string }) {
  const { t } = useTranslation('desk/record')
  const client = useQueryClient()
  const entry = useFormEntry(form)
  const [busy, setBusy] = useState(false)
  const [releasing, setReleasing] = useState<Claimable>()
  const path = { ...splitForm(form), id }
  const { data = [] } = useQuery({
    queryKey: [...keys.record(form, id), 'claims'],
    enabled: (entry.data?.claims ?? []).length > 0,
    queryFn: async () =>
      (await must(api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}/claims', { params: { path } }))).items,
  })

  async function run(c: Claimable, comment?: string) {
    setBusy(true)
    const params = { path: { ...path, claim: c.key }, header: { 'Idempotency-Key': idempotencyKey() } }
    try {
      if (c.can === 'claim')
        await must(api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/claims/{claim}', { params }))
      else
        await must(
          api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/claims/{claim}/release', {
            params,
            body: comment ? { comment } : {},
          }),
        )
      toast(t(c.can === 'claim' ? 'claim.claimed' : 'claim.released', { title }))
      setReleasing(undefined)
    } catch (e) {
      toastError(e)
    } finally {
      setBusy(false)
      await client.invalidateQueries({ queryKey: keys.form(form) })
    }
  }

  return (
    <>
      {data
        .filter((c) => c.can)
        .map((c) => (
          <Button
            key={c.key}
            tone={c.can === 'claim' ? 'primary' : 'plain'}
            busy={busy}
            icon={c.can === 'claim' ? <UserCheck {...glyph} /> : <UserMinus {...glyph} />}
            onClick={() => (c.can === 'claim' ? void run(c) : setReleasing(c))}
          >
            {c.title || t(c.can === 'claim' ? 'claim.claim' : 'claim.release')}
          </Button>
        ))}
      {releasing && (
        <ReleaseDialog
          claim={releasing}
          busy={busy}
          onClose={() => setReleasing(undefined)}
          onGo={(why) => void run(releasing, why)}
        />
      )}
    </>
  )
}

type ReleaseProps = { claim: Claimable; busy: boolean; onClose: () => void; onGo: (why?: string) => void }

function ReleaseDialog({ claim, busy, onClose, onGo }: ReleaseProps) {
  const { t } = useTranslation('desk/record')
  const form = useId()
  const [why, setWhy] = useState('')
  const title = claim.title || t('claim.release')
  const go = (e: FormEvent) => {
    e.preventDefault()
    onGo(why.trim() || undefined)
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="small"
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{t('claim.keep')}</Button>
          <Button type="submit" form={form} tone="primary" busy={busy} disabled={claim.comment && !why.trim()}>
            {title}
          </Button>
        </>
      }
    >
      <form id={form} className={s.moveForm} onSubmit={go}>
        <Field label={t('claim.why')} required={claim.comment}>
          {(aria) => <TextArea {...aria} rows={3} value={why} onChange={(e) => setWhy(e.target.value)} />}
        </Field>
      </form>
    </Dialog>
  )
}
