// The metadata log of a one-member PCS (docs/spec/pcs.md §3 later): a sealed, append-only list of entries and a snapshot.
// Raft will replace this file and nothing else: an entry is proposed, becomes durable, is then applied in order.
// Loading: snapshot, then the entries above it; a torn tail entry is dropped (it was never answered), a damaged entry
// before the tail or a damaged snapshot is META_CORRUPT (PCS-5).

import {
  bool,
  branded,
  type Codec,
  type Infer,
  int,
  list,
  nullable,
  oneOf,
  struct,
  text,
  uint,
  union,
  variant,
} from '../../base/codec.ts';
import type { GroupId, Lsn, NodeId, Term } from '../../base/ids.ts';
import type { DiskImage, Write } from '../kernel/door.ts';
import { descriptor, historyCodec } from '../kernel/fields.ts';
import { openWith, sealWith } from '../kernel/framing.ts';

/** Entries name their volume since 5. */
const VERSION = 5;
const SNAPSHOT_PREFIX = 'meta/snapshot/';
const ENTRY_PREFIX = 'meta/log/';

const node = branded<NodeId>(text);
const term = branded<Term>(uint);
const group = branded<GroupId>(text);
const lsn = branded<Lsn>(int);
const requestId = { from: node, boot: uint, reqId: uint };

/** What one group of a restored volume is made from: the newest usable base and the log above it (WAL-43). */
const restoreGroup = struct({
  group,
  source: group,
  /** LSN of the base image and the names of its parts. */
  base: lsn,
  parts: list(text),
  /** Names of the log objects in LSN order. */
  logs: list(text),
});

/** A restore to a point in time (WAL-45): begun with its volume, over when every replica is loaded. */
const restorePlan = {
  volume: text,
  source: text,
  lsn,
  /** The source's history cut at `lsn`, and the entry that the new volume begins with. */
  history: historyCodec,
  groups: list(restoreGroup),
};
const restore = struct({
  ...restorePlan,
  state: oneOf('loading', 'done', 'failed'),
  /** What stopped it, empty while nothing has: a code, the object and the group that lack it. */
  code: text,
  object: text,
  group: text,
  since: uint,
});
export type Restore = Infer<typeof restore>;

const operation = union({
  grantToken: variant(0, { ...requestId, volume: text, expect: nullable(term) }),
  setWriter: variant(1, { ...requestId, volume: text, term, state: oneOf('RECOVERING', 'OPEN') }),
  /** A replica is to move; to its own node: made anew there. Times are the proposer's (PCS-32). */
  beginMove: variant(2, {
    ...requestId,
    group,
    source: node,
    to: node,
    isLost: bool,
    at: uint,
    deadline: uint,
  }),
  memberStep: variant(3, {
    ...requestId,
    group,
    step: oneOf('leaveJoint', 'addLearner', 'enterJoint', 'abort', 'finish', 'switch'),
    memberEpoch: uint,
  }),
  /** WAL-45: the new volume and what it is loaded from, as read of one manifest. */
  beginRestore: variant(4, {
    ...requestId,
    ...restorePlan,
    descriptors: list(descriptor),
    writer: node,
    /** Spare seats of the writer's node. */
    seats: uint,
    at: uint,
  }),
  endRestore: variant(5, {
    ...requestId,
    volume: text,
    outcome: oneOf('done', 'failed', 'cancelled'),
    code: text,
    object: text,
    group: text,
  }),
  /** WAL-40: a replica archives the group from here on. */
  nameArchiver: variant(6, { ...requestId, group, to: node, isLast: bool, why: text }),
  /** An order that cannot be done: so that it is answered once, and never done later. */
  refuseOrder: variant(7, { ...requestId, volume: text, source: text, code: text, lsn: int, detail: text }),
  /** A restored volume and all that it holds is given up. */
  dropVolume: variant(8, { ...requestId, volume: text }),
});
export type MetaOperation = Infer<typeof operation>;

const grant = struct({ ...requestId, token: term });

/** A membership change that is open (wal.md §10). */
const move = struct({
  group,
  from: node,
  to: node,
  phase: oneOf('removing', 'removed', 'learner', 'joint', 'leaving', 'aborting'),
  /** The sets before the present step: it is complete when vw of each of them and of each present set have it (WAL-62). */
  before: list(list(node)),
  isLost: bool,
  /** The volume's token at the present step: a greater one that is OPEN has passed R6 in this state (WAL-64). */
  token: term,
  since: uint,
  deadline: uint,
});
export type Move = Infer<typeof move>;

/** The archiver of a group, and the number of its appointment. `isLast`: every member had declined. */
const archiver = struct({ group, node, appointment: uint, isLast: bool });
export type ArchiverEntry = Infer<typeof archiver>;

const volumeState = {
  token: term,
  holder: nullable(node),
  writer: nullable(node),
  state: oneOf('CREATING', 'FENCING', 'RECOVERING', 'OPEN'),
  created: bool,
  mapVersion: uint,
  groups: list(descriptor),
  /** Last grant of each node: the answer to a repeated request (FENCE-1). */
  grants: list(grant),
  /** At most one for each group (WAL-69). */
  moves: list(move),
};
const volumeContent = struct({
  name: text,
  /** Nodes that may write it. */
  writers: list(node),
  ...volumeState,
});
export type VolumeContent = Infer<typeof volumeContent>;

/** An order of an operator and what it came to: the answer to a repeated one. */
const order = struct({ ...requestId, code: text });
export type Order = Infer<typeof order>;

/** The replicated state: what every entry is applied to. */
const content = struct({
  applied: uint,
  /** The first is the one the cluster was made with. */
  volumes: list(volumeContent),
  restores: list(restore),
  /** Groups of restores that are over without a volume: stores that still host one are instructed to delete it. */
  dropped: list(struct({ volume: text, group })),
  /** Of the backed up volume's groups, at most one each. */
  archivers: list(archiver),
  /** Map versions of volumes that are gone: the map version that nodes receive never goes back. */
  mapBase: uint,
  /** Number of groups ever made: a name is used once. */
  groupsMade: uint,
  orders: list(order),
});
export type MetaContent = Infer<typeof content>;

const contentCodec: Codec<MetaContent> = content;
const entryCodec: Codec<{ index: number; operation: MetaOperation }> = struct({ index: uint, operation });

const COPIES = ['a', 'b'] as const;
const SLOTS = [0, 1] as const;
const entryKey = (index: number, copy: string): string =>
  `${ENTRY_PREFIX}${String(index).padStart(12, '0')}${copy}`;
const indexOfKey = (key: string): number => Number.parseInt(key.slice(ENTRY_PREFIX.length), 10);

/** Snapshots go to two slots in turn, so that a torn one leaves the one before it. */
export const snapshotWrite = (state: MetaContent, slot: number): Write => ({
  key: `${SNAPSHOT_PREFIX}${slot}`,
  bytes: sealWith(contentCodec, VERSION, state),
});

/** Two copies: one damaged value never takes a granted token back. */
export function entryWrites(index: number, entry: MetaOperation): Write[] {
  const bytes = sealWith(entryCodec, VERSION, { index, operation: entry });
  return COPIES.map((copy) => ({ key: entryKey(index, copy), bytes }));
}

/** Deletes entries `[first, last]`; only those that the older of two durable snapshots holds may go. */
export function deletionWrites(first: number, last: number): Write[] {
  const writes: Write[] = [];
  for (let index = first; index <= last; index++)
    for (const copy of COPIES) writes.push({ key: entryKey(index, copy), bytes: null });
  return writes;
}

export interface MetaLoaded {
  readonly snapshot: MetaContent | null;
  readonly slot: number;
  /** Entries after the snapshot, in order. */
  readonly entries: readonly MetaOperation[];
  /** Lowest index of which anything is on disk, or the next to be written. */
  readonly firstKept: number;
  readonly error: 'META_CORRUPT' | null;
}

export function loadMeta(disk: DiskImage, broken: readonly string[] = []): MetaLoaded {
  const isChecked = !broken.includes('meta.entries-unchecked');
  const { snapshot, slot } = newestSnapshot(disk);
  const indexes = [...disk.keys()].filter((key) => key.startsWith(ENTRY_PREFIX)).map(indexOfKey);
  const newest = Math.max(0, ...indexes);
  const entries: MetaOperation[] = [];
  const applied = snapshot?.applied ?? 0;
  let error: MetaLoaded['error'] = snapshot === null && newest > 0 ? 'META_CORRUPT' : null;
  for (let index = applied + 1; index <= newest; index++) {
    const operation = readEntry(disk, index, isChecked);
    if (operation !== null) entries.push(operation);
    else if (index < newest) error = 'META_CORRUPT';
  }
  return { snapshot, slot, entries, firstKept: Math.min(applied + 1, ...indexes), error };
}

function newestSnapshot(disk: DiskImage): { snapshot: MetaContent | null; slot: number } {
  let found: { snapshot: MetaContent | null; slot: number } = { snapshot: null, slot: 1 };
  for (const slot of SLOTS) {
    const bytes = disk.get(`${SNAPSHOT_PREFIX}${slot}`);
    const opened = bytes && openWith(contentCodec, VERSION, bytes);
    if (opened?.ok && opened.value.applied >= (found.snapshot?.applied ?? 0))
      found = { snapshot: opened.value, slot };
  }
  return found;
}

function readEntry(disk: DiskImage, index: number, isChecked: boolean): MetaOperation | null {
  for (const copy of COPIES) {
    const bytes = disk.get(entryKey(index, copy));
    const entry = bytes && openWith(entryCodec, VERSION, bytes, isChecked);
    if (entry?.ok && entry.value.index === index) return entry.value.operation;
  }
  return null;
}
