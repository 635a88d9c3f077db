import { AppError } from '../../shared/errors.ts'

/** The prebuilt SQLite module asks for this Node-API version: Node.js 22.14 or newer. */
const nodeApiVersion = 10

/** Throws `runtime_too_old` if the SQLite module cannot load. Call it before anything imports that module. */
export function checkRuntime(versions: { node: string; napi?: string } = process.versions): void {
  if (!(Number(versions.napi) >= nodeApiVersion)) {
    throw new AppError('runtime_too_old', { version: `Node.js ${versions.node}` })
  }
}
