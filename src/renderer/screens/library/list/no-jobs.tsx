import { Images, SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useIsImported } from '../../../data/account.ts'
import { lines } from '../../../i18n/format.ts'
import { type LibraryFilter, libraryPath } from '../../../navigation/paths.ts'
import { EmptyState } from '../../../parts/screen/states.tsx'
import { Button } from '../../../ui/button.tsx'

interface NoJobsProps {
  filter: LibraryFilter
  /** The text in the other keyboard mode, if it finds jobs. */
  suggestion: string | null
  onFilter: (filter: LibraryFilter) => void
}

/** Says why the list is empty, and offers a way on. */
export function NoJobs({ filter, suggestion, onFilter }: NoJobsProps) {
  const { t } = useTranslation()
  const isImported = useIsImported()
  const clear = <Button onClick={() => onFilter({})}>{t('library.empty.clear')}</Button>
  if (filter.text) {
    return (
      <EmptyState
        icon={SearchX}
        title={t('library.empty.text.title', { text: filter.text, ...lines })}
        reason={t('library.empty.text.reason', lines)}
        action={
          suggestion ? (
            <Button onClick={() => onFilter({ ...filter, text: suggestion })}>
              {t('library.suggestion', { text: suggestion })}
            </Button>
          ) : (
            clear
          )
        }
      />
    )
  }
  const filtered = libraryPath(filter) !== libraryPath()
  const reason = filtered ? 'filter' : isImported ? 'imported' : 'none'
  return (
    <EmptyState
      icon={filtered ? SearchX : Images}
      title={t(`library.empty.${reason}.title`, lines)}
      reason={t(`library.empty.${reason}.reason`, lines)}
      action={filtered && clear}
    />
  )
}
