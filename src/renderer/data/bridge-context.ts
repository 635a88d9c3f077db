import { createContext, use } from 'react'
import type { Bridge } from '../../shared/bridge.ts'

export const BridgeContext = createContext<Bridge | null>(null)

export function useBridge(): Bridge {
  const bridge = use(BridgeContext)
  if (!bridge) throw new Error('useBridge outside of BridgeContext')
  return bridge
}
