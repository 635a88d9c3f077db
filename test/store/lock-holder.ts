/** Opens the data folder of its first argument and keeps it open until standard input ends. */
import { openStore } from '../../src/core/store/store.ts'
import { AppError } from '../../src/shared/errors.ts'

try {
  const store = openStore(process.argv[2] as string)
  process.stdout.write('open\n')
  process.stdin.on('end', () => store.close()).resume()
} catch (error) {
  process.stdout.write(`${error instanceof AppError ? error.code : error}\n`)
}
