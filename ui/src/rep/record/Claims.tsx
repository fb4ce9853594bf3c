import { useQuery, useQueryClient } from '@tanstack/react-query'
import { UserCheck, UserMinus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, idempotencyKey, keys, must, splitForm, type FormEntry, type Schemas } from '@/shared/api'
import { Button, Field, TextArea, toast, toastError } from '@/shared/ui'
import { Sheet } from '../shell/Sheet'
import s from './Claims.module.css'

type Claimable = Schemas['Claimable']

/** Taking a record that nobody has, and giving one's own back. */
export function Claims({ entry, id, title }: { entry: FormEntry; id: string; title: string }) {
  const { t } = useTranslation('rep')
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [releasing, setReleasing] = useState<Claimable>()
  const path = { ...splitForm(entry.form), id }
  const { data } = useQuery({
    queryKey: [...keys.record(entry.form, id), 'claims'],
    enabled: (entry.claims ?? []).length > 0,
    queryFn: async () =>
      (await must(api.GET('/api/v1/apps/{app}/forms/{form}/records/{id}/claims', { params: { path } }))).items,
  })
  const offered = (data ?? []).filter((c) => c.can)
  if (offered.length === 0) return null

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
      toast(c.can === 'claim' ? t('home.claimed', { title }) : t('record.released', { title }))
      setReleasing(undefined)
    } catch (e) {
      toastError(e, t('away'))
    } finally {
      setBusy(false)
      await client.invalidateQueries({ queryKey: keys.form(entry.form) })
    }
  }

  return (
    <div className={s.claims}>
      {offered.map((c) => (
        <Button
          key={c.key}
          size="large"
          busy={busy}
          icon={
            c.can === 'claim' ? (
              <UserCheck size={20} strokeWidth={1.75} aria-hidden />
            ) : (
              <UserMinus size={20} strokeWidth={1.75} aria-hidden />
            )
          }
          onClick={() => (c.can === 'claim' ? void run(c) : setReleasing(c))}
        >
          {c.title || t(c.can === 'claim' ? 'home.claim' : 'record.release')}
        </Button>
      ))}
      {releasing && (
        <ReleaseSheet
          claim={releasing}
          busy={busy}
          onClose={() => setReleasing(undefined)}
          onGo={(why) => void run(releasing, why)}
        />
      )}
    </div>
  )
}

type ReleaseProps = { claim: Claimable; busy: boolean; onClose: () => void; onGo: (why?: string) => void }

function ReleaseSheet({ claim, busy, onClose, onGo }: ReleaseProps) {
  const { t } = useTranslation('rep')
  const [why, setWhy] = useState('')
  const title = claim.title || t('record.release')
  return (
    <Sheet
      title={title}
      onClose={onClose}
      foot={
        <Button
          size="large"
          tone="primary"
          busy={busy}
          disabled={claim.comment && !why.trim()}
          onClick={() => onGo(why.trim() || undefined)}
        >
          {title}
        </Button>
      }
    >
      <Field label={t('record.comment')} required={claim.comment}>
        {(aria) => (
          <TextArea {...aria} rows={3} className={s.area} value={why} onChange={(e) => setWhy(e.target.value)} />
        )}
      </Field>
    </Sheet>
  )
}
