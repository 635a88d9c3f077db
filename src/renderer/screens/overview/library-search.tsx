import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { libraryPath } from '../../navigation/paths.ts'
import { SearchField } from '../../ui/search-field.tsx'
import styles from './library-search.module.css'

/** A search field in the title bar: Enter opens the Library with the text. */
export function LibrarySearch() {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [text, setText] = useState('')
  return (
    <SearchField
      label={t('common.searchAll')}
      className={styles.search}
      value={text}
      onChange={setText}
      onSubmit={(value) => navigate(libraryPath({ text: value }))}
    />
  )
}
