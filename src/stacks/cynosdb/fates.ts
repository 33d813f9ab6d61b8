// For every fate of writes that no sync has covered (sim/fates): what a node of CynosDB does with a write, kinds of its disk
// keys, and which activities have to be met with which kinds.

import { driverRole } from '../../core/client/driver-role.ts';
import { AGENT_TAG } from '../../core/kernel/agent-module.ts';
import { roleTagOfId } from '../../core/kernel/context.ts';
import { type NodeState, partOf } from '../../core/kernel/node.ts';
import { PCS_NODES_KEY } from '../../core/kernel/node-seeds.ts';
import { storeRole } from '../../core/log-store/store-role.ts';
import { objectStoreRole } from '../../core/object-store/object-store-role.ts';
import { metaRole } from '../../core/pcs/meta-role.ts';
import type { FateTable } from '../../sim/stack.ts';
import { fateWorlds } from './fate-worlds.ts';

/** The first that a key is like names its kind. */
const kinds: readonly (readonly [key: RegExp, kind: string])[] = [
  [/^node\/boot\//, 'boot'],
  [/^node\/config\//, 'configuration'],
  [/^node\/pcs$/, 'metadata nodes'],
  [/^store\/[^/]+\/super\//, 'super'],
  [/^store\/[^/]+\/log\//, 'log'],
  [/^store\/[^/]+\/page\//, 'page'],
  [/^store\/[^/]+\/clean\/list$/, 'clean list'],
  [/^store\/[^/]+\/clean\/flag$/, 'clean flag'],
  [/^store\/[^/]+\/restore$/, 'restore'],
  [/^meta\/log\//, 'entry'],
  [/^meta\/snapshot\//, 'snapshot'],
  [/^object\/[^/]+\/[^/]+\/log\//, 'log object'],
  [/^object\/[^/]+\/[^/]+\/base\//, 'base object'],
  [/^object\/[^/]+\/manifest\//, 'staged manifest'],
  [/^manifest\//, 'manifest'],
  [/^pins\//, 'pins'],
  [/^driver\/workloads$/, 'workloads'],
];

const kindOf = (key: string): string => kinds.find(([pattern]) => pattern.test(key))?.[1] ?? key;

function activityOf(state: unknown, id: number, keys: readonly string[]): string {
  const node = state as NodeState;
  if (id === node.bootStore || id === node.agent?.raise?.store) return 'boot';
  if (keys.includes(PCS_NODES_KEY)) return 'seeds';
  switch (roleTagOfId(id)) {
    case AGENT_TAG:
      return 'configure';
    case storeRole.tag: {
      const store = partOf(node, storeRole);
      const { lifecycle, writes } = store ?? {};
      if (lifecycle?.kind === 'saving' && lifecycle.write === id) return 'clean exit';
      return writes?.get(id)?.kind ?? 'unknown';
    }
    case metaRole.tag: {
      const log = partOf(node, metaRole)?.log;
      if (id === log?.checkpointing?.storeId) return 'snapshot';
      if (id !== log?.writing?.storeId) return 'free entries';
      if (!log.writing.isCheckpoint) return 'entry';
      return log.raft === null ? 'identity' : 'install';
    }
    case objectStoreRole.tag: {
      const kind = partOf(node, objectStoreRole)?.writes.get(id)?.kind;
      return kind === 'delete' ? 'collect' : (kind ?? 'unknown');
    }
    case driverRole.tag:
      return 'workloads';
    default:
      return 'unknown';
  }
}

export const fates: FateTable = {
  worlds: fateWorlds,
  activityOf,
  kindOf,
  orders: 'workloads',
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
    'delete: super deletion',
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
