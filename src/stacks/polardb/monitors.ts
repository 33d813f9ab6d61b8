// Monitors of a volume in files of a shared device: what is acknowledged is in shared storage, WAL goes before pages, a chunk's writes are at a
// majority and in the order of tokens, and what a writer mounts is whole.

import type { NodeId } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { type Check, type ClusterModule, expectRule, type Monitors } from '../../sim/checks/monitor.ts';

export const sharedRules = {
  'wal.before-data': {
    ids: ['LI-41'],
    claim: 'a page is stored only once WAL is durable through its newest change',
  },
  'shared.ack-after-sync': {
    ids: ['WAL-19', 'LI-3'],
    claim: 'a commit is acknowledged only once its WAL is durable in shared storage',
  },
  'redo.whole': {
    ids: ['LI-31', 'LI-47', 'LI-73'],
    claim: 'a writer that begins replays WAL at least to the newest commit that was acknowledged',
  },
  'chunk.majority': {
    ids: ['FS-70', 'FS-71'],
    claim: 'an acknowledged write of a chunk is durable on two of its three servers',
  },
  'chunk.token-order': {
    ids: ['FS-80', 'FS-81', 'FENCE-17'],
    claim: 'no write of a chunk is acknowledged under a lower token than one that is installed there',
  },
  'pfs.journal-atomic': {
    ids: ['FS-66', 'FS-52'],
    claim: 'a writer mounts every transaction of calls that were answered, and each of them whole',
  },
  'pfs.fsck-clean': {
    ids: ['FS-90', 'FS-61'],
    claim: 'the metadata that a writer has mounted has no fault',
  },
} as const;

interface Shared {
  /** By group and node: the newest entry that is durable there, as the newest part of its log says. */
  readonly durable: Map<string, Map<NodeId, number>>;
  readonly tokens: Map<string, number>;
  walDurable: number;
  acked: number;
  headTx: number;
}

declare module '../../sim/checks/monitor.ts' {
  interface RuleTable extends RulesOf<typeof sharedRules> {}
  interface ClusterStates {
    shared: Shared;
  }
}

/** FS-70: of three. */
const MAJORITY = 2;

function onAcked(c: Check, { shared }: Monitors, { group, token, seq, index }: TraceOf<'chunk.acked'>): void {
  const held = [...(shared.durable.get(group)?.values() ?? [])].filter((last) => last >= index).length;
  expectRule(c, 'chunk.majority', held >= MAJORITY, () => `entry ${index} of ${group} is durable on ${held}`);
  const installed = shared.tokens.get(group) ?? 0;
  expectRule(
    c,
    'chunk.token-order',
    token >= installed,
    () => `${group} acknowledges a write under token ${token}; ${installed} is installed`,
  );
  if (seq === 0) shared.tokens.set(group, Math.max(installed, token));
}

function onMounted(c: Check, { shared }: Monitors, m: TraceOf<'fs.mounted'>): void {
  if (m.mode !== 'rw') return;
  const { headTx, error } = m;
  expectRule(
    c,
    'pfs.journal-atomic',
    error !== 'EIO',
    () => 'the journal does not have what its leader says',
  );
  if (error !== '') return;
  expectRule(
    c,
    'pfs.journal-atomic',
    headTx >= shared.headTx,
    () => `mounted as of transaction ${headTx}; ${shared.headTx} was answered`,
  );
}

export const shared: ClusterModule<'shared'> = {
  scope: 'cluster',
  name: 'shared',
  rules: sharedRules,
  make: () => ({ durable: new Map(), tokens: new Map(), walDurable: 0, acked: 0, headTx: 0 }),
  observe: {
    'chunk.durable': ({ node }, { shared: { durable } }, { group, last }) => {
      if (node === null) return;
      const known = durable.get(group) ?? new Map<NodeId, number>();
      durable.set(group, known.set(node, last));
    },
    'chunk.acked': onAcked,
    'fs.done': (_, { shared: known }, { error, headTx }) => {
      if (error === '') known.headTx = Math.max(known.headTx, headTx);
    },
    'fs.mounted': onMounted,
    'fs.checked': (c, _, { issues, first }) =>
      expectRule(c, 'pfs.fsck-clean', issues === 0, () => `${issues} faults, first ${first}`),
    'wal.synced': (_, { shared: known }, { last }) => {
      known.walDurable = last;
    },
    'page.stored': (c, { shared: { walDurable } }, { blockKey, pageLsn }) =>
      expectRule(
        c,
        'wal.before-data',
        pageLsn <= walDurable,
        () => `page ${blockKey} is stored as of ${pageLsn}; WAL is durable through ${walDurable}`,
      ),
    'commit.ack': (c, { shared: known }, { scn }) => {
      const { walDurable } = known;
      const holds = scn <= walDurable;
      expectRule(c, 'shared.ack-after-sync', holds, () => `${scn} is acknowledged, ${walDurable} is durable`);
      known.acked = Math.max(known.acked, scn);
    },
    'redo.done': (c, { shared: known }, { lastLsn }) => {
      expectRule(
        c,
        'redo.whole',
        lastLsn >= known.acked,
        () => `replay ends at ${lastLsn}; ${known.acked} was acknowledged`,
      );
      known.walDurable = lastLsn;
    },
  },
};
