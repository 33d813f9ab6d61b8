// The planted bugs of the replicated log store. Ids are never given again; those that are missing need mechanisms that are
// not built. Above each stands what it does.

import type { MutantName } from '../../core/kernel/mutants.ts';
import type { RuleSlug } from '../../sim/checks/monitor.ts';
import type { Mutant } from '../../sim/checks/mutants.ts';
import { atEnd, atRedo, inWritesOf } from '../../sim/checks/planted.ts';
import { ALWAYS_DUE, FULL_OF_LOG, LONG_VIEW, SKIPPED } from './mutant-tapes.ts';
import { serialMutants } from './serial-mutants.ts';
import { sweptMutants } from './swept-mutants.ts';

const planted = (id: string, name: MutantName, ...caughtBy: RuleSlug[]): Mutant => ({ id, name, caughtBy });
const plantedInBackup = (id: string, name: MutantName, ...caughtBy: RuleSlug[]): Mutant => ({
  ...planted(id, name, ...caughtBy),
  preset: 'cynosdb-backup',
});

const plantedInEngine = (id: string, name: MutantName, ...caughtBy: RuleSlug[]): Mutant => ({
  ...planted(id, name, ...caughtBy),
  counted: true,
});

/** Shows on rows larger than a page. */
const plantedInLargeRows = (id: string, name: MutantName, ...caughtBy: RuleSlug[]): Mutant => ({
  ...planted(id, name, ...caughtBy),
  counted: 'large',
});

/** Shows on a table with secondary indexes. */
const plantedInIndexes = (id: string, name: MutantName, ...caughtBy: RuleSlug[]): Mutant => ({
  ...planted(id, name, ...caughtBy),
  counted: 'indexed',
});

const plantedInPcs = (id: string, name: MutantName, ...caughtBy: RuleSlug[]): Mutant => ({
  ...planted(id, name, ...caughtBy),
  preset: 'cynosdb-pcs',
});

/** Shows on this tape. */
const onTape = (
  mutant: Mutant,
  untilMs: number,
  actions: readonly string[],
  changes: readonly string[] = [],
) => ({
  ...mutant,
  tape: { preset: mutant.preset ?? 'cynosdb', untilMs, changes, actions },
});

/** The same, in the pages that are left. */
const onRedoneTape = (...of: Parameters<typeof onTape>): Mutant => atRedo(onTape(...of));

/** Shows in orders of messages, writes and crashes that only the explorer tries. */
const explored = (mutant: Mutant): Mutant => ({ ...mutant, isExplored: true });

const READS =
  'kind=ycsb-a rows=200 clients=4 thinkUs=1000 ratePerSecond=0 readPercent=50 hotPercent=0 valueBytes=200 load=true';

/** Shows where readers serve a load; `actions` beside it. */
const plantedInReaders = (
  id: string,
  name: MutantName,
  caughtBy: RuleSlug,
  actions: readonly string[] = [],
): Mutant =>
  onTape(
    { ...planted(id, name, caughtBy), preset: 'cynosdb-ro' },
    900,
    [`0.000 workload d1 pages ${READS}`, ...actions],
    ['set bufferPages 36'],
  );

/** Shows where the writer of a volume with an HA group changes. */
const plantedInFailover = (
  id: string,
  name: MutantName,
  caughtBy: RuleSlug,
  untilMs: number,
  actions: readonly string[],
): Mutant => onTape({ ...planted(id, name, caughtBy), preset: 'cynosdb-ha' }, untilMs, actions);

/** Shows in the buffer of a reader that was made a standby, and promoted. */
const plantedInWarm = (
  id: string,
  name: MutantName,
  caughtBy: readonly RuleSlug[],
  actions: readonly string[],
): Mutant => {
  const load =
    '0.000 workload d1 rows kind=kv-insert rows=0 clients=4 thinkUs=1000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true';
  const preset = 'cynosdb-ha';
  const mutant: Mutant = { ...planted(id, name, ...caughtBy), preset };
  return {
    ...mutant,
    tape: {
      preset,
      untilMs: 400,
      changes: [],
      actions: [load, '100.000 moveToHa ro-1 9', ...actions],
      isRedone: true,
    },
  };
};

export const cynosdbMutants: readonly Mutant[] = [
  // lets VDL be VCL, not rounded down to the end of an MTR
  planted('M01', 'writer.commit-at-vcl', 'wal.vdl-is-cpl'),
  // takes a record as durable with one copy too few
  planted('M02', 'writer.ack-at-vw-minus-one', 'wal.pgcl-true'),
  // takes the lowest PGCL for VCL, so that an idle group holds the volume back
  planted('M03', 'writer.vcl-is-min-pgcl', 'wal.vcl-exact'),
  // tells the highest record it holds as its SCL, whatever is missing below
  planted('M04', 'store.scl-ignores-gaps', 'wal.scl-true', 'wal.ack-after-durable'),
  // acknowledges records that are written but not synced
  planted('M05', 'store.ack-before-durable', 'wal.ack-after-durable'),
  // allocates LSNs however far VDL is behind
  planted('M06', 'writer.no-lal', 'wal.back-pressure'),
  // recovers from one replica fewer than a read quorum
  planted('M07', 'recovery.reads-vr-minus-one', 'recovery.read-quorum'),
  // reads the replicas before its token is at the write quorum
  planted('M08', 'recovery.read-before-token', 'recovery.token-before-read'),
  // does not write the history of a recovery to its disk
  planted('M09', 'store.history-in-memory-only', 'fence.epoch-monotone', 'wal.truncated-never-returned'),
  // ends the recovered volume at VCL′, inside an MTR
  planted('M10', 'recovery.keeps-half-mtr', 'wal.vdl-is-cpl'),
  // gives and takes records in repairs whatever their term, also annulled ones
  planted('M11', 'hole.fill-ignores-history', 'wal.truncated-never-returned', 'wal.truncated-removed'),
  // takes batches of any writer
  planted('M12', 'store.no-token-check', 'fence.stale-refused'),
  // does not write the token it was given to its disk
  planted('M13', 'store.token-in-memory-only', 'fence.token-monotone'),
  // follows the history of the longest log, not the one of the highest term
  planted('M14', 'recovery.highest-nwl-first', 'recovery.highest-term', 'wal.acked-survives'),
  // counts what replicas acknowledged to an earlier term
  planted('M15', 'writer.counts-other-tokens', 'wal.own-term-counts'),
  // changes the members of a group at once, without the dual quorum
  planted('M16', 'meta.no-dual', 'member.one-step', 'member.commit-safe'),
  // lets a store that has lost its disk take its old place again, with nothing in it
  planted('M17', 'store.lost-rejoins', 'member.lost-is-learner'),
  // tells a recovery of a shortened SCL when damage hides what it has acknowledged
  planted('M18', 'store.damaged-answers', 'recovery.damaged-abstains', 'wal.acked-survives'),
  // forgets that a part of a split hole was asked for
  planted('M19', 'hole.sent-lost-on-split', 'hole.one-live-request'),
  // asks for holes above SGCL
  planted('M20', 'hole.not-clipped', 'hole.below-sgcl'),
  // marks as data what the late answer to a dropped request covers
  planted('M21', 'hole.late-reply-counts', 'wal.scl-true', 'wal.ack-after-durable'),
  // takes answers to requests of an earlier life
  planted('M22', 'hole.no-boot-epoch', 'hole.own-answer'),
  // tells one position more than it holds in each part of an answer
  planted('M23', 'hole.part-inclusive', 'wal.scl-true', 'wal.ack-after-durable'),
  // takes a partial answer for all that was asked; a batch that meets the gap fails the replica, and the metadata takes it for lost
  planted('M24', 'hole.short-reply-fills', 'wal.scl-true', 'wal.ack-after-durable', 'disk.kept-by-crash'),
  // ends the rebuilt list at the first gap of the chain
  planted('M25', 'hole.rebuild-stops-at-gap', 'hole.rebuild-whole'),
  // lets a dirty page above VDL leave the buffer
  planted('M29', 'compute.evict-above-vdl', 'buffer.evict-below-vdl'),
  // archives all that the archiver holds, not only what is durable at the quorum
  plantedInBackup('M53', 'archive.above-vdl', 'archive.no-annulled', 'archive.whole'),
  // archives while records are missing below the group tail
  plantedInBackup('M54', 'archive.with-holes', 'archive.whole'),
  // counts log as archived before the manifest names it
  plantedInBackup('M55', 'archive.moves-early', 'archive.after-manifest'),
  // replaces the manifest whatever version it has
  plantedInBackup('M56', 'archive.no-cas', 'archive.manifest-cas', 'archive.gapless'),
  // lets an archiver that begins go on from its own VDL, not from where the archive ends
  plantedInBackup('M57', 'archive.starts-at-vdl', 'archive.gapless', 'archive.after-manifest'),
  // drops log that is not archived yet
  plantedInBackup('M58', 'store.gc-ignores-archive', 'archive.gc-behind'),
  // begins a restored volume under the last term of its history
  plantedInBackup('M59', 'restore.old-token', 'restore.token-above'),
  // leaves out the segment that begins at the very point to which a volume is restored
  plantedInBackup('M229', 'restore.leaves-boundary', 'restore.equals-source', 'wal.ack-after-durable'),
  // leaves out the last object of a replica that is restored
  plantedInBackup('M60', 'restore.skips-segment', 'restore.equals-source'),
  // gives the replica of the source a new token as well
  plantedInBackup('M61', 'restore.into-source', 'restore.source-untouched'),
  // changes a record that is restored, and seals it anew
  plantedInBackup('M62', 'restore.alters-record', 'restore.equals-source'),
  // deletes objects that a restore under way is made from
  plantedInBackup('M63', 'archive.no-pins', 'restore.objects-kept'),
  // opens a restored volume before its replicas are loaded
  plantedInBackup('M64', 'restore.opens-early', 'restore.write-quorum'),
  // lets a replica begin whatever the metadata has heard of it beyond what its disk holds
  planted('M65', 'store.rollback-unchecked', 'member.rollback-found'),
  // forgets which requests earlier lives of the writer have carried out, so that a retry runs twice
  plantedInEngine('M66', 'engine.forgets-clients', 'client.exactly-once'),
  // after the wait for a row computes the new version from the old one, not from what was committed meanwhile
  plantedInEngine('M67', 'engine.updates-stale-row', 'client.exactly-once'),
  // frees a dead row and leaves its entry in the index
  plantedInEngine('M68', 'engine.vacuum-leaves-entry', 'page.structure'),
  // splits a page of the index without linking the left half to the new right one
  plantedInEngine('M69', 'engine.split-skips-sibling', 'page.structure'),
  // drops all versions but the newest, also those that readers at PGMRPL need
  plantedInEngine('M72', 'store.gc-keeps-newest', 'page.redo'),
  // drops the version that a read at PGMRPL is made from, where the next one is the LSN after it
  plantedInEngine('M231', 'store.gc-past-floor', 'page.redo'),
  // changes the hint of a page in the buffer without a record
  plantedInEngine('M73', 'engine.hint-unlogged', 'buffer.redo'),
  // deletes the segments that it compacts in the same sync as it writes the new one
  inWritesOf(
    'compaction',
    'compaction: log',
    plantedInEngine('M75', 'store.compaction-deletes-early', 'disk.kept-by-crash'),
  ),
  // counts the object that it is writing as loaded
  inWritesOf(
    'restore',
    'restored: restore',
    plantedInBackup('M76', 'restore.progress-ahead', 'restore.equals-source'),
  ),
  // deletes the objects that the next manifest does not name in the same sync as it writes that manifest
  inWritesOf(
    'archive',
    'manifest: manifest',
    plantedInBackup('M77', 'archive.collects-early', 'disk.kept-by-crash'),
  ),
  // where an answer to a peer is cut in two, leaves out what stands behind the cut and says that it is there
  // (after a loss of power it has less than it claimed, and its disk looks like an older one)
  plantedInEngine(
    'M80',
    'store.reply-cut-skips',
    'wal.scl-true',
    'wal.ack-after-durable',
    'member.rollback-found',
  ),
  // when the sessions are full takes the one that it had forgotten for new, so that a retry runs twice
  plantedInEngine('M81', 'engine.forgotten-is-new', 'client.exactly-once'),
  // leaves the last record out of a segment that it compacts
  plantedInEngine(
    'M82',
    'store.compaction-loses-last',
    'wal.same-records',
    'hole.one-live-request',
    'wal.scl-true',
    'disk.kept-by-crash',
  ),
  // splits a page of the index in one MTR and enters the new page into its parent in another
  plantedInEngine('M74', 'engine.split-in-two-mtrs', 'page.structure'),
  // an update of an indexed column that is not of the primary key gets no entry in the indexes
  plantedInIndexes('M91', 'engine.update-forgets-index', 'page.structure', 'client.paths-agree'),
  // a unique key that an open transaction has written counts as free
  plantedInIndexes('M92', 'engine.unique-ignores-open', 'page.structure'),
  // frees parts of a large value whose end is not committed
  plantedInLargeRows('M161', 'engine.vacuum-frees-unended', 'page.structure', 'client.paths-agree'),
  // an update that leaves a large value alone ends its parts, and the new version still names them
  plantedInLargeRows('M162', 'engine.update-frees-kept', 'page.structure', 'client.paths-agree'),
  // lets PGMRPL be VDL, whatever snapshots are open
  plantedInEngine('M83', 'compute.floor-ignores-snapshots', 'read.floor-below-readers'),
  // drops log and versions that an image which is being copied takes
  plantedInEngine('M84', 'store.gc-ignores-pins', 'page.pinned-kept'),
  // numbers the requests of each of its lives from one, and takes answers to earlier lives for its own
  plantedInEngine('M218', 'node.numbers-begin-anew', 'buffer.redo'),
  // answers a request that has committed in its middle, and no further, as one that is done, when it comes again to a new writer
  plantedInEngine('M222', 'engine.part-is-all', 'client.exactly-once'),
  // carries such a request out from its first statement on
  plantedInEngine('M223', 'engine.part-is-none', 'client.exactly-once'),
  // puts no client on record by a commit that is not its request's last
  plantedInEngine('M224', 'engine.middle-unrecorded', 'client.exactly-once'),
  // asks for a page once, and of one replica only
  plantedInEngine('M85', 'writer.read-no-retry', 'page.read-in-time'),
  // sends log once, and never again what was lost on its way
  plantedInEngine('M78', 'writer.no-resend', 'commit.acked-in-time'),
  // acknowledges metadata entries before they are durable; the explorer catches it too
  plantedInPcs('M86', 'raft.says-before-durable', 'raft.commit-rule'),
  // a member that does not lead leaves out who writes the volume
  plantedInPcs('M88', 'pcs.follower-skips', 'pcs.model'),
  // counts its own copy of an entry before that is durable
  onTape(plantedInPcs('M87', 'raft.counts-unsynced', 'raft.commit-rule'), 160, [
    '100.000 diskStall pcs-3',
    '100.000 cut pcs-3 | pcs-1',
    '110.000 crash rw-1 for 2.000 ms',
  ]),
  // forgets at a restart for whom it voted in the term
  explored(plantedInPcs('M89', 'raft.vote-not-durable', 'raft.one-leader')),
  // commits an entry of an earlier term by counting (figure 8)
  explored(plantedInPcs('M90', 'raft.commits-older-term', 'raft.commit-rule')),
  // changes the voters in one step: majorities of the two sets need not meet
  onTape(plantedInPcs('M95', 'raft.no-joint', 'raft.joint'), 200, ['150.000 addPcs pcs-4']),
  // leaves the dedup table out of its snapshots
  onTape(
    plantedInPcs('M96', 'pcs.snapshot-forgets-requests', 'pcs.model'),
    260,
    [
      '120.000 moveReplica store-3 store-4',
      '170.000 crash pcs-1 for 5.000 ms',
      '200.000 crash rw-1 for 2.000 ms',
    ],
    ['set metaSnapshotEntries 4'],
  ),
  // answers a question without asking the others whether it leads still. The tape: it was frozen, and another leads since
  onTape(
    { ...plantedInPcs('M93', 'raft.reads-without-round', 'pcs.read-fresh'), preset: 'cynosdb-pcs-backup' },
    240,
    ['150.000 freeze pcs-3 for 80.000 ms'],
  ),
  // takes any value for a key into the log of the configuration
  onTape(plantedInPcs('M97', 'pcs.config-unchecked', 'config.valid'), 120, [
    '100.000 putConfig global scrubEveryMs 0',
  ]),
  // an agent that lacks versions between takes the one that comes
  onTape(plantedInPcs('M98', 'agent.skips-gap', 'config.same'), 320, [
    '100.000 putConfig global scrubEveryMs 7',
    '110.000 putConfig global sessionQueue 9',
    '120.000 wipeDisk store-2 for 5.000 ms',
  ]),
  // an agent acknowledges a version before it is durable
  onTape(plantedInPcs('M99', 'agent.acks-early', 'config.durable'), 200, [
    '100.000 putConfig global scrubEveryMs 7',
    '120.000 diskSlow d1 2000 %',
    '125.000 putConfig global scrubEveryMs 8',
    '128.500 crash d1 loseAll for 5.000 ms',
  ]),
  // gives the volume, and its token, to any node that asks
  onTape(
    { ...plantedInPcs('M94', 'pcs.token-to-any', 'fence.token-chosen'), preset: 'cynosdb-pcs-backup' },
    160,
    [],
  ),
  // lets the visible LSN of a reader follow single records
  plantedInReaders('M26', 'reader.shows-half-mtr', 'ro.mtr-atomic'),
  // opens views of a reader at the end of what has arrived, not at the visible LSN
  plantedInReaders('M27', 'reader.reads-at-vdl', 'ro.never-ahead'),
  // forgets the pins of readers whose sessions are not revoked
  plantedInReaders('M28', 'writer.drops-reader-pins', 'store.read-window', LONG_VIEW),
  // counts a reader's pin from its first report on, not from its session's beginning
  plantedInReaders('M37', 'writer.pins-late', 'store.read-window', ['500.000 crash ro-1 for 5.000 ms']),
  // sends Journals without their last record
  plantedInReaders('M111', 'writer.journal-loses-last', 'ro.same-image'),
  // sends the tail as VDL, so that readers show what may not be durable
  plantedInReaders('M112', 'writer.journal-tail-as-vdl', 'ro.never-ahead'),
  // reports the visible LSN as MRPL, whatever views are open
  plantedInReaders('M113', 'reader.reports-newest-mrpl', 'store.read-window', LONG_VIEW),
  // skips records of a page that is being loaded
  plantedInReaders('M114', 'reader.skips-loading', 'ro.same-image', [
    '250.000 latency store-1 > ro-1 ro-2 : 30.000 ms',
    '250.000 latency store-2 > ro-1 ro-2 : 30.000 ms',
    '250.000 latency store-3 > ro-1 ro-2 : 30.000 ms',
    '300.000 crash ro-1 for 5.000 ms',
    '500.000 crash ro-1 for 5.000 ms',
  ]),
  // one of the appliers never gets its blocks, and nobody waits for it
  plantedInReaders('M115', 'reader.loses-applier', 'ro.same-image'),
  // passes over a gap of the stream
  plantedInReaders('M116', 'reader.ignores-gaps', 'ro.same-image', ['400.000 loss rw-1 > ro-1 : 20 %']),
  // serves a request before the visible LSN has reached what it asks for
  plantedInReaders('M117', 'reader.ignores-bound', 'ro.session-monotone', [
    '300.000 latency rw-1 > ro-1 : 30.000 ms',
  ]),
  // asks readers for nothing that the session has seen
  plantedInReaders('M118', 'driver.forgets-session-lsn', 'ro.session-monotone', [
    '300.000 latency rw-1 > ro-1 : 30.000 ms',
  ]),
  // goes on to read when its token is at one replica of each group
  plantedInFailover('M39', 'recovery.token-at-one', 'recovery.token-before-read', 400, [
    '150.000 crash rw-1 for 100.000 ms',
    '150.000 cut ha-1 | store-1 store-2 for 80.000 ms',
  ]),
  // opens the volume, and answers, when its history is at one replica of each group
  plantedInFailover('M130', 'recovery.opens-at-one', 'recovery.open-after-history', 400, [
    '150.000 crash rw-1 for 100.000 ms',
    '150.000 diskSlow store-1 2000 %',
    '150.000 diskSlow store-2 2000 %',
  ]),
  // grants the token of the writer before to the standby
  plantedInFailover('M119', 'pcs.promotes-with-old-token', 'fence.token-unique', 230, [
    '150.000 crash rw-1 for 100.000 ms',
  ]),
  // tells the standby of its token before the grant is committed: the next leader grants the same one to another node
  plantedInFailover('M120', 'pcs.promotes-early', 'fence.token-unique', 300, [
    '150.000 crash rw-1 for 35.000 ms',
    '180.000 cut pcs-3 | pcs-1 pcs-2 for 80.000 ms',
    '180.000 cut ha-1 | pcs-1 pcs-2 for 80.000 ms',
  ]),
  // hands over with log that is not durable
  plantedInFailover('M121', 'attachment.hands-over-early', 'fence.handoff-whole', 300, [
    '0.000 workload d1 rows kind=kv-insert rows=0 clients=4 thinkUs=1000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
    '149.000 cut rw-1 | store-1 store-2 store-3 for 8.000 ms',
    '150.000 switchover ha-1',
  ]),
  // a reader keeps what it held above VDL′ when it follows the new writer
  plantedInFailover('M122', 'reader.keeps-annulled', 'ro.mtr-atomic', 400, [
    '140.000 cut rw-1 | store-1 store-2 store-3 for 100.000 ms',
    '155.000 crash rw-1 for 150.000 ms',
  ]),
  // answers what waits for its log as committed when it is fenced
  plantedInFailover('M123', 'engine.acks-when-fenced', 'fence.stale-write-inert', 400, [
    '0.000 workload d1 rows kind=kv-insert rows=0 clients=4 thinkUs=1000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
    '140.000 cut rw-1 | store-1 store-2 store-3 for 100.000 ms',
    '140.000 cut rw-1 | pcs-1 pcs-2 pcs-3 for 100.000 ms',
  ]),
  // promotes a reader that is no standby when no standby is up
  plantedInFailover('M124', 'pcs.promotes-reader', 'fence.token-chosen', 300, [
    '150.000 crash rw-1 for 250.000 ms',
    '150.000 crash ha-1 for 250.000 ms',
  ]),
  // leaves a writer that its stores do not answer where it is
  plantedInFailover('M207', 'pcs.keeps-cut-off', 'fence.cut-off-replaced', 700, [
    '150.000 cut rw-1 | store-1 store-2 for 500.000 ms',
  ]),
  // a reader releases records as they arrive, whatever VDL says
  plantedInReaders('M125', 'reader.applies-above-vdl', 'ro.never-ahead'),
  // a writer lets a reader go on from all that it has, whatever their histories say
  plantedInFailover('M126', 'writer.joins-ignore-history', 'ro.mtr-atomic', 400, [
    '140.000 cut rw-1 | store-1 store-2 store-3 for 100.000 ms',
    '155.000 crash rw-1 for 150.000 ms',
  ]),
  // a promoted standby goes on with pages that have records above VDL′
  plantedInWarm(
    'M127',
    'attachment.keeps-annulled',
    ['disk.kept-by-crash', 'buffer.redo'],
    ['140.000 cut rw-1 | store-1 store-2 store-3 for 100.000 ms', '155.000 crash rw-1 for 150.000 ms'],
  ),
  // a promoted standby goes on with its pages although records up to VDL′ never came
  plantedInWarm(
    'M128',
    'attachment.keeps-behind',
    ['disk.kept-by-crash', 'buffer.redo'],
    ['145.000 cut rw-1 > ro-1 for 100.000 ms', '155.000 crash rw-1 for 150.000 ms'],
  ),
  // a promoted standby goes on with its pages as they are, without the records up to VDL′ that it held
  plantedInWarm(
    'M129',
    'attachment.keeps-unapplied',
    ['disk.kept-by-crash', 'buffer.redo'],
    ['140.000 cut rw-1 | store-1 store-2 store-3 for 100.000 ms', '155.000 crash rw-1 for 150.000 ms'],
  ),
  // lets others see a transaction when its commit record is written, durable or not
  plantedInEngine(
    'M47',
    'engine.visible-early',
    'client.exactly-once',
    'client.paths-agree',
    'page.structure',
  ),
  // replaces a version of a row that another transaction has replaced meanwhile
  plantedInEngine(
    'M48',
    'engine.skips-first-updater',
    'client.exactly-once',
    'page.structure',
    'client.paths-agree',
  ),
  // gives a relation a name that another transaction is just giving away
  onRedoneTape(planted('M191', 'engine.renames-blindly', 'page.structure'), 400, [
    '150.000 sql d1 setup "create table r (id int primary key, x int); create table s (id int)"',
    '230.000 sql d1 a "begin; create index n on r (x)"',
    '250.000 sql d1 b "alter table s rename to n"',
    '290.000 sql d1 a "commit"',
  ]),
  // an engine goes on in a block of which the session has skipped a number, and commits it (FENCE-47). The tape: a statement of the
  // transaction is cancelled before it leaves the driver's wire
  onTape(
    {
      id: 'M198',
      name: 'engine.skips-unnoticed',
      caughtBy: ['client.block-fails'],
    },
    500,
    SKIPPED,
  ),
  // changes the manifest whenever it is due, so that the archiver of another group always comes too late
  atEnd(
    onTape(
      plantedInBackup('M186', 'archive.yields-never', 'archive.catches-up'),
      4700,
      ALWAYS_DUE.actions,
      ALWAYS_DUE.changes,
    ),
  ),
  // keeps a base image under way that the object store has no room for, and archives no log meanwhile
  atEnd(
    onTape(
      plantedInBackup('M214', 'archive.image-holds-room', 'archive.catches-up'),
      3000,
      FULL_OF_LOG.actions,
      FULL_OF_LOG.changes,
    ),
  ),
  // keeps the records that a recovery annulled
  // What it keeps it also counts in its next acknowledgement, seen first where no trace showed that the record had come; and in its
  // SCL, so that after a loss of power, with less of it, its disk looks like an older one.
  planted('–', 'store.no-truncate', 'wal.truncated-removed', 'wal.ack-after-durable', 'disk.kept-by-crash'),
  ...serialMutants,
  ...sweptMutants,
];
