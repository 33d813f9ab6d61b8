// Tape actions for configuration and agents (docs/spec/agents.md PCS-90 to PCS-92, PCS-99): a key is set by the metadata, some nodes are asked,
// a person edits one node's copy past the metadata. What a key takes is the metadata's to say: it refuses with the range. The page
// loads this file first, so it knows no keys.

import type { AskedCommand } from '../../core/kernel/commands.ts';
import { type Arg, count, optional } from '../../sim/actions/args.ts';
import { defineAction } from '../../sim/actions/define.ts';
import { pick } from '../../sim/actions/targets.ts';
import { commandAgent, commandMetadata } from '../../sim/node-commands.ts';
import { badLine, takeWord } from '../../sim/tape-tokens.ts';

declare module '../../sim/actions/define.ts' {
  interface StackActions {
    readonly agents: typeof agentActions;
  }
}

const word = (...drawn: readonly string[]): Arg<string> => ({
  read: takeWord,
  print: (value) => value,
  draw: (prng) => pick(prng, drawn),
});

/** `getConfig`, `getMetrics`, `dump`, `drain`, `setLogLevel store DEBUG`. */
const command: Arg<AskedCommand> = {
  read(words, name) {
    const kind = takeWord(words, name);
    if (kind === 'setLogLevel')
      return { kind, module: takeWord(words, 'module'), level: takeWord(words, 'level') };
    if (kind === 'getConfig' || kind === 'dump' || kind === 'drain' || kind === 'getMetrics') return { kind };
    throw badLine('noSuch', { what: name, found: kind });
  },
  print: (one) => Object.values(one).join(' '),
  draw: () => ({ kind: 'setLogLevel', module: 'store', level: 'WARN' }),
};

const key = word('scrubEveryMs');
/** `unset`: the next scope decides. */
const value = word('5', 'unset');

export const agentActions = {
  /** To the metadata: a key of the configuration, for all (`global`), `role:<role>` or `node:<node>`; only if that is the newest version. */
  putConfig: defineAction({
    target: 'world',
    args: { scope: word('global'), key, value, expect: optional(count(0, 1e9, 1)) },
    do: (fabric, { scope, key: name, value: to, expect }) =>
      commandMetadata(fabric, { kind: 'putConfig', scope, key: name, value: to, expect }),
  }),
  /** To the metadata: one command for the agents of these nodes. */
  ask: defineAction({
    target: 'nodes',
    args: { command },
    do: (fabric, { nodes, command: asked }) =>
      commandMetadata(fabric, { kind: 'ask', nodes: [...nodes], command: asked }),
  }),
  /** A person edits the configuration on the node, past the metadata: its contents are others than its version's. */
  editConfig: defineAction({
    target: 'node',
    isFault: true,
    args: { key, value },
    do: (fabric, { node, key: name, value: to }) =>
      commandAgent(fabric, node, { kind: 'editConfig', key: name, value: to }),
  }),
};
