import type { ComponentProps } from 'react'
import styles from './text-field.module.css'

/** A field for text, a date or a time; its label stands beside it. */
export function TextField({ className = '', ...rest }: ComponentProps<'input'>) {
  return <input className={`${styles.field} ${className}`} {...rest} />
}
