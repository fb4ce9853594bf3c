import { useTranslation } from 'react-i18next'
import { languages, setLanguage, type Language } from '@/shared/i18n'
import { Segmented } from '@/shared/ui'

const names: Record<Language, string> = { 'zh-CN': '中文', en: 'English' }

/** The language for people who are not signed in. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation('desk/shell')
  return (
    <Segmented
      small
      label={t('language')}
      value={i18n.language as Language}
      options={languages.map((l) => ({ value: l, label: <span lang={l}>{names[l]}</span> }))}
      onChange={(l) => void setLanguage(l)}
    />
  )
}
