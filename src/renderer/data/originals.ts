import { useQueryClient } from '@tanstack/react-query'
import type { RouteInput } from '../../shared/routes.ts'
import { useCommand, useRoute } from './hooks.ts'

/** The state of the originals queue; events of the core keep it up to date. */
export const useOriginals = () => useRoute('originals.state', {}).data

type OriginalsCommand = 'originals.keep' | 'originals.drop' | 'originals.pause' | 'originals.keepNew'

/** A function that sends a command to the originals queue and shows the resulting state at once. */
export function useOriginalsCommand<R extends OriginalsCommand>(route: R) {
  const client = useQueryClient()
  const { mutate, error } = useCommand(route)
  const send = (input: RouteInput<R>, onDone?: () => void) =>
    mutate(input, {
      onSuccess(state) {
        client.setQueryData(['originals.state', {}], state)
        client.invalidateQueries({ queryKey: ['originals.job'] })
        onDone?.()
      },
    })
  return { send, error }
}
