import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** The rules that guard a boundary. Reports of other rules about a sample are ignored. */
const guards = [
  'noRestrictedImports',
  'noNodejsModules',
  'noUndeclaredDependencies',
  'noImportCycles',
  'noConsole',
  'plugin',
] as const

/** A file and one line in it. `refused` names the rule that must report the line; null if no rule may. */
interface Sample {
  file: string
  line: string
  refused: (typeof guards)[number] | null
}
const refused = (file: string, line: string, rule: Sample['refused'] = 'noRestrictedImports'): Sample => ({
  file,
  line,
  refused: rule,
})
const allowed = (file: string, line: string): Sample => ({ file, line, refused: null })

const samples: Sample[] = [
  refused('src/shared/values.ts', "import { z } from 'zod'"),
  refused('src/shared/values.ts', "import { createCore } from '../core/core.ts'"),
  allowed('src/shared/values.ts', "import type { Agent } from './errors.ts'"),
  allowed('src/shared/routes.ts', "import { z } from 'zod'"),
  refused('src/shared/routes.ts', "import { createCore } from '../core/core.ts'"),

  refused('src/core/core.ts', "import { app } from 'electron'"),
  refused('src/core/core.ts', "import Store from 'electron-store'"),
  refused('src/core/core.ts', "import { useState } from 'react'"),
  refused('src/core/core.ts', "import { createRoot } from 'react-dom/client'"),
  refused('src/core/sync/sync.ts', "import { openWindow } from '../../main/window.ts'"),
  refused('src/core/sync/sync.ts', "import { bridge } from '../../preload/index.ts'"),
  refused('src/core/sync/sync.ts', "import { Page } from '../../renderer/page.tsx'"),
  refused('src/core/sync/sync.ts', "import { serve } from '../../browser-host/server.ts'"),
  refused('src/core/sync/sync.ts', "import { startSandbox } from '../../sandbox/server.ts'"),
  refused('src/core/sync/sync.ts', "import { run } from '../../cli/index.ts'"),
  refused('src/core/sync/sync.ts', "const window = await import('../../main/window.ts')"),
  refused('src/core/core.ts', "import { build } from 'vite'", 'noUndeclaredDependencies'),
  refused('src/core/core.ts', "console.log('hello')", 'noConsole'),
  allowed('src/core/sync/sync.ts', "import { agents } from '../../shared/values.ts'"),
  allowed('src/core/store/store.ts', "import Database from 'better-sqlite3'"),
  allowed('src/core/store/store.ts', "import { join } from 'node:path'"),

  allowed('src/core/store/jobs/jobs.ts', "import type { Job } from '../service/schemas.ts'"),
  allowed('src/core/store/jobs/jobs.ts', "import { firstRowId } from '../domain/ledger.ts'"),
  refused('src/core/store/jobs/jobs.ts', "import { app } from 'electron'"),
  refused('src/core/store/jobs/jobs.ts', "import { createDispatch } from '../routes/dispatch.ts'"),
  refused('src/core/store/jobs/jobs.ts', "import { applyPage } from '../sync/pages.ts'"),
  refused('src/core/store/jobs/jobs.ts', "import { mediaName } from '../media/folders.ts'"),
  refused('src/core/store/jobs/jobs.ts', "import { exportTo } from '../export/export.ts'"),
  refused('src/core/store/jobs/jobs.ts', "import { connectPeer } from '../workers/peer.ts'"),
  refused('src/core/store/jobs/jobs.ts', "import { say } from '../host/messages.ts'"),
  refused('src/core/store/handles.ts', "import type { Prepared } from './statement.ts'", 'noImportCycles'),
  refused('src/core/store/statement.ts', "import type { Readable } from './handles.ts'", 'noImportCycles'),
  refused('src/core/store/schema/views.ts', "import { applyPage } from '../../sync/pages.ts'"),

  allowed('src/core/service/client.ts', "import type { Clock } from '../ports.ts'"),
  refused('src/core/service/client.ts', "import type { Readable } from '../store/handles.ts'"),
  refused('src/core/service/client.ts', "import { applyPage } from '../sync/pages.ts'"),

  allowed('src/core/sync/engine.ts', "import type { Writable } from '../store/store.ts'"),
  allowed('src/core/sync/engine.ts', "import { ServiceError } from '../service/errors.ts'"),
  refused('src/core/sync/engine.ts', "import { createDispatch } from '../routes/dispatch.ts'"),
  refused('src/core/sync/engine.ts', "import { createOriginalsQueue } from '../media/originals-queue.ts'"),
  refused('src/core/sync/engine.ts', "import { exportTo } from '../export/export.ts'"),

  allowed('src/core/media/cache.ts', "import type { Readable } from '../store/handles.ts'"),
  refused('src/core/media/cache.ts', "import { createSyncEngine } from '../sync/engine.ts'"),
  refused('src/core/media/cache.ts', "import { securityHeaders } from '../host/page.ts'"),

  allowed('src/core/archive/merge.ts', "import { mediaName } from '../media/folders.ts'"),
  allowed('src/core/export/export.ts', "import { newFile } from '../store/data-folder.ts'"),
  allowed('src/core/import/read/lines.ts', "import { readTime } from '../../domain/import/written-times.ts'"),
  refused('src/core/import/read/read.ts', "import Database from 'better-sqlite3'"),
  refused('src/core/import/read/read.ts', "import type { Readable } from '../../store/handles.ts'"),
  refused('src/core/import/read/read.ts', "import { send } from '../../service/transport.ts'"),
  allowed('src/core/domain/import/rows.ts', "import { dayMs } from '../days.ts'"),
  allowed('src/core/domain/import/rows.ts', "import type { Feature } from '../../../shared/values.ts'"),
  refused('src/core/domain/import/rows.ts', "import { readTables } from '../../import/read.ts'"),
  refused('src/core/domain/import/rows.ts', 'const now = Date.now()', 'plugin'),
  allowed('src/core/domain/matching/assignment.ts', "import munkres from 'munkres'"),
  refused('src/core/domain/matching/assignment.ts', "import { openStore } from '../../store/store.ts'"),
  refused('src/core/domain/matching/assignment.ts', 'export const chance = Math.random()', 'plugin'),

  refused('src/core/archive/merge.ts', "import { createSyncEngine } from '../sync/engine.ts'"),
  refused('src/core/export/export.ts', "import { createSyncEngine } from '../sync/engine.ts'"),
  refused('src/core/export/export.ts', "import { mediaName } from '../media/folders.ts'"),
  allowed('src/core/import/batches.ts', "import { listBatches } from '../store/imports.ts'"),
  refused('src/core/import/batches.ts', "import { createSyncEngine } from '../sync/engine.ts'"),
  refused('src/core/import/batches.ts', "import { createService } from '../service/client.ts'"),

  allowed('src/core/folders/batches.ts', "import { findFolder } from '../store/folders.ts'"),
  allowed('src/core/folders/copy.ts', "import { keptContent } from '../media/folders.ts'"),
  refused('src/core/folders/batches.ts', "import { createSyncEngine } from '../sync/engine.ts'"),
  refused('src/core/folders/batches.ts', "import { addBatch } from '../import/batches.ts'"),
  allowed('src/core/folders/read/read.ts', "import { provenFile } from '../../media/media-type.ts'"),
  refused('src/core/folders/read/read.ts', "import Database from 'better-sqlite3'"),
  refused('src/core/folders/read/read.ts', "import { send } from '../../service/transport.ts'"),

  allowed('src/core/routes/support.ts', "import { say } from '../host/messages.ts'"),
  refused('src/core/routes/sync.ts', "import { createSyncEngine } from '../sync/engine.ts'"),
  refused('src/core/routes/sync.ts', "import { createService } from '../service/client.ts'"),
  refused('src/core/routes/sync.ts', "import { exportTo } from '../export/export.ts'"),
  allowed('src/core/host/media-answer.ts', "import type { MediaFile } from '../media/media.ts'"),
  refused('src/core/host/media-answer.ts', "import { createDispatch } from '../routes/dispatch.ts'"),

  refused('src/core/domain/refund.ts', "import { openStore } from '../store/store.ts'"),
  refused('src/core/domain/refund.ts', "import type { Job } from '../service/schemas.ts'"),
  refused('src/core/domain/refund.ts', "import { z } from 'zod'"),
  refused('src/core/domain/refund.ts', "import { readFileSync } from 'node:fs'", 'noNodejsModules'),
  refused('src/core/domain/refund.ts', 'export const now = Date.now()', 'plugin'),
  refused('src/core/domain/refund.ts', 'export const now = new Date()', 'plugin'),
  refused('src/core/domain/refund.ts', 'export const chance = Math.random()', 'plugin'),
  allowed('src/core/domain/refund.ts', 'export const day = (time: number) => new Date(time)'),
  allowed('src/core/domain/refund.ts', "import { sum } from './ledger.ts'"),
  refused('src/core/domain/import/merge.ts', "import { openStore } from '../../store/store.ts'"),
  allowed('src/core/domain/import/merge.ts', "import { koreanDayOf } from '../days.ts'"),
  allowed('src/core/domain/import/merge.ts', "import type { Agent } from '../../../shared/values.ts'"),
  allowed('src/core/domain/refund.ts', "import type { Outcome } from '../../shared/values.ts'"),

  refused('src/sandbox/server.ts', "import { openStore } from '../core/store/store.ts'"),
  refused('src/sandbox/server.ts', "import Database from 'better-sqlite3'"),
  allowed('src/sandbox/server.ts', "import { JobSchema } from '../core/service/schemas.ts'"),
  allowed('src/sandbox/server.ts', "import { Hono } from 'hono'"),

  refused('src/browser-host/server.ts', "import { app } from 'electron'"),
  refused('src/browser-host/server.ts', "import { openWindow } from '../main/window.ts'"),
  allowed('src/browser-host/server.ts', "import { createCore } from '../core/core.ts'"),
  refused('src/cli/index.ts', "import Store from 'electron-store'"),
  allowed('src/cli/index.ts', "import { startSandbox } from '../sandbox/server.ts'"),
  allowed('src/cli/index.ts', "console.log('hello')"),

  allowed('src/main/index.ts', "import { app } from 'electron'"),
  refused('src/main/index.ts', "import { Page } from '../renderer/page.tsx'"),
  allowed('src/preload/index.ts', "import { contextBridge } from 'electron'"),
  allowed('src/preload/index.ts', "import type { Bridge } from '../shared/bridge.ts'"),
  refused('src/preload/index.ts', "import { readFileSync } from 'node:fs'"),
  refused('src/preload/index.ts', "import { createCore } from '../core/core.ts'"),
  refused('scripts/seed.ts', "import { app } from 'electron'"),

  refused('src/renderer/page.tsx', "import { z } from 'zod'"),
  refused('src/renderer/page.tsx', "import { ipcRenderer } from 'electron'"),
  refused('src/renderer/page.tsx', "import { readFileSync } from 'fs'", 'noNodejsModules'),
  refused('src/renderer/page.tsx', "import { createCore } from '../core/core.ts'"),
  refused('src/renderer/library/list.tsx', "import type { Job } from '../../core/service/schemas.ts'"),
  refused('src/renderer/library/list.tsx', "import { routes } from '../../shared/routes.ts'"),
  refused('src/renderer/library/list.tsx', "import * as contract from '../../shared/routes.ts'"),
  allowed('src/renderer/library/list.tsx', "import type { RouteName } from '../../shared/routes.ts'"),
  allowed('src/renderer/library/list.tsx', "import { agents } from '../../shared/values.ts'"),
  allowed('src/renderer/library/list.tsx', "import { useState } from 'react'"),

  refused('src/renderer/page.tsx', "import { Menu } from '@base-ui/react/menu'"),
  allowed('src/renderer/ui/menu.tsx', "import { Menu } from '@base-ui/react/menu'"),
  allowed('src/renderer/ui/menu.tsx', "import { Icon } from './icon.tsx'"),
  allowed('src/renderer/ui/menu.tsx', "import { useFormat } from '../i18n/use-format.tsx'"),
  refused('src/renderer/ui/menu.tsx', "import { useRoute } from '../data/hooks.ts'"),
  refused('src/renderer/ui/menu.tsx', "import { JobTile } from '../parts/jobs/job-tile.tsx'"),
  refused('src/renderer/ui/menu.tsx', "import { jobPath } from '../navigation/paths.ts'"),
  refused('src/renderer/ui/menu.tsx', "import type { JobItem } from '../../shared/views.ts'"),

  allowed('src/renderer/i18n/format.ts', "import { plans } from '../../shared/values.ts'"),
  allowed('src/renderer/i18n/format.ts', "import ko from '../../../resources/locales/ko.json'"),
  refused('src/renderer/i18n/format.ts', "import { now } from '../data/clock.ts'"),
  allowed('src/renderer/navigation/paths.ts', "import { useLocation } from 'wouter'"),
  allowed('src/renderer/navigation/paths.ts', "import { agents } from '../../shared/values.ts'"),
  refused('src/renderer/navigation/paths.ts', "import { Chip } from '../ui/chip.tsx'"),
  refused('src/renderer/navigation/paths.ts', "import { MarksBox } from '../parts/credits/marks-box.tsx'"),
  refused('src/renderer/navigation/paths.ts', "import { screens } from '../screens/screens.tsx'"),
  allowed('src/renderer/bridge/browser.ts', "import type { Bridge } from '../../shared/bridge.ts'"),
  refused('src/renderer/bridge/browser.ts', "import { useRoute } from '../data/hooks.ts'"),
  allowed('src/renderer/data/hooks.ts', "import { useQuery } from '@tanstack/react-query'"),
  allowed('src/renderer/data/hooks.ts', "import type { RouteName } from '../../shared/routes.ts'"),
  refused('src/renderer/data/hooks.ts', "import { routes } from '../../shared/routes.ts'"),
  refused('src/renderer/data/hooks.ts', "import { useToast } from '../ui/toast.tsx'"),
  refused('src/renderer/data/hooks.ts', "import { jobPath } from '../navigation/paths.ts'"),

  allowed('src/renderer/gallery/gallery.tsx', "import { scrollerOf } from '../ui/scroller.ts'"),
  allowed('src/renderer/gallery/gallery.tsx', "import { flushSync } from 'react-dom'"),
  refused('src/renderer/gallery/gallery.tsx', "import { useLabels } from '../i18n/use-texts.ts'"),
  refused('src/renderer/gallery/gallery.tsx', "import { useRoute } from '../data/hooks.ts'"),
  refused('src/renderer/gallery/gallery.tsx', "import type { JobItem } from '../../shared/views.ts'"),

  allowed('src/renderer/parts/jobs/job-tile.tsx', "import { Icon } from '../../ui/icon.tsx'"),
  allowed('src/renderer/parts/jobs/job-tile.tsx', "import { useRoute } from '../../data/hooks.ts'"),
  allowed('src/renderer/parts/jobs/job-tile.tsx', "import { jobPath } from '../../navigation/paths.ts'"),
  allowed('src/renderer/parts/jobs/job-tile.tsx', "import type { JobItem } from '../../../shared/views.ts'"),
  allowed('src/renderer/parts/jobs/job-tile.tsx', "import { StatusPill } from '../credits/status-pill.tsx'"),
  refused('src/renderer/parts/jobs/job-tile.tsx', "import { Sidebar } from '../../shell/sidebar.tsx'"),
  refused('src/renderer/parts/jobs/job-tile.tsx', "import { Gallery } from '../../gallery/gallery.tsx'"),
  refused('src/renderer/parts/jobs/job-tile.tsx', "import { CaseRow } from '../../screens/refunds/case-row.tsx'"),
  refused('src/renderer/parts/jobs/job-tile.tsx', "import { Menu } from '@base-ui/react/menu'"),

  allowed('src/renderer/shell/shell.tsx', "import { screens } from '../screens/screens.tsx'"),
  allowed('src/renderer/shell/shell.tsx', "import { Logo } from './logo.tsx'"),
  allowed('src/renderer/shell/shell.tsx', "import { StreamList } from '../parts/sync/stream-list.tsx'"),
  refused('src/renderer/shell/shell.tsx', "import { HelpIndex } from '../screens/help/help-index.tsx'"),

  allowed('src/renderer/screens/screens.tsx', "import { HelpScreen } from './help/help-screen.tsx'"),
  allowed('src/renderer/screens/help/page.tsx', "import { Steps } from './steps.tsx'"),
  allowed('src/renderer/screens/help/page.tsx', "import { JobTile } from '../../parts/jobs/job-tile.tsx'"),
  allowed('src/renderer/screens/help/page.tsx', "import type { JobItem } from '../../../shared/views.ts'"),
  refused('src/renderer/screens/help/page.tsx', "import { CaseRow } from '../refunds/case-row.tsx'"),
  refused('src/renderer/screens/help/page.tsx', "import { CaseRow } from '../../screens/refunds/case-row.tsx'"),
  refused('src/renderer/screens/help/page.tsx', "import { Sidebar } from '../../shell/sidebar.tsx'"),
  refused('src/renderer/screens/help/page.tsx', "import { screens } from '../screens.tsx'"),
  refused('src/renderer/screens/help/page.tsx', "import { createCore } from '../../../core/core.ts'"),
  refused('src/renderer/screens/help/page.tsx', "import { Menu } from '@base-ui/react/menu'"),
  allowed('src/renderer/screens/library/list/job-list.tsx', "import { useOpenJob } from '../use-open-job.ts'"),
  allowed('src/renderer/screens/library/list/job-list.tsx', "import { JobPanel } from '../job/job-panel.tsx'"),
  allowed('src/renderer/screens/library/list/job-list.tsx', "import { Gallery } from '../../../gallery/gallery.tsx'"),
  allowed(
    'src/renderer/screens/library/list/job-list.tsx',
    "import type { RouteInput } from '../../../../shared/routes.ts'",
  ),
  refused('src/renderer/screens/library/list/job-list.tsx', "import { routes } from '../../../../shared/routes.ts'"),
  refused('src/renderer/screens/library/list/job-list.tsx', "import { HelpIndex } from '../../help/help-index.tsx'"),
  refused('src/renderer/screens/library/list/job-list.tsx', "import { Sidebar } from '../../../shell/sidebar.tsx'"),
]

/** The part of Biome's JSON report that this test reads. */
interface Report {
  diagnostics: { category: string; location: { path: string; start: { line: number } } }[]
}

/**
 * Writes every sample to a line of its file in an empty copy of the project, and lints that with the real
 * configuration.
 */
function lintSamples(folder: string): Report {
  for (const file of ['biome.json', 'package.json', 'scripts/pure-domain.grit'])
    cpSync(join(root, file), join(folder, file))
  for (const [file, group] of byFile) {
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    writeFileSync(join(folder, file), group.map((sample) => sample.line).join('\n'))
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const { stdout } = spawnSync(
    process.execPath,
    [biome, 'lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'],
    { cwd: folder, encoding: 'utf8' },
  )
  return JSON.parse(stdout)
}

const byFile = Map.groupBy(samples, (sample) => sample.file)
let folder: string
/** The guards that reported each `file:line`. */
let reports: Map<string, string[]>

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'carat-boundaries-'))
  const found = lintSamples(folder).diagnostics.map(({ category, location }) => ({
    place: `${location.path.replaceAll('\\', '/')}:${location.start.line}`,
    guard: category.split('/').at(-1) ?? category,
  }))
  reports = new Map(
    [...Map.groupBy(found, ({ place }) => place)].map(([place, group]) => [
      place,
      group.map(({ guard }) => guard).filter((guard) => guards.some((name) => name === guard)),
    ]),
  )
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each([...byFile])('%s', (file, group) => {
  it.each(
    group.map((sample, index) => ({
      ...sample,
      number: index + 1,
      verdict: sample.refused ? `is reported by ${sample.refused}` : 'is allowed',
    })),
  )('$line $verdict', ({ number, refused }) => {
    const reported = reports.get(`${file}:${number}`) ?? []
    if (refused) expect(reported).toContain(refused)
    else expect(reported).toEqual([])
  })
})
