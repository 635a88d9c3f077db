import { Search, X } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './icon.tsx'
import styles from './search-field.module.css'

interface SearchFieldProps {
  /** The accessible name; also the placeholder by default. */
  label: string
  placeholder?: string
  value: string
  /** Called for every change, including during the composition of a syllable. */
  onChange: (value: string) => void
  /** Called for Enter, unless that Enter ends a composition. */
  onSubmit?: (value: string) => void
  onBlur?: () => void
  className?: string
}

/** A search field. The key `/` focuses the first search field of the page. */
export function SearchField({
  label,
  placeholder = label,
  value,
  onChange,
  onSubmit,
  onBlur,
  className = '',
}: SearchFieldProps) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  return (
    <search className={`${styles.field} ${className}`}>
      <Icon icon={Search} />
      <input
        ref={input}
        type="search"
        className={styles.input}
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onBlur}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Enter') onSubmit?.(value)
          if (event.key === 'Escape') onChange('')
        }}
      />
      {value ? (
        <button
          type="button"
          className={styles.clear}
          aria-label={t('common.clear')}
          onClick={() => {
            onChange('')
            input.current?.focus()
          }}
        >
          <Icon icon={X} size={14} />
        </button>
      ) : (
        <kbd className={styles.key} aria-hidden>
          /
        </kbd>
      )}
    </search>
  )
}
