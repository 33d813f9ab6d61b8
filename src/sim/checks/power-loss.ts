// Monitor of what a loss of power leaves (docs/spec/wal.md WAL-28, WAL-75): whichever of its unsynced writes survive, a node
// still has all that it has reported. A replica is found rolled back or lost, and an archived object missing, only where
// somebody has tampered with a disk.

import type { NodeId } from '../../base/ids.ts';
import { type Check, type ClusterModule, expectRule, type Monitors } from './monitor.ts';

export const powerLossRules = {
  'disk.kept-by-crash': {
    ids: ['WAL-28', 'WAL-75'],
    source: 'D',
    lens: 'wal',
  },
} as const;

interface PowerLoss {
  /** Nodes whose disk has lost, or may have lost, what was durable. */
  readonly tampered: Set<NodeId>;
  /** Objects were kept for a restore: it may name some that are gone. */
  isPinned: boolean;
  /** Replicas that a volume may have been opened without, as `node/group`: of a restore, or of a new tablet (PCS-120). */
  readonly lacking: Set<string>;
  /** Replicas that have been there. */
  readonly had: Set<string>;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof powerLossRules> {}
  interface ClusterStates {
    readonly powerLoss: PowerLoss;
  }
}

/** Actions that take or change durable values. */
export const tampering: ReadonlySet<string> = new Set([
  'bitRot',
  'diskReadError',
  'diskLoseWrite',
  'diskMisdirect',
]);

function expectKept(c: Check, { powerLoss: { tampered } }: Monitors, node: NodeId, what: string): void {
  const say = (): string => `${node} has only lost power, and ${what}`;
  expectRule(c, 'disk.kept-by-crash', tampered.has(node), say, node);
}

function noteReplica({ powerLoss: { lacking, had } }: Monitors, node: NodeId, group: string): void {
  const replica = `${node}/${group}`;
  lacking.delete(replica);
  had.add(replica);
}

export const powerLoss: ClusterModule<'powerLoss'> = {
  scope: 'cluster',
  name: 'powerLoss',
  rules: powerLossRules,
  make: () => ({ tampered: new Set(), isPinned: false, lacking: new Set(), had: new Set() }),
  observe: {
    'world.action': ({ node }, { powerLoss: { tampered } }, { action }) => {
      if (tampering.has(action)) tampered.add(node);
    },
    'node.down': ({ node }, { powerLoss: { tampered } }, { mode }) => {
      if (mode === 'wiped' || mode === 'rolledBack') tampered.add(node);
    },
    /** Each start of a replica is a test. */
    'disk.checked': (c, monitors, { group }) => {
      noteReplica(monitors, c.node, group);
      return expectRule(c, 'disk.kept-by-crash', true, () => '');
    },
    'group.made': (_, { powerLoss: { lacking, had } }, { group, voters }) => {
      for (const node of voters.split(',')) {
        const replica = `${node}/${group}`;
        if (!had.has(replica)) lacking.add(replica);
      }
    },
    'token.install': ({ node }, monitors, { group }) => noteReplica(monitors, node, group),
    'disk.rolledBack': (c, monitors, { group, scl, knownScl, sequence, knownSequence }) => {
      const what = `SCL ${scl} of ${knownScl}, superblock ${sequence} of ${knownSequence}`;
      expectKept(c, monitors, c.node, `its replica of ${group} is behind: ${what}`);
    },
    'restore.done': (_, { powerLoss: state }, { lacking }) => {
      for (const one of lacking.split(',')) state.lacking.add(one);
    },
    'base.installed': ({ node }, monitors, { group }) => noteReplica(monitors, node, group),
    /** A replica may never have been there: its store was away. */
    'disk.lost': (c, monitors, { group, node }) => {
      if (!monitors.powerLoss.lacking.has(`${node}/${group}`))
        expectKept(c, monitors, node as NodeId, `its replica of ${group} is lost`);
    },
    'archive.pinned': (_, { powerLoss: state }, { objects }) => {
      if (objects > 0) state.isPinned = true;
    },
    'archive.bad': (c, monitors, { name, damage }) => {
      if (!monitors.powerLoss.isPinned) expectKept(c, monitors, c.node, `object ${name} is lost: ${damage}`);
    },
  },
};
