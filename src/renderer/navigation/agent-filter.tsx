import { createContext, type ReactNode, use, useState } from 'react'
import type { Agent } from '../../shared/values.ts'

/** The agent by which all screens are filtered, and its setter; undefined shows both agents. */
type AgentFilter = readonly [Agent | undefined, (agent: Agent | undefined) => void]

const AgentFilterContext = createContext<AgentFilter>([undefined, () => {}])

export function AgentFilterProvider({ children }: { children: ReactNode }) {
  return <AgentFilterContext value={useState<Agent | undefined>()}>{children}</AgentFilterContext>
}

export const useAgentFilter = () => use(AgentFilterContext)
