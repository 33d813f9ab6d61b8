// Every event a person might point at, as one table: kind → rank and fields. Types, binary form (for the running
// hashes) and the list of kinds all come from it. Checkers and monitors read these events and nothing else.
// Ranks (product.md §2): 0 no effect, 1 ordinary, 2 meaningful, 3 beat. Append new kinds at the end.

import {
  BadBytes,
  type ByteReader,
  type ByteWriter,
  readInt,
  readText,
  readU8,
  readUint,
  writeInt,
  writeText,
  writeU8,
  writeUint,
} from '../../base/bytes.ts';
import { writeHotFields } from './trace-hot.ts';

type FieldType = 'int' | 'text' | 'bool' | 'ints';
interface KindSpec {
  readonly rank: 0 | 1 | 2 | 3;
  readonly fields: Readonly<Record<string, FieldType>>;
}

/** A replica found at the start beside what the metadata has heard of it; −1: nothing that can be compared. */
const checkedFields = {
  group: 'text',
  memberEpoch: 'int',
  sequence: 'int',
  scl: 'int',
  knownEpoch: 'int',
  knownSequence: 'int',
  knownScl: 'int',
} as const;

/** What a restore is: lists of the new groups, comma between; sets of each with a bar between. */
const restoreFields = {
  volume: 'text',
  source: 'text',
  lsn: 'int',
  token: 'int',
  startLsn: 'int',
  lastTerm: 'int',
  groups: 'text',
  sources: 'text',
  sets: 'text',
  bases: 'ints',
  writer: 'text',
} as const;

const kinds = {
  // node and world (made by the runner)
  'node.open': { rank: 3, fields: { life: 'int' } },
  'node.boot': { rank: 2, fields: { bootEpoch: 'int' } },
  'net.corrupt': { rank: 2, fields: { from: 'text', error: 'text' } },
  'disk.error': { rank: 2, fields: { error: 'text' } },
  // log, writer side
  /** `groups`: the group of each record, in LSN order, comma between. */
  'mtr.append': {
    rank: 1,
    fields: { first: 'int', last: 'int', tx: 'int', commit: 'bool', term: 'int', groups: 'text' },
  },
  'wal.backpressure': { rank: 2, fields: { tail: 'int', limit: 'int', wanted: 'int' } },
  'wal.send': {
    rank: 1,
    fields: { group: 'text', to: 'text', first: 'int', last: 'int', records: 'int', resend: 'bool' },
  },
  'wal.ackSeen': {
    rank: 0,
    fields: { group: 'text', from: 'text', scl: 'int', token: 'int', counted: 'bool' },
  },
  'mark.pgcl': { rank: 2, fields: { group: 'text', value: 'int', term: 'int' } },
  'mark.vcl': { rank: 2, fields: { value: 'int', term: 'int' } },
  'mark.vdl': { rank: 2, fields: { value: 'int', term: 'int' } },
  'mark.pgmrpl': { rank: 2, fields: { value: 'int' } },
  'commit.ack': { rank: 2, fields: { tx: 'int', scn: 'int', vdl: 'int', term: 'int' } },
  'tx.begin': { rank: 1, fields: { tx: 'int', readPoint: 'int' } },
  'tx.abort': { rank: 2, fields: { tx: 'int', sqlstate: 'text' } },
  'tx.wait': { rank: 1, fields: { tx: 'int', on: 'int' } },
  // log, storage side
  'wal.receive': {
    rank: 1,
    fields: { group: 'text', first: 'int', last: 'int', fresh: 'int', token: 'int' },
  },
  'wal.durable': { rank: 1, fields: { group: 'text', lsns: 'ints', source: 'text' } },
  'wal.ack': { rank: 1, fields: { group: 'text', scl: 'int', nwl: 'int', token: 'int' } },
  'wal.refused': { rank: 2, fields: { group: 'text', from: 'text', code: 'text', value: 'int' } },
  'mark.scl': { rank: 2, fields: { group: 'text', value: 'int', term: 'int' } },
  'mark.known': { rank: 0, fields: { group: 'text', vdl: 'int', groupTail: 'int', pgmrpl: 'int' } },
  'store.failed': { rank: 3, fields: { group: 'text', code: 'text', at: 'int' } },
  // holes
  'hole.open': { rank: 2, fields: { group: 'text', first: 'int', last: 'int' } },
  'hole.sent': {
    rank: 2,
    fields: { group: 'text', first: 'int', last: 'int', to: 'text', counter: 'int', mode: 'text' },
  },
  'hole.serve': {
    rank: 1,
    fields: { group: 'text', first: 'int', last: 'int', to: 'text', records: 'int', error: 'text' },
  },
  'hole.fill': {
    rank: 2,
    fields: { group: 'text', first: 'int', last: 'int', from: 'text', counter: 'int' },
  },
  'hole.split': { rank: 2, fields: { group: 'text', first: 'int', last: 'int', sent: 'bool' } },
  'hole.closed': { rank: 2, fields: { group: 'text', ncl: 'int' } },
  'hole.timeout': { rank: 2, fields: { group: 'text', counter: 'int', to: 'text' } },
  'hole.ignored': { rank: 2, fields: { group: 'text', counter: 'int', from: 'text' } },
  'hole.rebuild': { rank: 2, fields: { group: 'text', ncl: 'int', nwl: 'int', holes: 'int', torn: 'bool' } },
  // pages
  'page.read': { rank: 1, fields: { group: 'text', blockKey: 'int', readPoint: 'int', from: 'text' } },
  'page.served': {
    rank: 1,
    fields: {
      group: 'text',
      blockKey: 'int',
      readPoint: 'int',
      groupReadPoint: 'int',
      pageLsn: 'int',
      error: 'text',
      digest: 'int',
    },
  },
  'page.materialise': { rank: 2, fields: { group: 'text', blockKey: 'int', pageLsn: 'int' } },
  'page.evict': { rank: 1, fields: { blockKey: 'int', pageLsn: 'int', vdl: 'int', dirty: 'bool' } },
  'gc.drop': {
    rank: 2,
    fields: { group: 'text', logFloor: 'int', records: 'int', versions: 'int', pgmrpl: 'int', holdTo: 'int' },
  },
  // tokens and recovery
  'token.grant': { rank: 3, fields: { token: 'int', holder: 'text' } },
  'token.install': { rank: 2, fields: { group: 'text', token: 'int' } },
  'meta.writer': { rank: 3, fields: { writer: 'text', token: 'int', state: 'text' } },
  'recovery.step': { rank: 2, fields: { step: 'text', token: 'int' } },
  'recovery.info': {
    rank: 2,
    fields: {
      group: 'text',
      replica: 'text',
      scl: 'int',
      effectiveScl: 'int',
      knownVdl: 'int',
      groupTail: 'int',
      tailTerm: 'int',
    },
  },
  'recovery.computed': {
    rank: 2,
    fields: { token: 'int', vclPrime: 'int', vdlPrime: 'int', startLsn: 'int' },
  },
  'recovery.history': {
    rank: 2,
    fields: { group: 'text', token: 'int', startLsn: 'int', prevEnd: 'int', maxNwl: 'int', removed: 'ints' },
  },
  'recovery.done': { rank: 3, fields: { token: 'int', vdl: 'int', startLsn: 'int' } },
  'volume.open': { rank: 2, fields: { group: 'text', token: 'int' } },
  'volume.fenced': { rank: 3, fields: { token: 'int', seen: 'int' } },
  // clients: call and return of every operation, for histories and the durability ledger
  'op.invoke': {
    rank: 1,
    fields: { client: 'text', op: 'int', operation: 'text', key: 'text', value: 'text' },
  },
  'op.return': { rank: 1, fields: { client: 'text', op: 'int', outcome: 'text', value: 'text', scn: 'int' } },
  'sql.start': { rank: 2, fields: { session: 'text', request: 'text' } },
  'sql.end': { rank: 2, fields: { session: 'text', request: 'text', outcome: 'text' } },
  'driver.retry': { rank: 1, fields: { session: 'text', attempt: 'int', why: 'text' } },
  // toy
  'toy.add': { rank: 2, fields: { amount: 'int', total: 'int' } },
  // world (made by the fabric): what the tape did, and nodes that went down
  'world.action': { rank: 3, fields: { action: 'text', text: 'text', isUndo: 'bool', hadEffect: 'bool' } },
  'node.down': { rank: 3, fields: { life: 'int', mode: 'text' } },
  // storage node: what a replica promises when it opens again, and a disk that refuses writes for a while
  'store.open': {
    rank: 2,
    fields: {
      group: 'text',
      maxToken: 'int',
      volumeEpoch: 'int',
      memberEpoch: 'int',
      scl: 'int',
      knownVdl: 'int',
      pgmrpl: 'int',
      logFloor: 'int',
    },
  },
  'store.suspended': { rank: 2, fields: { group: 'text', code: 'text' } },
  // an answer to a gap request that is taken; `parts` 0 and `done`: it brought nothing
  'hole.answer': {
    rank: 1,
    fields: { group: 'text', from: 'text', counter: 'int', boot: 'int', parts: 'int', done: 'bool' },
  },
  // scrub: a value on disk found damaged (`lsns`: records given up with it), and good again; what a recovery was told
  'scrub.bad': {
    rank: 3,
    fields: { group: 'text', what: 'text', damage: 'text', lsns: 'ints', blockKey: 'int' },
  },
  'scrub.repaired': { rank: 2, fields: { group: 'text', what: 'text', lsns: 'ints', blockKey: 'int' } },
  'recovery.told': {
    rank: 1,
    fields: { group: 'text', token: 'int', scl: 'int', knownVdl: 'int', error: 'text' },
  },
  // clean exit: the list saved, and what came of it at the next start (`error` empty: used)
  'hole.saved': { rank: 2, fields: { group: 'text', ncl: 'int', nwl: 'int', holes: 'int' } },
  'hole.restore': {
    rank: 2,
    fields: { group: 'text', ncl: 'int', nwl: 'int', holes: 'int', error: 'text' },
  },
  // the writer read a page as of an older read point, to look at it; `pageLsn` −1 with the refusal's code
  'page.probe': {
    rank: 2,
    fields: { blockKey: 'int', readPoint: 'int', pageLsn: 'int', error: 'text', from: 'text' },
  },
  // membership (wal.md §10, pcs.md §10). `sets`: members with a comma between, sets with a bar between
  /** An entry of the metadata changed a group's members; `step`: what it did, `reopened` at a start of the metadata. */
  'group.members': {
    rank: 2,
    fields: { group: 'text', memberEpoch: 'int', step: 'text', sets: 'text', learners: 'text' },
  },
  'group.move.begin': { rank: 2, fields: { group: 'text', from: 'text', to: 'text', lost: 'bool' } },
  /** WAL-64: the SCL that the new member must reach before the change may be committed. */
  'group.move.catchup': { rank: 2, fields: { group: 'text', to: 'text', scl: 'int', target: 'int' } },
  'group.move.done': { rank: 2, fields: { group: 'text', from: 'text', to: 'text', outcome: 'text' } },
  /** A writer works with these members from here on (WAL-65). */
  'member.adopt': {
    rank: 2,
    fields: { group: 'text', memberEpoch: 'int', sets: 'text', learners: 'text', term: 'int' },
  },
  /** A replica's membership is durable (WAL-62); `state`: voter, outgoing or learner. */
  'member.install': {
    rank: 2,
    fields: { group: 'text', memberEpoch: 'int', state: 'text', scl: 'int', volumeEpoch: 'int' },
  },
  /** A removed replica deletes its copy (WAL-66). */
  'member.dropped': { rank: 2, fields: { group: 'text', memberEpoch: 'int' } },
  /** F24: a member's store has lost what the group had there. */
  'disk.lost': { rank: 3, fields: { group: 'text', node: 'text' } },
  // base images (WAL-71)
  'base.start': { rank: 2, fields: { group: 'text', from: 'text', base: 'int', pages: 'int', why: 'text' } },
  'base.chunk': {
    rank: 1,
    fields: { group: 'text', from: 'text', base: 'int', pages: 'int', total: 'int', bytes: 'int' },
  },
  'base.serve': {
    rank: 1,
    fields: { group: 'text', to: 'text', base: 'int', pages: 'int', total: 'int', error: 'text' },
  },
  'base.failed': { rank: 2, fields: { group: 'text', from: 'text', code: 'text' } },
  'base.installed': {
    rank: 2,
    fields: { group: 'text', from: 'text', base: 'int', pages: 'int', scl: 'int', why: 'text' },
  },
  /** F29: fewer members of some set answer than a write needs, or enough again. */
  'group.quorum': { rank: 3, fields: { group: 'text', state: 'text', live: 'int', vw: 'int' } },
  // backup (wal.md §7). At the object store: what has become durable there
  /** A log segment `[first, last)`, and the records in it with their terms. */
  'archive.segment': {
    rank: 2,
    fields: {
      group: 'text',
      first: 'int',
      last: 'int',
      token: 'int',
      from: 'text',
      bytes: 'int',
      lsns: 'ints',
      terms: 'ints',
      sums: 'ints',
    },
  },
  /** A part of a base image. */
  'archive.base': {
    rank: 2,
    fields: { group: 'text', base: 'int', part: 'int', pages: 'int', bytes: 'int', from: 'text' },
  },
  'archive.manifest': {
    rank: 2,
    fields: { volume: 'text', version: 'int', expect: 'int', token: 'int', from: 'text', objects: 'int' },
  },
  /** At a start, with the extents of all groups: a power cut may come after a manifest is durable and before it is told. */
  'archive.standing': { rank: 1, fields: { volume: 'text', version: 'int', token: 'int' } },
  /** What the manifest says anew of a group; ranges as pairs, bases by their LSNs (−2: none). */
  'archive.extent': {
    rank: 1,
    fields: {
      group: 'text',
      version: 'int',
      archiver: 'text',
      appointment: 'int',
      archivedTo: 'int',
      added: 'ints',
      removed: 'ints',
      gaps: 'ints',
      bases: 'ints',
    },
  },
  'archive.refused': { rank: 2, fields: { what: 'text', from: 'text', code: 'text', current: 'int' } },
  /** An object that the manifest may count on is gone or damaged (F31). */
  'archive.bad': {
    rank: 3,
    fields: { name: 'text', group: 'text', first: 'int', last: 'int', damage: 'text' },
  },
  'archive.collected': { rank: 1, fields: { volume: 'text', objects: 'int', bytes: 'int' } },
  // at the metadata and the archiver
  'archive.named': { rank: 2, fields: { group: 'text', archiver: 'text', appointment: 'int', why: 'text' } },
  'archive.begin': {
    rank: 2,
    fields: { group: 'text', appointment: 'int', archivedTo: 'int', version: 'int' },
  },
  'mark.archived': { rank: 2, fields: { group: 'text', value: 'int', version: 'int' } },
  /** BACKUP_GAP: log that the archive does not hold and that cannot be had any more; the object that held it, if one did. */
  'archive.gap': { rank: 3, fields: { group: 'text', first: 'int', last: 'int', name: 'text' } },
  'archive.repaired': { rank: 2, fields: { group: 'text', name: 'text' } },
  /** The object store does not answer, or refuses (F31), and answers again. */
  'archive.outage': { rank: 3, fields: { group: 'text', state: 'text', why: 'text' } },
  // restore to a point in time (WAL-45)
  'restore.begin': { rank: 3, fields: restoreFields },
  /** What the metadata's log holds of a restore at a start: the last life may not have lived to tell. */
  'restore.standing': { rank: 1, fields: { ...restoreFields, state: 'text' } },
  /** `detail`: the group, or the log that is missing. */
  'restore.refused': {
    rank: 3,
    fields: { volume: 'text', source: 'text', code: 'text', lsn: 'int', detail: 'text' },
  },
  /** An object is durable at a replica that is being loaded. */
  'restore.progress': {
    rank: 1,
    fields: { volume: 'text', group: 'text', done: 'int', total: 'int', bytes: 'int', object: 'text' },
  },
  /** What was cut short goes on; `why`: store, meta or archive. */
  'restore.resume': {
    rank: 2,
    fields: { volume: 'text', group: 'text', why: 'text', done: 'int' },
  },
  /** A replica exists; `lsns`: the records above its base image; `sums`: their checksums as records of the source group. */
  'restore.replica': {
    rank: 2,
    fields: {
      volume: 'text',
      group: 'text',
      source: 'text',
      lsn: 'int',
      base: 'int',
      pages: 'int',
      lsns: 'ints',
      sums: 'ints',
      digest: 'int',
      token: 'int',
    },
  },
  /** `lacking`: replicas that the volume opens without, `<node>/<group>` with a comma between. */
  'restore.done': {
    rank: 3,
    fields: { volume: 'text', lsn: 'int', token: 'int', writer: 'text', lacking: 'text' },
  },
  'restore.failed': {
    rank: 3,
    fields: { volume: 'text', group: 'text', code: 'text', object: 'text' },
  },
  'restore.cancelled': { rank: 3, fields: { volume: 'text' } },
  /** Checksums of the records of an MTR whose volume is backed up: what an archive and a restore are held against. */
  'mtr.sums': { rank: 0, fields: { first: 'int', sums: 'ints' } },
  /** What restores under way are made from stays in the object store: of which volumes, and how many objects. */
  'archive.pinned': { rank: 1, fields: { volumes: 'text', objects: 'int' } },
  /** A restored volume is gone with all it held. `groups`: comma between. */
  'volume.dropped': { rank: 3, fields: { volume: 'text', groups: 'text' } },
  /** Groups of all volumes that there are when the metadata starts, told once a second one was ever made. Comma between. */
  'volume.standing': { rank: 1, fields: { groups: 'text' } },
  /** A node that wrote a volume which is gone has ended its writer. */
  'volume.left': { rank: 1, fields: { volume: 'text' } },
  /** An operator's order is answered, after so many times told: what it came to is durable. `code`: why not, or empty. */
  'volume.answered': { rank: 1, fields: { what: 'text', volume: 'text', code: 'text', told: 'int' } },
  'disk.checked': { rank: 1, fields: checkedFields },
  'disk.rolledBack': { rank: 3, fields: checkedFields },
} as const satisfies Record<string, KindSpec>;

export type TraceKind = keyof typeof kinds;
type FieldValue<T extends FieldType> = T extends 'int'
  ? number
  : T extends 'bool'
    ? boolean
    : T extends 'ints'
      ? readonly number[]
      : string;
type FieldsOf<K extends TraceKind> = {
  readonly [F in keyof (typeof kinds)[K]['fields']]: FieldValue<(typeof kinds)[K]['fields'][F] & FieldType>;
};

/** An event as a node emits it. */
export type TraceEvent = { [K in TraceKind]: { readonly kind: K } & FieldsOf<K> }[TraceKind];
/** The event of one kind. */
export type TraceOf<K extends TraceKind> = Extract<TraceEvent, { kind: K }>;

export const traceKinds: readonly TraceKind[] = Object.keys(kinds) as TraceKind[];
const kindIndex = new Map<string, number>(traceKinds.map((kind, i) => [kind, i]));
const layouts = traceKinds.map((kind) => Object.entries((kinds[kind] as KindSpec).fields));

export const traceRank = (kind: TraceKind): 0 | 1 | 2 | 3 => kinds[kind].rank;

/** Appends the binary form of one event. */
export function writeTraceEvent(w: ByteWriter, event: TraceEvent): void {
  const index = kindIndex.get(event.kind);
  if (index === undefined) throw new BadBytes(`unknown trace kind ${event.kind}`);
  writeUint(w, index);
  if (writeHotFields(w, event)) return;
  const record = event as unknown as Record<string, unknown>;
  for (const [field, type] of layouts[index] as [string, FieldType][]) {
    const value = record[field];
    if (type === 'int') writeInt(w, value as number);
    else if (type === 'text') writeText(w, value as string);
    else if (type === 'bool') writeU8(w, value ? 1 : 0);
    else {
      const items = value as readonly number[];
      writeUint(w, items.length);
      for (const item of items) writeInt(w, item);
    }
  }
}

export function readTraceEvent(r: ByteReader): TraceEvent {
  const index = readUint(r);
  const kind = traceKinds[index];
  const layout = layouts[index];
  if (kind === undefined || layout === undefined) throw new BadBytes(`unknown trace kind ${index}`);
  const event: Record<string, unknown> = { kind };
  for (const [field, type] of layout) {
    if (type === 'int') event[field] = readInt(r);
    else if (type === 'text') event[field] = readText(r);
    else if (type === 'bool') event[field] = readU8(r) === 1;
    else {
      const items: number[] = [];
      for (let n = readUint(r); n > 0; n--) items.push(readInt(r));
      event[field] = items;
    }
  }
  return event as unknown as TraceEvent;
}
