// The planted bugs that no monitor catches (docs/proof.md), and what shows them: apart from mutants.ts, because the lab needs their names only.

import type { MutantName } from '../../core/kernel/mutants.ts';
import type { TestedMutant } from './mutants.ts';

/** A planted bug of a decoder: no monitor need ever meet the damage, a flip of each bit of what it reads does. */
export interface FormatMutant {
  readonly id: string;
  readonly name: MutantName;
  /** The format whose flips catch it (sim/fuzz/targets.ts). */
  readonly format: string;
}

export const formatMutants: readonly FormatMutant[] = [
  // takes a boot epoch whatever its checksum says, so that ids of an earlier life may come again
  { id: 'M70', name: 'node.boot-unchecked', format: 'boot epoch' },
  // takes an entry of the metadata's log whatever its checksum says, before its whole copy is looked at
  { id: 'M71', name: 'meta.entries-unchecked', format: 'metadata value' },
  // the checksum of a boot epoch leaves the first byte of what it says out, wherever it is made or read
  { id: 'M211', name: 'node.boot-sum-forgets-first', format: 'boot epoch' },
  // that of a node's copy of the configuration leaves the last byte out
  { id: 'M212', name: 'agent.sum-forgets-last', format: 'configuration' },
];

export const testedMutants: readonly TestedMutant[] = [
  // a write of a serializable transaction does not meet those who have read what it replaces
  {
    id: 'M100',
    name: 'engine.ignores-predicates',
    shows: 'a group below zero',
    test: 'src/core/engine/serializable.world.test.ts',
  },
  // a serializable transaction commits although another has decided against it
  {
    id: 'M101',
    name: 'engine.commits-doomed',
    shows: 'a group below zero',
    test: 'src/core/engine/serializable.world.test.ts',
  },
  // a serializable transaction whose commit is not durable yet counts as open, so that a conflict to it completes no dangerous structure
  {
    id: 'M220',
    name: 'engine.pending-is-open',
    shows: 'no serial order',
    test: 'src/core/engine/serializable-pending.test.ts',
  },
  // a device takes an acknowledgement of the mount before it, whose writes had the same numbers, for its own
  {
    id: 'M232',
    name: 'chunk.takes-old-acks',
    shows: 'a write that nobody has acknowledged',
    test: 'src/core/chunk/device.test.ts',
  },
  // a scan by an index remembers the rows it found and not the pages
  {
    id: 'M102',
    name: 'engine.gap-unwatched',
    shows: 'too many rows in a range',
    test: 'src/core/engine/serializable.world.test.ts',
  },
  // who has read a page of an index has not read the page that is split from it
  {
    id: 'M103',
    name: 'engine.split-forgets-readers',
    shows: 'too many rows in a range',
    test: 'src/core/engine/serializable.world.test.ts',
  },
  // a serializable transaction is forgotten when it commits, whoever is concurrent with it
  {
    id: 'M104',
    name: 'engine.forgets-committed-readers',
    shows: 'a group below zero',
    test: 'src/core/engine/serializable.world.test.ts',
  },
  // gives a DROP its lock although transactions have read or written the table
  {
    id: 'M105',
    name: 'engine.ignores-readers-locks',
    shows: "a reader's rows gone",
    test: 'src/core/engine/relation-locks.world.test.ts',
  },
  // takes a row for free that another transaction has locked by FOR UPDATE or FOR SHARE
  {
    id: 'M106',
    name: 'engine.ignores-row-locks',
    shows: 'a counter behind',
    test: 'src/core/engine/row-locks.world.test.ts',
  },
  // an update leaves the locks of others on the version that it replaces
  {
    id: 'M107',
    name: 'engine.locks-stay-behind',
    shows: 'a locked key gone',
    test: 'src/core/engine/row-locks.world.test.ts',
  },
  // marks the subtransactions of a commit in an MTR before the commit record
  {
    id: 'M108',
    name: 'engine.subs-committed-early',
    shows: 'half a transaction after a crash',
    test: 'src/core/engine/savepoints.world.test.ts',
  },
  // ROLLBACK TO leaves the xids of the level to be committed with its transaction
  {
    id: 'M109',
    name: 'engine.undo-keeps-level',
    shows: 'rows that were undone',
    test: 'src/core/engine/savepoints.world.test.ts',
  },
  // RELEASE leaves the xids of the level out of the commit
  {
    id: 'M110',
    name: 'engine.release-forgets',
    shows: 'rows missing after the commit',
    test: 'src/core/engine/savepoints.world.test.ts',
  },
  // answers PREPARE TRANSACTION with no record of the transaction in the log
  {
    id: 'M261',
    name: 'engine.prepare-forgotten',
    shows: 'a prepared transaction gone after a crash (TXN-2)',
    test: 'src/core/engine/prepared.test.ts',
  },
  // a new writer takes transactions in doubt for aborted
  {
    id: 'M262',
    name: 'engine.doubt-is-abort',
    shows: 'rows in doubt that are written over (TXN-3)',
    test: 'src/core/engine/prepared.test.ts',
  },
  // COMMIT PREPARED leaves the xids of savepoints out of the commit
  {
    id: 'M263',
    name: 'engine.decide-without-levels',
    shows: 'half a transaction is committed (TXN-4)',
    test: 'src/core/engine/prepared.test.ts',
  },
  // takes a request for new whose first commit was made and whose second was on record and did not come to be
  {
    id: 'M225',
    name: 'engine.forgets-first-commit',
    shows: 'a row that is there twice',
    test: 'src/core/engine/middle-commit.test.ts',
  },
  // a snapshot says the newest members, although a change to these is not committed
  {
    id: 'M226',
    name: 'raft.snapshot-of-newest-members',
    shows: 'members of an open change after a restart',
    test: 'src/core/consensus/raft.world.test.ts',
  },
  // a member that cuts its log forgets all members but the newest, so that a change which is undone leaves none
  {
    id: 'M227',
    name: 'raft.cut-keeps-newest-members',
    shows: 'a member without members',
    test: 'src/core/consensus/raft.world.test.ts',
  },
  // a member whose entries a new leader has replaced goes on by the members that they had named
  {
    id: 'M228',
    name: 'raft.undone-members-stay',
    shows: 'members that no log names',
    test: 'src/core/consensus/raft.world.test.ts',
  },
  // a file's size is published before its bytes are durable
  { id: 'M40', name: 'pfs.size-first', shows: 'bytes of another file', test: 'src/core/pfs/crash.test.ts' },
  // the journal's tail moves before the superblocks have what it lets go
  { id: 'M42', name: 'pfs.trim-early', shows: 'fsck after a crash', test: 'src/core/pfs/crash.test.ts' },
  // a reader does not look whether the journal was trimmed while it read
  {
    id: 'M150',
    name: 'pfs.no-second-look',
    shows: "other metadata than the writer's",
    test: 'src/core/pfs/readers.test.ts',
  },
  // a reader takes entries that were written over for damage when the leader record, read beside them from another chunk, was older
  {
    id: 'M233',
    name: 'pfs.looks-beside',
    shows: 'a journal that is not what its leader says',
    test: 'src/core/pfs/readers.test.ts',
  },
  // an object that begins to come displaces one that still gets its parts, which begins anew and displaces another
  {
    id: 'M234',
    name: 'archive.displaces-uploads',
    shows: 'objects of which none is ever whole',
    test: 'src/core/object-store/object-uploads.test.ts',
  },
  // a reader does not poll again after it has read blocks of a file
  { id: 'M151', name: 'pfs.no-poll', shows: 'bytes of another file', test: 'src/core/pfs/readers.test.ts' },
  // CREATE INDEX CONCURRENTLY leaves its second scan out, which enters the rows of transactions that were open at the first
  {
    id: 'M163',
    name: 'engine.index-scanned-once',
    shows: 'a row without an entry in a valid index',
    test: 'src/sim/fsck/concurrent-index.world.test.ts',
  },
  // an index becomes valid while snapshots are open that may see older versions than it was built from
  {
    id: 'M164',
    name: 'engine.valid-before-snapshots-end',
    shows: 'a row that a scan by the index lacks',
    test: 'src/sim/fsck/concurrent-index.world.test.ts',
  },
  // draws from a sequence without a record of the log
  {
    id: 'M160',
    name: 'engine.sequence-not-logged',
    shows: 'a value that comes twice after a crash',
    test: 'src/core/engine/sequences.world.test.ts',
  },
  // votes again for another candidate of the same term
  {
    id: '–',
    name: 'raft.votes-twice',
    shows: 'two leaders of a term',
    test: 'src/core/consensus/explore.world.test.ts',
  },
  // votes whatever the candidate's log lacks
  {
    id: '–',
    name: 'raft.votes-for-any-log',
    shows: 'a leader without committed entries',
    test: 'src/core/consensus/explore.world.test.ts',
  },
  // cuts its log at an append although the entries agree
  {
    id: '–',
    name: 'raft.truncates-always',
    shows: 'committed entries gone',
    test: 'src/core/consensus/explore.world.test.ts',
  },
  // takes a commit index from a leader for entries that it has not compared with the leader's
  {
    id: '–',
    name: 'raft.commits-unverified',
    shows: 'two contents of one committed index',
    test: 'src/core/consensus/explore.world.test.ts',
  },
];
