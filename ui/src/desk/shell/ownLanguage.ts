import { useEffect } from 'react'
import { nearest, setLanguage } from '@/shared/i18n'

/** Follows the language that a user set for themselves, once it is known; a switch on this device comes after it. */
export function useOwnLanguage(locale: string | undefined) {
  useEffect(() => {
    const language = nearest(locale)
    if (language) void setLanguage(language)
  }, [locale])
}
