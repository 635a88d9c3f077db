import type { MediaRef } from './bridge.ts'
import { agents, mediaSizes } from './values.ts'

/**
 * The path under which both hosts serve a result: ids only, so no address and no file name ever comes from the page.
 */
export function mediaPath({ agent, jobId, resultId, size }: MediaRef): string {
  return `/media/${[agent, jobId, resultId, size].map(encode).join('/')}`
}

/** Parses a media path; null for anything that `mediaPath` would not produce. */
export function parseMediaPath(path: string): MediaRef | null {
  const [, agent, jobId, resultId, sizeName] =
    /^\/media\/([\w-]+)\/([^/]{1,1200})\/([^/]{1,1200})\/(\w+)$/.exec(path) ?? []
  const size = mediaSizes.find((known) => known === sizeName)
  if (!agents.some((known) => known === agent) || !size) return null
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

/** A lone surrogate, which JSON allows, cannot stand in an address; SQLite stores the same replacement character. */
const encode = (id: string) => encodeURIComponent(id.toWellFormed())
