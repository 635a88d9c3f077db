import type { MediaRef } from './bridge.ts'
import { agents } from './values.ts'

/** The path under which both hosts serve a result: ids only, so no address and no file name ever comes from the page. */
export function mediaPath({ agent, jobId, resultId, size }: MediaRef): string {
  return `/media/${[agent, jobId, resultId, size].map(encode).join('/')}`
}

/** The other way round; null for everything that `mediaPath` would not give. */
export function parseMediaPath(path: string): MediaRef | null {
  const [, agent, jobId, resultId, size] = /^\/media\/([\w-]+)\/([^/]{1,1200})\/([^/]{1,1200})\/(\w+)$/.exec(path) ?? []
  if (!agents.some((known) => known === agent) || (size !== 'thumbnail' && size !== 'original')) return null
  try {
    return {
      agent: agent as string,
      jobId: decodeURIComponent(jobId as string),
      resultId: decodeURIComponent(resultId as string),
      size,
    }
  } catch {
    return null
  }
}

/** A lone surrogate, which JSON allows, has no place in an address; SQLite keeps it as this same replacement. */
const encode = (id: string) => encodeURIComponent(id.toWellFormed())
