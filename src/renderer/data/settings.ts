import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../shared/views.ts'
import { useCommand, useRoute } from './hooks.ts'

const key = ['settings.get', {}]

/** The settings, and a function that changes some of them: on screen at once, then in the settings file. */
export function useSettings(): [Settings | undefined, (change: Partial<Settings>) => void] {
  const client = useQueryClient()
  const { data } = useRoute('settings.get', {})
  const { mutate } = useCommand('settings.set')
  const update = (change: Partial<Settings>) => {
    client.setQueryData<Settings>(key, (settings) => settings && { ...settings, ...change })
    mutate(change, { onError: () => client.invalidateQueries({ queryKey: key }) })
  }
  return [data, update]
}

/** Applies language, theme and density to the page. */
export function useApplySettings(settings: Settings | undefined): void {
  const { i18n } = useTranslation()
  useEffect(() => {
    if (!settings) return
    const root = document.documentElement
    root.lang = settings.language === 'ko' ? 'ko' : 'en'
    root.dataset.theme = settings.theme
    root.dataset.density = settings.density
    i18n.changeLanguage(settings.language)
  }, [settings, i18n])
}
