import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Starts the simulation, the longest file by far, first, so that no processor is idle at the end. Files that load their
 * modules for themselves come last: between the others, each would end a worker that has them loaded.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) =>
      moduleId.endsWith('/simulation.test.ts') ? 0 : project.config.isolate ? 2 : 1
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other))
  }
}
