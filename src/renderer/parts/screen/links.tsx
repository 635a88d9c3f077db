import { ArrowUpRight, type LucideIcon } from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { Agent, LinkKey } from '../../../shared/values.ts'
import { useBridge, useCommand, useRoute } from '../../data/hooks.ts'
import { useAgentFilter } from '../../navigation/agent-filter.tsx'
import { type ButtonLook, buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import styles from './link.module.css'

interface InternalLinkProps {
  /** A path of the app with its search: `/library?kind=image`. */
  to: string
  /** Sets the agent filter of all screens; unchanged by default. */
  agent?: Agent | 'all'
  /** Lets all screens show this account alone first; unchanged by default. */
  account?: string | null
  button?: ButtonLook
  className?: string
  children: ReactNode
}

/** A link to another screen. */
export function InternalLink({ to, agent, account, button, className, children }: InternalLinkProps) {
  const [, setAgent] = useAgentFilter()
  const [, navigate] = useLocation()
  const { mutateAsync: show } = useCommand('accounts.show')
  const follow = (event: MouseEvent) => {
    if (agent) setAgent(agent === 'all' ? undefined : agent)
    if (!account) return
    event.preventDefault()
    void show({ id: account }).then(
      () => navigate(to),
      () => {},
    )
  }
  return (
    <Link href={to} className={className ?? (button ? buttonClass(button) : styles.link)} onClick={follow}>
      {children}
    </Link>
  )
}

/** The target of an external link: a key of the link table, or the chat of a job at the address in its details. */
type LinkTarget = LinkKey | { chat: { account?: string; agent: Agent; jobId: string }; url: string }

interface ExternalLinkProps {
  to: LinkTarget
  /** Renders a button with this look; a text link by default. */
  button?: ButtonLook
  /** Shown before the text. */
  icon?: LucideIcon
  className?: string
  children: ReactNode
}

/**
 * A link that leaves the app. In the browser host it is an ordinary link. In Electron the page sends the key, never an
 * address, and the main process opens it.
 */
export function ExternalLink({ to, button, icon, className, children }: ExternalLinkProps) {
  const { t, i18n } = useTranslation()
  const bridge = useBridge()
  const open = useCommand('links.open')
  const language = i18n.language === 'ko' ? 'ko' : 'en'
  const { data: links } = useRoute('links.get', { language })
  const address = typeof to === 'object' ? to.url : links?.[to]
  const openOutside = (event: MouseEvent) => {
    if (bridge.host === 'browser') return
    event.preventDefault()
    open.mutate(typeof to === 'object' ? { chat: to.chat } : { key: to, language })
  }
  return (
    <Tooltip content={address}>
      <a
        href={address}
        target={address?.startsWith('mailto:') ? undefined : '_blank'}
        rel="noopener noreferrer"
        className={className ?? (button ? buttonClass(button) : styles.link)}
        onClick={openOutside}
        onAuxClick={openOutside}
        // Electron opens links by their key: a dragged one would hand out its address.
        draggable={bridge.host === 'browser'}
      >
        {icon && <Icon icon={icon} />}
        {children}
        <Icon icon={ArrowUpRight} size={14} />
        <span className="sr-only">{t('common.opensOutside')}</span>
      </a>
    </Tooltip>
  )
}
