import styles from './waveform.module.css'

const bars = 40

/** A decorative wave for a sound, derived from its id. It does not show the real signal. */
export function Waveform({ id }: { id: string }) {
  const lines = heights(id).map((height, index) => `M${index * 3 + 0.8} ${20 - height / 2}v${height}`)
  return (
    <svg className={styles.wave} viewBox={`0 0 ${bars * 3 - 1} 40`} preserveAspectRatio="none" aria-hidden="true">
      <path d={lines.join('')} />
    </svg>
  )
}

function heights(id: string): number[] {
  let seed = 7
  for (const char of id) seed = (seed * 31 + (char.codePointAt(0) ?? 0)) >>> 0
  const phase = (seed % 628) / 100
  return Array.from({ length: bars }, (_, index) => {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0
    const swell = 0.45 + 0.35 * Math.sin(index / 5 + phase)
    return Math.max(3, 40 * swell * (0.5 + seed / 2 ** 33))
  })
}
