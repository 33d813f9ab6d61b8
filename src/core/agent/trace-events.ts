// Events of the configuration and of the agents (trace-table.ts says what a tag and a rank are).

import { event, type TraceTable } from '../kernel/trace-table.ts';

export const agentTrace = {
  /** PCS-91: an entry of the metadata has set a key. `value` `unset`: the next scope decides. */
  'config.put': event(149, 2, { version: 'int', scope: 'text', key: 'text', value: 'text' }),
  /** PCS-92: nothing entered the log; `range`: what the field takes, or the newest version. */
  'config.refused': event(150, 2, { key: 'text', value: 'text', code: 'text', range: 'text' }),
  /** The version is durable at the agent and in force there; `waits`: so many keys wait for a restart. */
  'config.applied': event(151, 1, { version: 'int', sum: 'int', waits: 'int' }),
  /** PCS-91: the agent saw `seen` and has `version`; it asks for what is between. */
  'config.gap': event(152, 1, { version: 'int', seen: 'int' }),
  /** An agent has not what it acknowledged; `why`: behind, ahead or different. */
  'config.drift': event(153, 2, { node: 'text', why: 'text', version: 'int', wanted: 'int' }),
  'config.healed': event(154, 2, { node: 'text', version: 'int' }),
  /** The agent carried a command out; `code`: why it did not, or empty. `editConfig` is a person's edit of the node's file. */
  'agent.command': event(155, 1, { command: 'text', code: 'text' }),
  /** PCS-99: an `Ask` is over. `missing`: nodes that have not answered, comma between. */
  'agent.asked': event(156, 2, { command: 'text', answers: 'int', missing: 'text' }),
} as const satisfies TraceTable;

declare module '../kernel/trace.ts' {
  interface TraceTables {
    agent: typeof agentTrace;
  }
}
