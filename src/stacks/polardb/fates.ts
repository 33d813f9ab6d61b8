// For every fate of writes that no sync has covered (sim/fates): what a chunk server does with a write, kinds of its disk keys, and which
// activities have to be met with which kinds.

import { chunkRole } from '../../core/chunk/chunk-role.ts';
import { roleTagOfId } from '../../core/kernel/context.ts';
import { type NodeState, partOf } from '../../core/kernel/node.ts';
import {
  journalActivity,
  type KeyKinds,
  kindOfKey,
  makeFateWorld,
  sharedActivity,
} from '../../sim/fates/shared-activities.ts';
import type { FateTable } from '../../sim/stack-runtime.ts';

const kinds: KeyKinds = [
  [/^chunk\/[^/]+\/log\//, 'chunk entry'],
  [/^chunk\/[^/]+\/snapshot\//, 'chunk snapshot'],
  [/^chunk\/[^/]+\/block\//, 'block'],
  [/^chunk\/[^/]+\/servers$/, 'servers'],
  [/^chunk\/[^/]+\/gone$/, 'gone'],
];

const GROUP = /^chunk\/([^/]+)\//;

function activityOf(state: unknown, id: number, keys: readonly string[]): string {
  const node = state as NodeState;
  const shared = sharedActivity(node, id, keys);
  if (shared !== null) return shared;
  if (roleTagOfId(id) !== chunkRole.tag) return 'unknown';
  const group = GROUP.exec(keys[0] ?? '')?.[1];
  const hosted = [...(partOf(node, chunkRole)?.chunks.values() ?? [])].find((one) => one.group === group);
  if (hosted === undefined) return 'unknown';
  if (hosted.flush?.storeId === id) return 'flush';
  if (hosted.inviting === id) return 'invited';
  if (hosted.leaving?.storeId === id) return hosted.leaving.step;
  return journalActivity(hosted.log, id);
}

export const fates: FateTable = {
  activityOf,
  kindOf: kindOfKey(kinds),
  orders: 'workloads',
  reopenUs: 250_000,
  worlds: [
    /** A chunk server comes in and another leaves, under two loads: identity, blocks that are fetched, what is left is deleted. */
    makeFateWorld('chunks', {
      preset: 'polardb',
      settings: ['chunkEntries 16'],
      lines: ['260.000 addNode cs-4 chunk a', '330.000 offline cs-1'],
      fromMs: 250,
      endMs: 440,
    }),
  ],
  mustMeet: [
    'deletes: block deletion',
    'deletes: chunk entry deletion',
    'deletes: chunk snapshot deletion',
    'deletes: servers deletion',
    'entry: chunk entry',
    'flush: block',
    'free entries: chunk entry deletion',
    'identity: chunk snapshot',
    'install: chunk snapshot',
    'invited: servers',
    'marks: gone',
    'snapshot: chunk snapshot',
  ],
};
