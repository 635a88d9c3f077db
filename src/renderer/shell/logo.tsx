/** The app's logo: a C that turns back around one dot. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" className={className} aria-hidden="true" focusable="false">
      <rect width="20" height="20" rx="5" fill="var(--accent)" />
      <path
        d="M14.5 5.6H9.4a4.4 4.4 0 0 0 0 8.8h5.1"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
      <circle cx="13.3" cy="10" r="1.7" fill="var(--on-accent)" />
    </svg>
  )
}
