import type { MediaRef } from './bridge.ts'
import { agents, mediaSizes } from './values.ts'

/**
 * The path under which both hosts serve a result: ids only, so no address and no file name ever comes from the page.
 */
export function mediaPath({ account, agent, jobId, resultId, size }: MediaRef): string {
  const names = [agent, jobId, resultId, size, ...(account === undefined ? [] : [account])]
  return `/media/${names.map(encode).join('/')}`
}

/** Parses a media path; null for anything that `mediaPath` would not produce. */
export function parseMediaPath(path: string): MediaRef | null {
  const [, agent, jobId, resultId, sizeName, account] =
    /^\/media\/([\w-]+)\/([^/]{1,1200})\/([^/]{1,1200})\/(\w+)(?:\/([^/]{1,2700}))?$/.exec(path) ?? []
  const size = mediaSizes.find((known) => known === sizeName)
  if (!agents.some((known) => known === agent) || !size) return null
  try {
    return {
      ...(account !== undefined && { account: decodeURIComponent(account) }),
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
