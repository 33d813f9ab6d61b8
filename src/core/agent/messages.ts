// Messages between the leader of the metadata and the agents of the nodes (docs/spec/agents.md PCS-90, PCS-91, PCS-99). `term`: of the leader
// that commands; an agent takes nothing from one that was deposed.

import {
  bool,
  type Codec,
  type Infer,
  int,
  list,
  struct,
  text,
  uint,
  union,
  variant,
} from '../../base/codec.ts';
import type { AskedCommand } from '../kernel/commands.ts';
import { message } from '../kernel/message-table.ts';
import { settingCodec } from './settings.ts';

const operatorCommand = union({
  getConfig: variant(0, {}),
  setLogLevel: variant(1, { module: text, level: text }),
  dump: variant(2, {}),
  drain: variant(3, {}),
  getMetrics: variant(4, {}),
});
export const askedCommandCodec: Codec<AskedCommand> = operatorCommand;

const metric = struct({ name: text, of: text, value: int });
export type ReportedMetric = Infer<typeof metric>;

const answerRow = struct({ name: text, value: text });
export type AnswerRow = Infer<typeof answerRow>;

export const agentMessages = {
  /** One version of the configuration, to an agent that has the one before (PCS-91). */
  SetConfig: message(72, 'agent', 'control', { term: uint, setting: settingCodec }),
  /** The whole configuration, for an agent that has `from` with `fromSum`: too far behind, or with other contents. */
  ReplaceConfig: message(73, 'agent', 'control', {
    term: uint,
    from: uint,
    fromSum: uint,
    version: uint,
    settings: list(settingCodec),
  }),
  /** What the agent has durably; `life` and `order` tell a report from those before it. `gap`: it saw a version and lacks those before it. `waits`: keys that take effect at its next start. */
  ConfigState: message(74, 'meta', 'control', {
    boot: uint,
    incarnation: uint,
    order: uint,
    version: uint,
    sum: uint,
    gap: bool,
    waits: list(text),
  }),
  /** PCS-99: one command of an operator's `Ask`; `at` and `id` name it. `version`: of the configuration that it needs first. */
  AskAgent: message(75, 'agent', 'control', {
    term: uint,
    at: uint,
    id: uint,
    version: uint,
    command: askedCommandCodec,
  }),
  /** Answer to AskAgent. `t`: the node's clock. `code` is empty when the command was carried out. */
  AgentAnswer: message(76, 'meta', 'control', {
    at: uint,
    id: uint,
    t: uint,
    code: text,
    rows: list(answerRow),
  }),
  /** PCS-95: every metric of the node with its whole value, so that a lost report loses no count; `life` and `order` as in ConfigState. */
  AgentMetrics: message(84, 'meta', 'control', {
    boot: uint,
    incarnation: uint,
    order: uint,
    metrics: list(metric),
  }),
};

declare module '../kernel/messages.ts' {
  interface MessageTables {
    agent: typeof agentMessages;
  }
}
