import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import styles from './button.module.css'
import { Icon } from './icon.tsx'
import { Tooltip } from './tooltip.tsx'

export interface ButtonLook {
  /** `primary`: at most one per view. `soft`: thin border. `plain`: no border. */
  variant?: 'default' | 'primary' | 'soft' | 'plain'
  /** `small`: inside rows. `large`: for the primary step. */
  size?: 'small' | 'default' | 'large'
}

export function buttonClass({ variant = 'default', size = 'default' }: ButtonLook, className = ''): string {
  return `${styles.button} ${styles[variant] ?? ''} ${styles[size] ?? ''} ${className}`
}

type ButtonProps = ButtonLook & ComponentProps<'button'> & { icon?: LucideIcon }

export function Button({ variant, size, icon, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={buttonClass({ variant, size }, className)} {...rest}>
      {icon && <Icon icon={icon} size={14} />}
      {children}
    </button>
  )
}

type IconButtonProps = Omit<ButtonProps, 'icon' | 'children'> & { icon: LucideIcon; label: string; iconClass?: string }

/** A button with only an icon; its accessible name is also its tooltip. */
export function IconButton({
  icon,
  label,
  variant = 'plain',
  size,
  className = '',
  iconClass,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label}>
      <button
        type="button"
        aria-label={label}
        className={buttonClass({ variant, size }, `${styles.icon} ${className}`)}
        {...rest}
      >
        <Icon icon={icon} className={iconClass} />
      </button>
    </Tooltip>
  )
}
