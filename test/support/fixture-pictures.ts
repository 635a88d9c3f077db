const palettes = [
  ['#d9cdbb', '#a8957c', '#f4ede0'],
  ['#0d1a2e', '#27466b', '#f4ead0'],
  ['#f4c38c', '#e58f66', '#3b2722'],
  ['#3a4d72', '#f0b27a', '#2d3a55'],
  ['#b9c7bd', '#6f8a7c', '#d9a94e'],
  ['#eceae4', '#c3cbd0', '#4a5258'],
]

/** A small picture that is always the same for the same id; every ninth one does not load. */
export function pictureOf(id: string): string {
  const seed = [...id].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973, 7)
  if (seed % 9 === 0) return 'data:image/png;base64,broken'
  const [sky, ground, shape] = palettes[seed % palettes.length] ?? []
  const x = 60 + (seed % 120)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 160"><rect width="240" height="160" fill="${sky}"/><rect y="104" width="240" height="56" fill="${ground}"/><circle cx="${x}" cy="84" r="${28 + (seed % 20)}" fill="${shape}"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
