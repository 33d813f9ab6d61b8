// Monitors of the cluster's configuration (docs/spec/agents.md PCS-91, PCS-92), from what the metadata's leader and the agents trace: only
// values that a key takes enter the log, an agent has at a version exactly what that version is, and what it acknowledged survives
// a loss of power.

import { checkValue } from '../../core/agent/keys.ts';
import { type Configuration, noConfiguration, sumOf, withSetting } from '../../core/agent/settings.ts';
import { type ClusterModule, expectRule } from './monitor.ts';
import { tampering } from './power-loss.ts';

export const configurationRules = {
  'config.valid': {
    ids: ['PCS-92'],
    source: 'S000; D',
    lens: 'pcs',
  },
  'config.same': {
    ids: ['PCS-91'],
    source: 'S000; D',
    lens: 'pcs',
  },
  'config.durable': {
    ids: ['PCS-91'],
    source: 'S000; D',
    lens: 'pcs',
  },
} as const;

interface Configured {
  /** By version; a leader that died may have taken the trace of its entry with it. */
  readonly known: Map<number, Configuration>;
  readonly sums: Map<number, number>;
  /** Nodes that a person's edit is on; all that ever had one, which an older disk may bring back; and those whose disk was tampered with. */
  readonly edited: Set<string>;
  readonly everEdited: Set<string>;
  readonly tampered: Set<string>;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof configurationRules> {}
  interface ClusterStates {
    configured: Configured;
  }
}

/** What was on its disk before, a person's edit too, may be there again. */
function tamper({ tampered, edited, everEdited }: Configured, node: string): void {
  tampered.add(node);
  if (everEdited.has(node)) edited.add(node);
}

export const configured: ClusterModule<'configured'> = {
  scope: 'cluster',
  name: 'configured',
  rules: configurationRules,
  make: () => ({
    known: new Map([[0, noConfiguration]]),
    sums: new Map(),
    edited: new Set(),
    everEdited: new Set(),
    tampered: new Set(),
  }),
  observe: {
    'world.action': ({ node }, { configured: state }, { action }) => {
      if (tampering.has(action)) tamper(state, node);
    },
    // When the node takes the edit: one that is frozen may apply a version first that came before it.
    'agent.command': ({ node }, { configured: { edited, everEdited } }, { command, code }) => {
      if (command !== 'editConfig' || code !== '') return;
      edited.add(node);
      everEdited.add(node);
    },
    'node.down': ({ node }, { configured: state }, { mode }) => {
      if (mode === 'wiped' || mode === 'rolledBack') tamper(state, node);
    },
    'config.put': (c, { configured: { known, sums } }, { version, scope, key, value }) => {
      const refusal = checkValue(key, value);
      expectRule(
        c,
        'config.valid',
        refusal === null,
        () => `${key} = ${value} entered the log as v${version}`,
      );
      const before = known.get(version - 1);
      if (before === undefined) return;
      const now = withSetting(before, { version, scope, key, value });
      known.set(version, now);
      sums.set(version, sumOf(now));
    },
    'config.applied': (c, { configured: { sums, edited } }, { version, sum }) => {
      const expected = sums.get(version);
      if (expected === undefined) {
        if (!edited.has(c.node)) sums.set(version, sum);
        return;
      }
      expectRule(
        c,
        'config.same',
        sum === expected || edited.has(c.node),
        () => `${c.node} has other settings at v${version} than that version has`,
      );
      if (sum === expected) edited.delete(c.node);
    },
    'config.drift': (c, { configured: { tampered } }, { node, why, version, wanted }) =>
      expectRule(
        c,
        'config.durable',
        why !== 'behind' || tampered.has(node),
        () => `${node} has v${version} of ${wanted}, less than it had acknowledged`,
      ),
  },
};
