/** Groups results into the batches in which they were made. */
import { type MadeResult, mostResults, type ResultBatch } from './records.ts'

/** The next result of a batch follows within this time. */
const batchGapMs = 2_500

/** The batches of some results, in the order of their first results. */
export function resultBatches(results: readonly MadeResult[]): ResultBatch[] {
  const batches: ResultBatch[] = []
  const open: ResultBatch[] = []
  for (const result of results.toSorted((a, b) => a.madeAt - b.madeAt)) {
    while (open[0] && open[0].to + batchGapMs < result.madeAt) open.shift()
    const batch = open.find((candidate) => belongsTo(result, candidate))
    if (batch) {
      batch.results.push(result)
      batch.to = result.madeAt
      batch.model ??= result.model
      continue
    }
    const { madeAt, kind, model } = result
    const added = { from: madeAt, to: madeAt, kind, model, results: [result] }
    batches.push(added)
    open.push(added)
  }
  return batches
}

function belongsTo(result: MadeResult, batch: ResultBatch): boolean {
  const isNear = result.madeAt - batch.to <= batchGapMs && batch.results.length < mostResults
  const [first] = batch.results
  return isNear && result.kind === batch.kind && agree(result.model, batch.model) && agree(result.prompt, first?.prompt)
}

/** Whether two texts are the same as far as both are known. */
const agree = (a: string | null, b: string | null | undefined): boolean => a === null || b == null || a === b
