import { useTranslation } from 'react-i18next'
import type { Whereabouts } from '../../../shared/views.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { useLabels } from '../../i18n/use-texts.ts'
import { useAccountLabel } from '../../parts/accounts/account-label.ts'
import { ExternalLink, InternalLink } from '../../parts/screen/links.tsx'
import { Button } from '../../ui/button.tsx'
import { Time } from '../../ui/values.tsx'
import styles from './step-lists.module.css'
import stepStyles from './steps.module.css'

interface SignInStepProps {
  others: Whereabouts['otherAccounts']
  /** The address of the answer "made with another sign-in". */
  elsewhere: string
  /** The address that continues the search. */
  goOn: string
}

/** Asks whether the work was made with another sign-in. Shows the current sign-in and others used on this computer. */
export function SignInStep({ others, elsewhere, goOn }: SignInStepProps) {
  const { t } = useTranslation()
  const labels = useLabels()
  const { data: account } = useRoute('account.get', {})
  const accountLabel = useAccountLabel()
  const { mutate: show } = useCommand('accounts.show')
  return (
    <>
      <p className={`lines ${stepStyles.text}`}>{t('help.signIn.text', lines)}</p>
      <dl className={styles.accounts}>
        {account && (
          <div>
            <dt>{t('help.signIn.now')}</dt>
            <dd>
              {[account.displayName, labels.signIn(account.signInMethod), account.email]
                .filter(Boolean)
                .join(middleDot)}
            </dd>
          </div>
        )}
        {others.map((other) => (
          <div key={other.account}>
            <dt>{t(other.sameEmail ? 'help.signIn.sameEmail' : 'help.signIn.other')}</dt>
            <dd>
              {[
                accountLabel(other.account),
                labels.signIn(other.signInMethod),
                t('help.where.jobs', { count: other.jobs }),
                '',
              ].join(middleDot)}
              <Time at={other.lastSeenAt} />{' '}
              <Button size="small" variant="plain" onClick={() => show({ id: other.account })}>
                {t('help.signIn.show')}
              </Button>
            </dd>
          </div>
        ))}
      </dl>
      {others.length === 0 && <p className={`lines ${stepStyles.text}`}>{t('help.signIn.none', lines)}</p>}
      <div className={stepStyles.actions}>
        <InternalLink to={goOn} button={{ variant: 'primary', size: 'large' }}>
          {t('help.signIn.no')}
        </InternalLink>
        <InternalLink to={elsewhere}>{t('help.signIn.yes')}</InternalLink>
      </div>
    </>
  )
}

/** The answer that the work belongs to another sign-in, with links to Carat. */
export function OtherSignIn({ others }: Pick<SignInStepProps, 'others'>) {
  const { t } = useTranslation()
  const labels = useLabels()
  const same = others.find(({ sameEmail }) => sameEmail)
  return (
    <>
      <p className={`lines ${stepStyles.text}`}>
        {same
          ? t('help.signIn.answerKnown', {
              method: labels.signIn(same.signInMethod),
              count: same.jobs,
              ...lines,
            })
          : t('help.signIn.answer', lines)}
      </p>
      <div className={stepStyles.actions}>
        <ExternalLink to="agent2" button={{ variant: 'primary', size: 'large' }}>
          {t('help.signIn.open')}
        </ExternalLink>
      </div>
    </>
  )
}
