// Monitors of a volume in files of a shared device: what is acknowledged is in shared storage, WAL goes before pages, and what a writer
// mounts is whole.

import type { NodeId } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { relationOf } from '../../core/page/page-key.ts';
import { type Check, type ClusterModule, expectRule, type Monitors } from '../../sim/checks/monitor.ts';
import { readerRules } from '../../sim/checks/readers.ts';

export const sharedRules = {
  'wal.before-data': {
    ids: ['LI-41'],
    source: 'S004',
    lens: 'shared',
  },
  'shared.ack-after-sync': {
    ids: ['WAL-19', 'LI-3'],
    source: 'S004',
    lens: 'disk',
  },
  'redo.whole': {
    ids: ['LI-31', 'LI-47', 'LI-73'],
    source: 'S004; D',
    lens: 'shared',
  },
  'page.flush-gate': {
    ids: ['LI-40', 'LI-6', 'LI-61'],
    source: 'S004',
    lens: 'shared',
  },
  'snapshot.first': {
    ids: ['LI-51', 'LI-52'],
    source: 'PG-SRC',
    lens: 'shared',
  },
  'checkpoint.covers': {
    ids: ['LI-45', 'LI-46', 'LI-47'],
    source: 'S004; D',
    lens: 'shared',
  },
  'ro.never-behind': {
    ids: ['LI-5', 'LI-7', 'LI-37'],
    source: 'S004',
    lens: 'shared',
  },
  'page.newest-fetched': {
    ids: ['LI-42', 'LI-54'],
    source: 'S004; PG-SRC',
    lens: 'shared',
  },
  'logidx.complete': {
    ids: ['LI-20', 'LI-30', 'LI-34'],
    source: 'S004',
    lens: 'disk',
  },
  'logidx.saved-whole': {
    ids: ['LI-27', 'LI-28'],
    source: 'S004; PG-SRC',
    lens: 'disk',
  },
  'pfs.journal-atomic': {
    ids: ['FS-66', 'FS-52'],
    source: 'S003; PFS-SRC',
    lens: 'disk',
  },
  'pfs.sync-exact': {
    ids: ['FS-62', 'FS-63', 'FS-65'],
    source: 'S003; D',
    lens: 'disk',
  },
  'pfs.own-bytes': {
    ids: ['FS-34', 'FS-64', 'FS-78'],
    source: 'S003; PFS-SRC',
    lens: 'disk',
  },
  'ddl.readers-first': {
    ids: ['LI-64', 'LI-66'],
    source: 'PG-DOC',
    lens: 'shared',
  },
  'ddl.no-reader-inside': {
    ids: ['LI-65', 'LI-66'],
    source: 'PG-DOC',
    lens: 'shared',
  },
  'pfs.room-promised': {
    ids: ['FS-45', 'FS-46'],
    source: 'D',
    lens: 'disk',
  },
  'pfs.fsck-clean': {
    ids: ['FS-90', 'FS-61'],
    source: 'D',
    lens: 'disk',
  },
} as const;

interface Shared {
  /** Who has replayed last, under the highest token: the others write nothing more; and where its replay ended. */
  writer: NodeId | null;
  token: number;
  kept: number;
  walDurable: number;
  acked: number;
  headTx: number;
  /** Of the newest checkpoint. */
  redo: number;
  /** There is a file system. */
  isMade: boolean;
  /** LSNs of the newest records of each page, ascending. */
  readonly pages: Map<number, number[]>;
  /** End of the log that was there before what the monitors see (a lab reopened from its disks), 0 of a run from its start; −1: not known yet. */
  since: number;
  /** pageLsn of each page's newest stored image. */
  readonly stored: Map<number, number>;
  /** Those of them that the present writer has stored. Of the others one before may have stored more than it said: it fell, or was overtaken. */
  readonly storedHere: Set<number>;
  /** Snapshots that are logged, and whose pages are not stored yet. */
  readonly snapshots: Map<number, { readonly lsn: number; readonly imageLsn: number }>;
  /** Of each reader that has a slot and reads: the greatest LSN it has applied. */
  readonly applied: Map<string, number>;
  /** By reader the locks that it has replayed: relations by lock. */
  readonly replayed: Map<string, Map<number, number>>;
}

declare module '../../sim/checks/monitor.ts' {
  interface RuleTable extends RulesOf<typeof sharedRules> {}
  interface ClusterStates {
    shared: Shared;
  }
}

/** Changes of a page that are remembered: more than a swept run has. */
const PAGE_LSNS = 1 << 15;

/** A reader of files, and one of a stream (READ-10), are held to one rule. */
const { 'ro.never-ahead': neverAhead } = readerRules;

function onPages(
  _: Check,
  { shared: { pages } }: Monitors,
  { lsns: changes, pages: keys }: TraceOf<'wal.pages'>,
): void {
  for (const [i, key] of keys.entries()) {
    const lsns = pages.get(key) ?? [];
    lsns.push(changes[i] ?? -1);
    if (lsns.length > PAGE_LSNS) lsns.shift();
    pages.set(key, lsns);
  }
}

function onPageRead(c: Check, { shared: { pages, since } }: Monitors, e: TraceOf<'ro.pageRead'>): void {
  const { blockKey, readPoint, pageLsn } = e;
  const newest = (pages.get(blockKey) ?? []).findLast((lsn) => lsn <= readPoint) ?? 0;
  const found = () =>
    `page ${blockKey} at ${pageLsn} for read point ${readPoint}; its newest change is ${newest}`;
  expectRule(c, 'ro.never-behind', pageLsn >= newest, found);
  const isOlder = pageLsn <= since && pageLsn <= readPoint;
  expectRule(c, 'ro.never-ahead', pageLsn <= newest || isOlder, found);
}

/** LI-65: what the writer has alone here. */
function onInside(c: Check, { shared: { replayed } }: Monitors, blockKey: number): void {
  const own = replayed.get(c.node ?? '');
  if (own === undefined || own.size === 0) return;
  const relation = relationOf(blockKey);
  const lock = [...own].find(([, one]) => one === relation)?.[0] ?? -1;
  expectRule(
    c,
    'ddl.no-reader-inside',
    lock < 0,
    () => `${c.node} reads relation ${relation}, which lock ${lock} has given to the writer`,
  );
}

function onLock(c: Check, { shared: { replayed } }: Monitors, e: TraceOf<'ro.lock'>): void {
  const { relation, lockLsn, state } = e;
  const node = c.node ?? '';
  const own = replayed.get(node) ?? new Map<number, number>();
  replayed.set(node, own);
  if (state === 'replayed') own.set(lockLsn, relation);
  if (state === 'released') own.delete(lockLsn);
}

function onGranted(c: Check, { shared: { applied, replayed } }: Monitors, e: TraceOf<'ddl.granted'>): void {
  const { relation, lockLsn } = e;
  for (const reader of applied.keys())
    expectRule(
      c,
      'ddl.readers-first',
      replayed.get(reader)?.has(lockLsn) === true,
      () => `relation ${relation} is the writer’s by lock ${lockLsn}; ${reader} has not replayed it`,
    );
}

/** Views that were open below it would read what is gone. */
function onRemoved(c: Check, { shared: { applied } }: Monitors, e: TraceOf<'relation.removed'>): void {
  for (const [reader, lsn] of applied)
    expectRule(
      c,
      'ddl.readers-first',
      lsn >= e.lsn,
      () => `files of relation ${e.relation} go at ${e.lsn}; ${reader} has applied ${lsn}`,
    );
}

/** What its file lacks is in memory. */
function onFetched(
  c: Check,
  { shared: { pages } }: Monitors,
  { blockKey, pageLsn }: TraceOf<'page.fetched'>,
): void {
  const newest = pages.get(blockKey)?.at(-1) ?? 0;
  expectRule(
    c,
    'page.newest-fetched',
    pageLsn >= newest,
    () => `page ${blockKey} is read as of ${pageLsn}; its newest change is ${newest}`,
  );
}

function onReplayed(c: Check, { shared: { pages, since } }: Monitors, e: TraceOf<'ro.replayed'>): void {
  const { blockKey, from, applyLsn, records } = e;
  const due = (pages.get(blockKey) ?? []).filter((lsn) => lsn > from && lsn <= applyLsn).length;
  expectRule(
    c,
    'logidx.complete',
    from < since ? records >= due : records === due,
    () => `page ${blockKey}: ${records} records between ${from} and ${applyLsn}, not ${due}`,
  );
}

/** LI-46, P4. */
function expectForward(c: Check, shared: Shared, redoLsn: number): void {
  const { redo } = shared;
  expectRule(c, 'checkpoint.covers', redoLsn >= redo, () => `checkpoint ${redoLsn} after one of ${redo}`);
  shared.redo = Math.max(redo, redoLsn);
}

function onCheckpoint(c: Check, { shared }: Monitors, { redoLsn }: TraceOf<'checkpoint.done'>): void {
  const { pages, stored } = shared;
  expectForward(c, shared, redoLsn);
  for (const [key, lsns] of pages) {
    const lost = lsns.find((lsn) => lsn < redoLsn && lsn > (stored.get(key) ?? 0)) ?? -1;
    expectRule(
      c,
      'checkpoint.covers',
      lost < 0,
      () => `checkpoint ${redoLsn}: record ${lost} of page ${key} is not in its file`,
    );
  }
}

function onStored(
  c: Check,
  { shared: { kept, walDurable, applied, stored, storedHere, snapshots } }: Monitors,
  e: TraceOf<'page.stored'>,
): void {
  const { blockKey, pageLsn, how } = e;
  const before = Math.max(0, stored.get(blockKey) ?? 0);
  const most = storedHere.has(blockKey) ? before : Math.max(before, kept);
  stored.set(blockKey, pageLsn);
  storedHere.add(blockKey);
  expectRule(
    c,
    'wal.before-data',
    pageLsn <= walDurable,
    () => `page ${blockKey} is stored as of ${pageLsn}; WAL is durable through ${walDurable}`,
  );
  if (how === 'snapshot') {
    const known = snapshots.get(blockKey);
    const isFirst =
      known !== undefined && known.lsn <= walDurable && before <= known.imageLsn && known.imageLsn <= most;
    const said = known === undefined ? 'none' : `${known.lsn} of ${known.imageLsn}`;
    const found = () =>
      `page ${blockKey} is stored as of ${pageLsn}, before that as of ${before}; its snapshot is ${said}`;
    expectRule(c, 'snapshot.first', isFirst, found);
    snapshots.delete(blockKey);
    return;
  }
  for (const [reader, lsn] of applied)
    expectRule(
      c,
      'page.flush-gate',
      pageLsn <= lsn,
      () => `page ${blockKey} is stored as of ${pageLsn}; ${reader} has applied ${lsn}`,
    );
}

function onMounted(c: Check, { shared }: Monitors, m: TraceOf<'fs.mounted'>): void {
  const { headTx, error, mode, token } = m;
  expectRule(
    c,
    'pfs.journal-atomic',
    error !== 'EIO' || (mode === 'ro' && !shared.isMade),
    () => 'the journal does not have what its leader says',
  );
  if (error === '') shared.isMade = true;
  // FENCE-17: one that is overtaken may have read the journal before its successor wrote there, and is fenced next
  if (error !== '' || mode !== 'rw' || token < shared.token) return;
  expectRule(
    c,
    'pfs.journal-atomic',
    headTx >= shared.headTx,
    () => `mounted as of transaction ${headTx}; ${shared.headTx} was answered`,
  );
}

/**
 * FENCE-17: what a writer that was overtaken hears late was there before its successor looked, and what it does itself before it has heard
 * is refused by the device: neither counts (sweep seeds 2, 3).
 */
const ofWriter =
  <E>(judge: (c: Check, m: Monitors, event: E) => void) =>
  (c: Check, m: Monitors, event: E): void => {
    if (c.node === m.shared.writer) judge(c, m, event);
  };

export const shared: ClusterModule<'shared'> = {
  scope: 'cluster',
  name: 'shared',
  rules: { ...sharedRules, 'ro.never-ahead': neverAhead },
  make: () => ({
    writer: null,
    token: 0,
    kept: 0,
    walDurable: 0,
    acked: 0,
    headTx: 0,
    redo: 0,
    isMade: false,
    pages: new Map(),
    since: -1,
    stored: new Map(),
    storedHere: new Set(),
    snapshots: new Map(),
    applied: new Map(),
    replayed: new Map(),
  }),
  observe: {
    'fs.done': (c, { shared: known }, { error, headTx, mode, call }) => {
      if (error === '') known.headTx = Math.max(known.headTx, headTx);
      const isWhole = mode !== 'ro' || error !== 'EIO';
      expectRule(c, 'pfs.sync-exact', isWhole, () => `${c.node} has no journal to follow: ${call}`);
      const hasRoom = error !== 'ENOSPC' && error !== 'EPFS_FILE_2MANY';
      expectRule(c, 'pfs.room-promised', hasRoom, () => `${c.node}: ${call} ends with ${error}`);
    },
    'fs.mounted': onMounted,
    'fs.checked': (c, _, { issues, first }) =>
      expectRule(c, 'pfs.fsck-clean', issues === 0, () => `${issues} faults, first ${first}`),
    'wal.synced': ofWriter((_, { shared: known }, { last }: TraceOf<'wal.synced'>) => {
      known.walDurable = last;
    }),
    'page.stored': ofWriter(onStored),
    'page.fetched': ofWriter(onFetched),
    'snapshot.logged': ofWriter(
      (_, { shared: { snapshots } }, { blockKey, lsn, imageLsn }: TraceOf<'snapshot.logged'>) =>
        void snapshots.set(blockKey, { lsn, imageLsn }),
    ),
    // a crash may have come between a page's write and its answer; what one hears late was there before (sweep seed 3)
    'redo.page': (_, { shared: { stored } }, { blockKey, pageLsn }) =>
      void stored.set(blockKey, Math.max(stored.get(blockKey) ?? -1, pageLsn)),
    'checkpoint.done': ofWriter(onCheckpoint),
    'promote.step': ofWriter((c, { shared: known }, { step, lsn }: TraceOf<'promote.step'>) => {
      if (step === 'P4') expectForward(c, known, lsn);
    }),
    'wal.pages': ofWriter(onPages),
    'slot.given': ofWriter(
      (_, { shared: { applied } }, { reader, readyLsn }: TraceOf<'slot.given'>) =>
        void applied.set(reader, readyLsn),
    ),
    'slot.dropped': ofWriter((_, { shared: { applied } }, { reader }: TraceOf<'slot.dropped'>) => {
      applied.delete(reader);
    }),
    'ro.lost': ({ node }, { shared: { applied, replayed } }) => {
      applied.delete(node);
      replayed.delete(node);
    },
    'node.down': ({ node }, { shared: { applied, replayed } }) => {
      applied.delete(node);
      replayed.delete(node);
    },
    'fs.synced': (c, _, { mode, from, to, txs }) =>
      expectRule(
        c,
        'pfs.sync-exact',
        mode === 'RELOAD' || txs === to - from,
        () => `${txs} transactions were replayed from ${from} to ${to}`,
      ),
    'page.damaged': (c, _, { blockKey, why }) =>
      expectRule(c, 'pfs.own-bytes', false, () => `page ${blockKey}: ${why}`),
    'index.saved': (c) => expectRule(c, 'logidx.saved-whole', true, () => ''),
    'promote.damaged': (c, _, { table, why }) =>
      expectRule(c, 'logidx.saved-whole', table === 0, () => `table ${table}: ${why}`),
    'index.rebuilt': (c, _, { table, why }) =>
      expectRule(c, 'logidx.saved-whole', false, () => `table ${table}: ${why}`),
    'ro.applied': (c, { shared: { applied, walDurable } }, { applyLsn }) => {
      const { node } = c;
      expectRule(
        c,
        'ro.never-ahead',
        applyLsn <= walDurable,
        () => `${node} has applied ${applyLsn}; WAL is durable through ${walDurable}`,
      );
      const known = applied.get(node);
      if (known !== undefined) applied.set(node, Math.max(known, applyLsn));
    },
    'ro.pageRead'(c, m, event) {
      onPageRead(c, m, event);
      onInside(c, m, event.blockKey);
    },
    'ro.lock': onLock,
    'ddl.granted': ofWriter(onGranted),
    'relation.removed': ofWriter(onRemoved),
    'ro.replayed': onReplayed,
    'commit.ack': (c, { shared: known }, { scn }) => {
      const { writer, kept, walDurable } = known;
      const limit = c.node === writer ? walDurable : kept;
      const holds = scn <= limit;
      expectRule(c, 'shared.ack-after-sync', holds, () => `${scn} is acknowledged, ${limit} is durable`);
      known.acked = Math.max(known.acked, scn);
    },
    'redo.done': (c, { shared: known }, { token, lastLsn }) => {
      // it was frozen while others opened the volume, and goes on with what it had read: the device refuses it (sweep seed 44)
      if (token < known.token) return;
      known.token = token;
      known.writer = c.node;
      known.kept = lastLsn;
      if (known.since < 0) known.since = lastLsn;
      expectRule(
        c,
        'redo.whole',
        lastLsn >= known.acked,
        () => `replay ends at ${lastLsn}; ${known.acked} was acknowledged`,
      );
      known.walDurable = lastLsn;
      known.storedHere.clear();
      known.applied.clear(); // another writer does not know the old slots (LI-63)
      for (const [page, lsns] of known.pages)
        known.pages.set(
          page,
          lsns.filter((lsn) => lsn <= lastLsn),
        );
    },
  },
};
