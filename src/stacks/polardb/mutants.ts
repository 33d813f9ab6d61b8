// Planted bugs of shared storage (docs/proof.md): each shows on a tape of its own, or in the fates of a small world.

import type { Mutant } from '../../sim/checks/mutants.ts';
import { inSweep, inWritesOf, onTapeOf } from '../../sim/checks/planted.ts';

const onTape = onTapeOf('polardb');

const inOrder = (lines: readonly string[]): readonly string[] =>
  [...lines].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b));

const times = (
  count: number,
  from: number,
  step: number,
  line: (at: string, i: number) => string,
): string[] => Array.from({ length: count }, (_, i) => line((from + i * step).toFixed(3), i));

/** A chunk server is added, gets chunks, and is drained. */
const EXCHANGED: readonly string[] = ['300.000 addNode cs-4 chunk a', '500.000 offline cs-4'];

/** Reads while the writer goes on; each reader is cut off from it for less than its lease. */
const CUT = inOrder([
  ...times(30, 300, 12, (at, i) => `${at} sql d1 r${i} "SELECT sum(balance) FROM accounts"`),
  '310.500 cut rw-1 | ro-1 for 35.000 ms',
  '380.500 cut rw-1 | ro-2 for 35.000 ms',
]);

/** Many tables: metadata of the file system changes all the time. */
const tables = (count: number, from: number, step: number): string[] =>
  times(
    count,
    from,
    step,
    (at, i) => `${at} sql d1 t${i % 3} "CREATE TABLE t${i} (id int PRIMARY KEY)"`,
  ).concat(times(count, from + 1, step, (at, i) => `${at} sql d1 t${i % 3} "INSERT INTO t${i} VALUES (1)"`));

const COMPUTE = ['rw-1', 'ro-1', 'ro-2'] as const;

// The pause between grows by 3 ms a round, so that some death falls into a write.
/** While a chunk server is missed, and its groups have no leader yet, whoever writes dies. */
const LOSSES = inOrder([
  ...tables(50, 300, 20),
  ...times(30, 350, 153, (at, i) => `${at} crash cs-${1 + (i % 3)} for 50.000 ms`),
  ...[0, 1, 2].flatMap((n) => times(30, 371, 156, (at) => `${at} crash ${COMPUTE[n]} for 25.000 ms`)),
]);

/** A reader sleeps while the journal of the file system goes round. */
const LAPPED = inOrder([
  ...tables(60, 300, 12),
  '320.000 freeze ro-1 for 800.000 ms',
  ...times(40, 1100, 12, (at, i) => `${at} sql d1 s${i % 4} "SELECT count(*) FROM t${i}"`),
]);

/** Rows of a hundred bytes and more, so that tables of LogIndex are full and saved; readers are late for less than a lease. */
const BULK = inOrder([
  '260.000 sql d1 big "CREATE TABLE big (id int PRIMARY KEY, v text)"',
  ...times(60, 270, 10, (at, i) => {
    const rows = Array.from({ length: 12 }, (_, k) => `(${i * 12 + k}, '${'x'.repeat(120)}')`);
    return `${at} sql d1 big${i % 2} "INSERT INTO big VALUES ${rows.join(', ')}"`;
  }),
  ...times(50, 400, 14, (at, i) => `${at} sql d1 b${i % 4} "SELECT count(*), sum(length(v)) FROM big"`),
  ...times(4, 401, 100, (at, i) => `${at} cut rw-1 | ro-${1 + (i % 2)} for 35.000 ms`),
]);

/** Files of LogIndex are full soon, and pages are stored late; then the writer has time to let files go, and readers read. */
const SMALL_INDEX: readonly string[] = [
  'set indexSegments 32',
  'set indexTables 1',
  'set flushPages 1',
  'set bufferPages 512',
  'set indexMemory 2',
  'set indexKept 1',
];
const QUIET = inOrder([
  '260.000 sql d1 big "CREATE TABLE big (id int PRIMARY KEY, v text)"',
  ...times(30, 270, 10, (at, i) => {
    const rows = Array.from({ length: 12 }, (_, k) => `(${i * 12 + k}, '${'x'.repeat(120)}')`);
    return `${at} sql d1 big${i % 2} "INSERT INTO big VALUES ${rows.join(', ')}"`;
  }),
  '600.000 workloadStop d1 main',
  // pages of before are to be stored still; what readers have of them is gone with their memory
  '320.000 crash ro-1 for 10.000 ms',
  '555.000 crash ro-1 for 10.000 ms',
  '556.000 crash ro-2 for 10.000 ms',
  ...times(20, 335, 10, (at, i) => `${at} sql d1 c${i % 4} "SELECT count(*), sum(length(v)) FROM big"`),
  ...times(40, 640, 15, (at, i) => `${at} sql d1 b${i % 4} "SELECT count(*), sum(length(v)) FROM big"`),
]);

/** Power of all that compute: whoever writes next opens LogIndex by what is saved. */
const dark = (count: number, from: number, step: number): string[] =>
  COMPUTE.flatMap((node) => times(count, from, step, (at) => `${at} crash ${node} for 2.000 ms`));

/** After the second table is saved; and again and again while tables are. */
const REOPENED = inOrder([...BULK, ...dark(1, 283, 1)]);
const SAVING = inOrder([...BULK, ...dark(16, 310, 103)]);

/** F11: clients and chunks hear the writer, the metadata does not. */
const UNSEEN: readonly string[] = ['300.000 cut rw-1 | pcs-1 pcs-2 pcs-3 for 300.000 ms'];

/** A chunk server loses its disk. */
const WIPED: readonly string[] = ['300.000 wipeDisk cs-2 for 20.000 ms'];

/** The writer dies while a reader has not heard of its newest log. */
const KILLED: readonly string[] = ['330.000 cut rw-1 | ro-1 ro-2 for 25.000 ms', '350.000 crash rw-1'];

/** Two changes of the writer, the second soon after the first. */
const REPLAYING: readonly string[] = [
  '330.000 cut rw-1 | ro-1 ro-2 for 35.000 ms',
  '358.000 crash rw-1 for 150.000 ms',
  '520.000 crash ro-1 for 20.000 ms',
];

/** The writer is back before anybody missed it, and has parsed nothing; the readers have. */
const RESTARTED: readonly string[] = ['500.000 crash rw-1 for 5.000 ms'];

/** A reader has a table in an open transaction while the writer drops it; the second one reads it again afterwards. */
const DROPPED: readonly string[] = [
  '230.000 sql d1 ddl "CREATE TABLE t (k int PRIMARY KEY)"',
  '260.000 sql d1 ddl "INSERT INTO t VALUES (1), (2)"',
  '290.000 session d1 hold ro-1 session',
  '300.000 sql d1 hold "BEGIN ISOLATION LEVEL REPEATABLE READ"',
  '310.000 sql d1 hold "SELECT count(*) FROM t"',
  '325.000 sql d1 ddl "BEGIN"',
  '330.000 sql d1 ddl "DROP TABLE t"',
  '400.000 sql d1 hold "SELECT sum(k) FROM t"',
  '450.000 sql d1 ddl "COMMIT"',
  '480.000 sql d1 hold "COMMIT"',
];

/** Files of tables go, and whoever writes next mounts and checks what is left. */
const RELEASED = inOrder([
  ...times(6, 230, 20, (at, i) => `${at} sql d1 ddl "CREATE TABLE t${i} (k int PRIMARY KEY)"`),
  ...times(6, 240, 20, (at, i) => `${at} sql d1 ddl "INSERT INTO t${i} VALUES (1), (2)"`),
  ...times(6, 420, 15, (at, i) => `${at} sql d1 ddl "DROP TABLE t${i}"`),
  '650.000 crash rw-1 for 5.000 ms',
]);

/** Pages that are old are stored behind a snapshot, although a view is open below them. */
const SNAPSHOTS: readonly string[] = [
  'set snapshotOldLsns 20',
  'set snapshotReplayLsns 5',
  'set copySlots 1',
  'set copyLag 20',
];
const HELD = inOrder([
  '230.000 sql d1 w "CREATE TABLE t (k int PRIMARY KEY, v int)"',
  '260.000 sql d1 w "INSERT INTO t VALUES (1, 0), (2, 0), (3, 0)"',
  '400.000 session d1 hold ro-1 session',
  '430.000 sql d1 hold "BEGIN ISOLATION LEVEL REPEATABLE READ"',
  '435.000 sql d1 hold "SELECT count(*) FROM accounts WHERE id = 1"',
  ...times(50, 445, 5, (at, i) => `${at} sql d1 w${i % 2} "UPDATE t SET v = v + 1 WHERE k = ${1 + (i % 3)}"`),
  '720.000 sql d1 hold "SELECT sum(v), count(*) FROM t"',
  '440.000 workloadStop d1 main',
]);

/** Rows of large values until two chunks are full. */
const FULL: readonly string[] = [
  '230.000 sql d1 big "CREATE TABLE big (id int PRIMARY KEY, v text)"',
  ...times(60, 260, 10, (at, i) => {
    const rows = Array.from({ length: 8 }, (_, k) => `(${i * 8 + k}, '${'x'.repeat(1500)}')`);
    return `${at} sql d1 big${i % 3} "INSERT INTO big VALUES ${rows.join(', ')}"`;
  }),
];

export const polardbMutants: readonly Mutant[] = [
  // the bgwriter stores pages whose WAL is not durable
  onTape(1200, BULK, { id: 'M153', name: 'shared.page-before-wal', caughtBy: ['wal.before-data'] }),
  // WAL counts as durable when its write begins
  onTape(400, [], { id: 'M154', name: 'shared.acks-before-sync', caughtBy: ['shared.ack-after-sync'] }),
  // a checkpoint where WAL is durable, whatever is not stored
  onTape(900, CUT, { id: 'M156', name: 'shared.checkpoint-at-durable', caughtBy: ['checkpoint.covers'] }),
  // a reader that is promoted goes on from what it has heard, and does not read the rest of WAL
  onTape(600, KILLED, { id: 'M158', name: 'shared.promote-skips-tail', caughtBy: ['redo.whole'] }),
  // consistentLsn passes background replay in a promote
  onTape(700, REPLAYING, {
    id: 'M38',
    name: 'shared.consistent-passes-replay',
    caughtBy: ['logidx.complete'],
  }),
  // images of the copy buffer are left out of consistentLsn
  onTape(700, CUT, { id: 'M36', name: 'shared.copies-forgotten', caughtBy: ['ro.never-behind'] }),
  // a chunk server makes replicas from nothing on an empty disk, whoever has a log
  onTape(450, WIPED, { id: 'M157', name: 'chunk.starts-unasked', caughtBy: ['chunk.made-once'] }),
  // stores pages beyond what readers have applied
  onTape(700, CUT, {
    id: 'M30',
    name: 'shared.no-flush-gate',
    caughtBy: ['page.flush-gate', 'ro.never-ahead'],
  }),
  // a reader uses an image as it is stored, whatever LogIndex has above it
  onTape(700, CUT, { id: 'M155', name: 'shared.no-logindex', caughtBy: ['logidx.complete'] }),
  // the bloom filter of a saved table leaves out the page of its last entry
  onTape(1200, BULK, {
    id: 'M33',
    name: 'logindex.bloom-misses-last',
    caughtBy: ['logidx.complete'],
  }),
  // files of LogIndex go below what every reader has applied, whatever is not stored
  onTape(
    1200,
    QUIET,
    { id: 'M31', name: 'shared.gc-at-oldest-apply', caughtBy: ['logidx.complete'] },
    SMALL_INDEX,
  ),
  // the meta of LogIndex names a table before the table is written
  onTape(
    2000,
    SAVING,
    { id: 'M34', name: 'logindex.meta-first', caughtBy: ['logidx.saved-whole'] },
    SMALL_INDEX,
  ),
  // a table of LogIndex is saved with a bit that is wrong
  onTape(
    700,
    REOPENED,
    { id: 'M159', name: 'logindex.table-torn', caughtBy: ['logidx.saved-whole'] },
    SMALL_INDEX,
  ),
  // background replay of a promotion begins one record after redoStart
  inSweep(2, {
    id: 'M230',
    name: 'shared.redo-starts-late',
    caughtBy: ['page.structure'],
    preset: 'polardb',
  }),
  // the flush list is in the order of latestLsn
  onTape(900, CUT, { id: 'M35', name: 'shared.list-by-latest', caughtBy: ['checkpoint.covers'] }),
  // the leader record of the journal does not wait for its entries
  onTape(5200, LOSSES, { id: 'M41', name: 'pfs.leader-first', caughtBy: ['pfs.journal-atomic'] }),
  // a reader that was lapped passes over what was trimmed
  onTape(1800, LAPPED, { id: 'M43', name: 'pfs.no-reload', caughtBy: ['pfs.sync-exact'] }),
  // a mount does not replay what is in the journal
  onTape(600, LOSSES, { id: 'M182', name: 'pfs.no-replay', caughtBy: ['redo.whole'] }),
  // the blocks of a file that goes stay in use, in no list
  onTape(900, RELEASED, { id: 'M183', name: 'pfs.leaks-blocks', caughtBy: ['pfs.fsck-clean'] }),
  // a replica applies writes under any token
  onTape(700, UNSEEN, { id: 'M152', name: 'chunk.no-token-check', caughtBy: ['chunk.token-order'] }),
  // stores a page beyond what readers have applied, and logs nothing of what was stored
  {
    id: 'M168',
    name: 'shared.no-snapshot',
    caughtBy: ['snapshot.first'],
    tape: { preset: 'polardb', untilMs: 1100, changes: SNAPSHOTS, actions: HELD },
  },
  // logs as snapshot the image that is to be stored, in place of the one that is
  {
    id: 'M169',
    name: 'shared.snapshot-of-buffer',
    caughtBy: ['snapshot.first'],
    tape: { preset: 'polardb', untilMs: 1100, changes: SNAPSHOTS, actions: HELD },
  },
  // chooses who writes a volume in files by priority alone, however far it lags
  onTape(700, RESTARTED, { id: 'M167', name: 'pcs.ignores-lag', caughtBy: ['fence.candidate-near'] }),
  // a reader replays a lock of the writer while a statement there holds the relation
  onTape(700, DROPPED, { id: 'M165', name: 'shared.lock-over-readers', caughtBy: ['ddl.no-reader-inside'] }),
  // a definition changes, and files may go, once its lock is logged; no reader is waited for
  onTape(700, DROPPED, {
    id: 'M166',
    name: 'shared.ddl-waits-for-nobody',
    caughtBy: ['ddl.readers-first'],
  }),
  // makes pages although the device has no room for them
  onTape(1500, FULL, { id: 'M172', name: 'shared.room-unpromised', caughtBy: ['pfs.room-promised'] }, [
    'set deviceChunks 2',
  ]),
  // removes a chunk server that is drained before it has nothing
  onTape(900, EXCHANGED, { id: 'M170', name: 'pcs.removes-server-early', caughtBy: ['chunk.drained'] }),
  // takes a replica out of a chunk before the one in its place is in
  onTape(700, EXCHANGED, { id: 'M171', name: 'chunk.leaves-first', caughtBy: ['chunk.one-exchange'] }),
  // a chunk server that crashed while it deleted a replica does not go on with it when it starts
  inWritesOf('chunks', 'marks: gone', { id: 'M180', name: 'chunk.keeps-rest', caughtBy: ['chunk.drained'] }),
  // a reader does not look again after a replay whether its page was outdated meanwhile
  onTape(700, CUT, { id: 'M32', name: 'shared.outdate-forgotten', caughtBy: ['ro.never-behind'] }),
  // at a reader records mark no page that is cached
  onTape(700, CUT, { id: 'M173', name: 'shared.no-outdate', caughtBy: ['ro.never-behind'] }),
  // LogIndex has an entry for the first page of a record only, whatever others it names
  onTape(700, CUT, { id: 'M181', name: 'logindex.first-page-only', caughtBy: ['logidx.complete'] }),
  // a writer that mounts leaves files as they are whose name went before a crash, and whose blocks were to be freed next
  inSweep(1, { id: 'M209', name: 'pfs.keeps-orphans', caughtBy: ['pfs.fsck-clean'], preset: 'polardb' }),
];
