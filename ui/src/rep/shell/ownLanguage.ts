import { useEffect } from 'react'
import { nearest, setLanguage } from '@/shared/i18n'

/** Follows the language that a user set for themselves, once it is known. */
export function useOwnLanguage(locale: string | undefined) {
  useEffect(() => {
    const language = nearest(locale)
    if (language) void setLanguage(language)
  }, [locale])
}
