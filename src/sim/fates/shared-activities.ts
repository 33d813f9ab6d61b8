// What nodes of several stacks do with their writes, and the kinds of their disk keys: boot, configuration, the metadata's log, orders of
// drivers, log and pages of a store.
// For tables of fates (sim/stack.ts), which name what is their stack's own beside it.

import { driverRole } from '../../core/client/driver-role.ts';
import type { NodeLog } from '../../core/consensus/node-log.ts';
import { AGENT_TAG } from '../../core/kernel/agent-module.ts';
import { roleTagOfId } from '../../core/kernel/context.ts';
import { type NodeState, partOf } from '../../core/kernel/node.ts';
import { BOOT_KEYS } from '../../core/kernel/node-boot.ts';
import { storeRole } from '../../core/log-store/store-role.ts';
import { metaRole } from '../../core/pcs/meta-role.ts';
import { PCS_NODES_KEY } from '../../core/pcs/node-seeds.ts';
import type { FateWorld } from '../stack-runtime.ts';

/** The first that a key is like names its kind. */
export type KeyKinds = readonly (readonly [key: RegExp, kind: string])[];

const sharedKinds: KeyKinds = [
  [/^node\/boot\//, 'boot'],
  [/^node\/config\//, 'configuration'],
  [/^node\/pcs$/, 'metadata nodes'],
  [/^meta\/log\//, 'entry'],
  [/^meta\/snapshot\//, 'snapshot'],
  [/^driver\/workloads$/, 'workloads'],
];

export const storeKinds: KeyKinds = [
  [/^store\/[^/]+\/super\//, 'super'],
  [/^store\/[^/]+\/log\//, 'log'],
  [/^store\/[^/]+\/page\//, 'page'],
  [/^store\/[^/]+\/clean\/list$/, 'clean list'],
  [/^store\/[^/]+\/clean\/flag$/, 'clean flag'],
  [/^store\/[^/]+\/restore$/, 'restore'],
];

/** Of a write of a store. */
export function storeActivity(node: NodeState, id: number): string {
  const store = partOf(node, storeRole);
  const { lifecycle, writes } = store ?? {};
  if (lifecycle?.kind === 'saving' && lifecycle.write === id) return 'clean exit';
  return writes?.get(id)?.kind ?? 'unknown';
}

export const kindOfKey =
  (own: KeyKinds) =>
  (key: string): string =>
    [...own, ...sharedKinds].find(([pattern]) => pattern.test(key))?.[1] ?? key;

/** Of a write of a Raft log's journal. */
export function journalActivity({ writing, checkpointing, raft }: NodeLog, id: number): string {
  if (id === checkpointing?.storeId) return 'snapshot';
  if (id !== writing?.storeId) return 'free entries';
  if (!writing.isCheckpoint) return 'entry';
  return raft === null ? 'identity' : 'install';
}

/** Null: it is a write of another role. */
export function sharedActivity(node: NodeState, id: number, keys: readonly string[]): string | null {
  if (id === node.bootStore || keys.includes(BOOT_KEYS[0])) return 'boot';
  if (keys.includes(PCS_NODES_KEY)) return 'seeds';
  switch (roleTagOfId(id)) {
    case AGENT_TAG:
      return 'configure';
    case metaRole.tag: {
      const log = partOf(node, metaRole)?.log;
      return log === undefined ? 'unknown' : journalActivity(log, id);
    }
    case driverRole.tag:
      return 'workloads';
    default:
      return null;
  }
}

export interface DrawnWorld {
  readonly preset: string;
  readonly settings?: readonly string[];
  readonly lines?: readonly string[];
  /** From when on the loads have their tables; left out: from the start on a crash leaves them time for that. */
  readonly fromMs?: number;
  readonly endMs: number;
}

const LOADS = [
  '0.000 workload d1 lists kind=list-append rows=80 clients=2 thinkUs=1500 ratePerSecond=0 readPercent=20 hotPercent=0 valueBytes=0 load=true',
  '0.000 workload d1 counters kind=counter rows=3 clients=2 thinkUs=1500 ratePerSecond=0 readPercent=15 hotPercent=0 valueBytes=0 load=true',
];

/** A sync is longer than a window, so that what waits for it is seen; two countable loads leave rows that are read back. */
export function makeFateWorld(
  name: string,
  { preset, settings = [], lines = [], fromMs = 0, endMs }: DrawnWorld,
): FateWorld {
  const head = ['postdb-tape 1', 'engine 0.2.0', `preset ${preset}`, 'profile demo'];
  const disks = ['diskSyncUs 1000', 'diskSyncJitterUs 0'];
  const sets = [...disks, ...settings].map((setting) => `set ${setting}`);
  const tape = [...head, ...sets, 'seed 11', `end ${endMs}.000`, '', ...LOADS, ...lines].join('\n');
  return { name, tape, fromUs: fromMs * 1000 };
}
