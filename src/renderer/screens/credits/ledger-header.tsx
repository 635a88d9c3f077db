// biome-ignore-all lint/a11y/useSemanticElements: the rows are positioned, which the elements of a real table cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: a heading of a plain table, not of a grid that takes the focus
import { useTranslation } from 'react-i18next'
import styles from './ledger.module.css'

const columns = ['time', 'item', 'agent', 'source', 'status', 'change', 'balance'] as const

export function LedgerHeader() {
  const { t } = useTranslation()
  return (
    <div role="row" aria-rowindex={1} className={styles.header}>
      {columns.map((column) => (
        <span key={column} role="columnheader" data-column={column}>
          {t(`credits.column.${column}`)}
        </span>
      ))}
    </div>
  )
}
