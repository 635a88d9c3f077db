import {
  Images,
  LayoutPanelTop,
  LifeBuoy,
  type LucideIcon,
  MessageCircle,
  ReceiptText,
  Settings2,
  Undo2,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Agent } from '../../shared/values.ts'
import { useRoute } from '../data/hooks.ts'
import { useFormat } from '../i18n/use-format.tsx'
import { useAgentFilter } from '../navigation/agent-filter.tsx'
import { useAddressedPath } from '../navigation/hash-location.ts'
import { ExternalLink } from '../parts/screen/links.tsx'
import { Icon } from '../ui/icon.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { iconSidebar, narrowPage, narrowSidebar, useMediaQuery } from '../ui/use-media-query.ts'
import { AccountBlock } from './account-block.tsx'
import { Logo } from './logo.tsx'
import { MenuButton } from './menu-button.tsx'
import styles from './sidebar.module.css'
import { SyncLine } from './sync-line.tsx'

/** The frame of every screen: at the side, or in two lines at the top of a narrow page. */
export function Sidebar() {
  const { t } = useTranslation()
  const isTopBar = useMediaQuery(narrowPage)
  const mark = (
    <div className={styles.top}>
      <MenuButton />
      <span className={styles.wordmark}>
        <Logo className={styles.mark} />
        <span className={styles.word}>{t('app.name')}</span>
      </span>
    </div>
  )
  // The focus follows the order on screen, so the elements are reordered here and not by CSS.
  if (isTopBar) {
    return (
      <header className={styles.side}>
        {mark}
        <AgentSwitch />
        <Tools />
        <Screens />
      </header>
    )
  }
  return (
    <header className={styles.side}>
      {mark}
      <div className={styles.body}>
        <AgentSwitch />
        <Screens />
      </div>
      <div className={styles.foot}>
        <Tools />
      </div>
    </header>
  )
}

function Screens() {
  const { t } = useTranslation()
  const [agent] = useAgentFilter()
  const { data: jobs } = useRoute('jobs.counts', { agent })
  const { data: cases } = useRoute('refunds.counts', { agent })
  const iconsOnly = useMediaQuery(iconSidebar)
  return (
    <nav className={styles.nav} aria-label={t('nav.label')}>
      <Item iconOnly={iconsOnly} to="/overview" icon={LayoutPanelTop} name={t('nav.overview')} />
      <Item iconOnly={iconsOnly} to="/library" icon={Images} name={t('nav.library')} count={jobs?.total} />
      <Item iconOnly={iconsOnly} to="/credits" icon={ReceiptText} name={t('nav.credits')} />
      <Item iconOnly={iconsOnly} to="/refunds" icon={Undo2} name={t('nav.refunds')} attention={cases?.attention} />
      <Item iconOnly={iconsOnly} to="/help" icon={LifeBuoy} name={t('nav.help')} />
    </nav>
  )
}

function Tools() {
  const { t } = useTranslation()
  const iconsOnly = useMediaQuery(narrowSidebar)
  return (
    <>
      <ExternalLink to="support" icon={MessageCircle} className={`${styles.item} ${styles.tool}`}>
        <span className={styles.word}>{t('nav.support')}</span>
      </ExternalLink>
      <Item iconOnly={iconsOnly} to="/settings" icon={Settings2} name={t('nav.settings')} className={styles.tool} />
      <AccountBlock />
      <SyncLine />
    </>
  )
}

function AgentSwitch() {
  const { t } = useTranslation()
  const [agent, setAgent] = useAgentFilter()
  return (
    <div className={styles.agentSwitch}>
      <div className={styles.agentLabel} aria-hidden>
        {t('agent.label')}
      </div>
      <Segmented<Agent | 'all'>
        label={t('agent.label')}
        className={styles.agents}
        fill
        value={agent ?? 'all'}
        onChange={(value) => setAgent(value === 'all' ? undefined : value)}
        options={[
          { value: 'all', label: t('agent.allName'), short: t('agent.all') },
          { value: 'agent-1', label: t('agent.agent-1'), short: '1.0' },
          { value: 'agent-2', label: t('agent.agent-2'), short: '2.0' },
        ]}
      />
    </div>
  )
}

interface ItemProps {
  to: string
  icon: LucideIcon
  name: string
  /** Whether only the icon is visible: a tooltip then shows the name. */
  iconOnly: boolean
  count?: number
  attention?: number
  className?: string
}

function Item({ to, icon, name, iconOnly, count, attention, className = '' }: ItemProps) {
  const { t } = useTranslation()
  const format = useFormat()
  // The item that was pressed is marked at once, before the code of its screen is there.
  const path = useAddressedPath()
  // In both languages at once, a narrow bar breaks before the bracket.
  const [word, inBrackets] = name.split(/(?=\()/)
  const current = path === to || path.startsWith(`${to}/`) || (path === '/' && to === '/overview')
  return (
    <Tooltip content={name} side="right" disabled={!iconOnly}>
      <Link href={to} className={`${styles.item} ${className}`} aria-current={current ? 'page' : undefined}>
        <Icon icon={icon} />
        <span className={styles.word}>
          {word}
          <wbr />
          {inBrackets}
        </span>
        {count !== undefined && <span className={`num ${styles.count}`}>{format.number(count)}</span>}
        {attention ? (
          <span className={`num ${styles.count} ${styles.alert}`}>
            <span aria-hidden>{format.number(attention)}</span>
            <span className="sr-only">{t('nav.toCheck', { count: attention })}</span>
          </span>
        ) : null}
      </Link>
    </Tooltip>
  )
}
