import { useTranslation } from 'react-i18next'
import { attentionStatuses } from '../../../shared/values.ts'
import type { CaseItem } from '../../../shared/views.ts'
import { useRoute } from '../../data/hooks.ts'
import { accountField } from '../../data/records.ts'
import { lines } from '../../i18n/format.ts'
import type { CaseRef } from '../../navigation/paths.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { CaseName } from './case-name.tsx'
import styles from './support.module.css'

/** The maximum number of cases in a message. */
const maxCases = 20

interface CaseChoiceProps {
  /** The case that cannot be deselected. All others are of its account. */
  fixed: CaseRef
  chosen: string[]
  onChange: (cases: string[]) => void
}

/** The case of a message, and other cases that need attention and can be added to it. */
export function CaseChoice({ fixed, chosen, onChange }: CaseChoiceProps) {
  const { t } = useTranslation()
  const { data: first } = useRoute('refunds.get', { ...accountField(fixed), case: fixed.case })
  const { data: open } = useRoute('refunds.list', { tab: 'open', statuses: [...attentionStatuses] })
  const ofAccount = (item: CaseItem) => item.account === (fixed.account ?? null)
  const others = open?.items.filter((item) => ofAccount(item) && item.case !== fixed.case) ?? []
  const choose = (name: string, checked: boolean) =>
    onChange(checked ? [...chosen, name] : chosen.filter((other) => other !== name))
  return (
    <>
      <ul className={styles.cases}>
        {first && (
          <li>
            <Checkbox checked disabled onChange={() => {}}>
              <CaseName item={first} />
            </Checkbox>
          </li>
        )}
        {others.map((item) => (
          <li key={item.case}>
            <Checkbox
              checked={chosen.includes(item.case)}
              disabled={chosen.length >= maxCases && !chosen.includes(item.case)}
              onChange={(checked) => choose(item.case, checked)}
            >
              <CaseName item={item} />
            </Checkbox>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <p className={`lines ${styles.hint}`}>{t('support.new.others', { count: maxCases, ...lines })}</p>
      )}
    </>
  )
}
