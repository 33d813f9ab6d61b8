// For every fate of writes that no sync has covered (sim/fates): what a node of CynosDB does with a write, kinds of its disk
// keys, and which activities have to be met with which kinds.

import { roleTagOfId } from '../../core/kernel/context.ts';
import { type NodeState, partOf } from '../../core/kernel/node.ts';
import { storeRole } from '../../core/log-store/store-role.ts';
import { objectStoreRole } from '../../core/object-store/object-store-role.ts';
import {
  type KeyKinds,
  kindOfKey,
  sharedActivity,
  storeActivity,
  storeKinds,
} from '../../sim/fates/shared-activities.ts';
import type { FateTable } from '../../sim/stack-runtime.ts';
import { fateWorlds } from './fate-worlds.ts';

const kinds: KeyKinds = [
  ...storeKinds,
  [/^object\/[^/]+\/[^/]+\/log\//, 'log object'],
  [/^object\/[^/]+\/[^/]+\/base\//, 'base object'],
  [/^object\/[^/]+\/manifest\//, 'staged manifest'],
  [/^manifest\//, 'manifest'],
  [/^pins\//, 'pins'],
];

function activityOf(state: unknown, id: number, keys: readonly string[]): string {
  const node = state as NodeState;
  const shared = sharedActivity(node, id, keys);
  if (shared !== null) return shared;
  switch (roleTagOfId(id)) {
    case storeRole.tag:
      return storeActivity(node, id);
    case objectStoreRole.tag: {
      const kind = partOf(node, objectStoreRole)?.writes.get(id)?.kind;
      return kind === 'delete' ? 'collect' : (kind ?? 'unknown');
    }
    default:
      return 'unknown';
  }
}

export const fates: FateTable = {
  worlds: fateWorlds,
  activityOf,
  kindOf: kindOfKey(kinds),
  orders: 'workloads',
  reopenUs: 60_000,
  mustMeet: [
    'append: log',
    'baseCreated: super',
    'basePages: page',
    'boot: boot',
    'clean exit: clean flag',
    'clean exit: clean list',
    'collect: base object deletion',
    'collect: log object deletion',
    'collect: staged manifest deletion',
    'compaction: log',
    'configure: configuration',
    'created: super',
    'delete: log deletion',
    'delete: page deletion',
    'dropped: log deletion',
    'dropped: page deletion',
    'dropped: super deletion',
    'entry: entry',
    'fetched: page',
    'free entries: entry deletion',
    'genesis: log',
    'identity: snapshot',
    'install: snapshot',
    'invalidate: clean flag deletion',
    'invalidate: clean list deletion',
    'manifest: manifest',
    'object: base object',
    'object: log object',
    'object: staged manifest',
    'pins: pins',
    'restoreMade: restore deletion',
    'restoreMade: super',
    'restored: log',
    'restored: page',
    'restored: restore',
    'rolledBack: log deletion',
    'rolledBack: page deletion',
    'rolledBack: super deletion',
    'seeds: metadata nodes',
    'snapshot: snapshot',
    'super: super',
    'versions: page',
    'workloads: workloads',
  ],
};
