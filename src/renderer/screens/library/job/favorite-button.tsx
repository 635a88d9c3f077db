import { Star } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CaseDetail } from '../../../../shared/views.ts'
import { useSetMarks } from '../../../data/records.ts'
import { IconButton } from '../../../ui/button.tsx'
import styles from './favorite-button.module.css'

export function FavoriteButton({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const { marks } = item
  const { setMarks } = useSetMarks(item)
  return (
    <IconButton
      icon={Star}
      label={t('marks.favorite')}
      aria-pressed={marks.favorite}
      iconClass={marks.favorite ? styles.on : undefined}
      onClick={() => setMarks({ favorite: !marks.favorite })}
    />
  )
}
