// The planted bugs (docs/checkers.md): each switch breaks one rule on purpose, in a tape's header (`broken NAME`), and a
// monitor that knows nothing of it has to catch it. Ids are never given again; those that are missing need mechanisms that
// are not built.

import type { RuleSlug } from './rules.ts';

export interface Mutant {
  readonly id: string;
  /** The switch. */
  readonly name: string;
  readonly does: string;
  /** Rules whose monitors catch it first, the usual one in front. */
  readonly caughtBy: readonly RuleSlug[];
  /** Where it can show, if not in the plain preset. */
  readonly preset?: string;
}

const BACKUP = 'cynosdb-backup';

export const mutants: readonly Mutant[] = [
  {
    id: 'M01',
    name: 'writer.commit-at-vcl',
    does: 'lets VDL be VCL, not rounded down to the end of an MTR',
    caughtBy: ['wal.vdl-is-cpl'],
  },
  {
    id: 'M02',
    name: 'writer.ack-at-vw-minus-one',
    does: 'takes a record as durable with one copy too few',
    caughtBy: ['wal.pgcl-true'],
  },
  {
    id: 'M03',
    name: 'writer.vcl-is-min-pgcl',
    does: 'takes the lowest PGCL for VCL, so that an idle group holds the volume back',
    caughtBy: ['wal.vcl-exact'],
  },
  {
    id: 'M04',
    name: 'store.scl-ignores-gaps',
    does: 'tells the highest record it holds as its SCL, whatever is missing below',
    caughtBy: ['wal.scl-true', 'wal.ack-after-durable'],
  },
  {
    id: 'M05',
    name: 'store.ack-before-durable',
    does: 'acknowledges records that are written but not synced',
    caughtBy: ['wal.ack-after-durable'],
  },
  {
    id: 'M06',
    name: 'writer.no-lal',
    does: 'allocates LSNs however far VDL is behind',
    caughtBy: ['wal.back-pressure'],
  },
  {
    id: 'M07',
    name: 'recovery.reads-vr-minus-one',
    does: 'recovers from one replica fewer than a read quorum',
    caughtBy: ['recovery.read-quorum'],
  },
  {
    id: 'M08',
    name: 'recovery.read-before-token',
    does: 'reads the replicas before its token is at the write quorum',
    caughtBy: ['recovery.token-before-read'],
  },
  {
    id: 'M09',
    name: 'store.history-in-memory-only',
    does: 'does not write the history of a recovery to its disk',
    caughtBy: ['fence.epoch-monotone', 'wal.truncated-never-returned'],
  },
  {
    id: 'M10',
    name: 'recovery.keeps-half-mtr',
    does: 'ends the recovered volume at VCL′, inside an MTR',
    caughtBy: ['wal.vdl-is-cpl'],
  },
  {
    id: 'M11',
    name: 'hole.fill-ignores-history',
    does: 'gives and takes records in repairs whatever their term, also annulled ones',
    caughtBy: ['wal.truncated-never-returned', 'wal.truncated-removed'],
  },
  {
    id: 'M12',
    name: 'store.no-token-check',
    does: 'takes batches of any writer',
    caughtBy: ['fence.stale-refused'],
  },
  {
    id: 'M13',
    name: 'store.token-in-memory-only',
    does: 'does not write the token it was given to its disk',
    caughtBy: ['fence.token-monotone'],
  },
  {
    id: 'M14',
    name: 'recovery.highest-nwl-first',
    does: 'follows the history of the longest log, not the one of the highest term',
    caughtBy: ['recovery.highest-term', 'wal.acked-survives'],
  },
  {
    id: 'M15',
    name: 'writer.counts-other-tokens',
    does: 'counts what replicas acknowledged to an earlier term',
    caughtBy: ['wal.own-term-counts'],
  },
  {
    id: 'M16',
    name: 'meta.no-dual',
    does: 'changes the members of a group at once, without the dual quorum',
    caughtBy: ['member.one-step', 'member.commit-safe'],
  },
  {
    id: 'M17',
    name: 'store.lost-rejoins',
    does: 'lets a store that has lost its disk take its old place again, with nothing in it',
    caughtBy: ['member.lost-is-learner'],
  },
  {
    id: 'M18',
    name: 'store.damaged-answers',
    does: 'tells a recovery of a shortened SCL when damage hides what it has acknowledged',
    caughtBy: ['recovery.damaged-abstains', 'wal.acked-survives'],
  },
  {
    id: 'M19',
    name: 'hole.sent-lost-on-split',
    does: 'forgets that a part of a split hole was asked for',
    caughtBy: ['hole.one-live-request'],
  },
  {
    id: 'M20',
    name: 'hole.not-clipped',
    does: 'asks for holes above SGCL',
    caughtBy: ['hole.below-sgcl'],
  },
  {
    id: 'M21',
    name: 'hole.late-reply-counts',
    does: 'marks as data what the late answer to a dropped request tells of',
    caughtBy: ['wal.scl-true', 'wal.ack-after-durable'],
  },
  {
    id: 'M22',
    name: 'hole.no-boot-epoch',
    does: 'takes answers to requests of an earlier life',
    caughtBy: ['hole.own-answer'],
  },
  {
    id: 'M23',
    name: 'hole.part-inclusive',
    does: 'tells one position more than it holds in each part of an answer',
    caughtBy: ['wal.scl-true', 'wal.ack-after-durable'],
  },
  {
    id: 'M24',
    name: 'hole.short-reply-fills',
    does: 'takes a partial answer for all that was asked',
    caughtBy: ['wal.scl-true', 'wal.ack-after-durable'],
  },
  {
    id: 'M25',
    name: 'hole.rebuild-stops-at-gap',
    does: 'ends the rebuilt list at the first gap of the chain',
    caughtBy: ['hole.rebuild-whole'],
  },
  {
    id: 'M29',
    name: 'compute.evict-above-vdl',
    does: 'lets a dirty page above VDL leave the buffer',
    caughtBy: ['buffer.evict-below-vdl'],
  },
  {
    id: 'M53',
    name: 'archive.above-vdl',
    does: 'archives all that the archiver holds, not only what is durable at the quorum',
    caughtBy: ['archive.no-annulled', 'archive.whole'],
    preset: BACKUP,
  },
  {
    id: 'M54',
    name: 'archive.with-holes',
    does: 'archives while records are missing below the group tail',
    caughtBy: ['archive.whole'],
    preset: BACKUP,
  },
  {
    id: 'M55',
    name: 'archive.moves-early',
    does: 'counts log as archived before the manifest names it',
    caughtBy: ['archive.after-manifest'],
    preset: BACKUP,
  },
  {
    id: 'M56',
    name: 'archive.no-cas',
    does: 'replaces the manifest whatever version it has',
    caughtBy: ['archive.manifest-cas', 'archive.gapless'],
    preset: BACKUP,
  },
  {
    id: 'M57',
    name: 'archive.starts-at-vdl',
    does: 'lets an archiver that begins go on from its own VDL, not from where the archive ends',
    caughtBy: ['archive.gapless', 'archive.after-manifest'],
    preset: BACKUP,
  },
  {
    id: 'M58',
    name: 'store.gc-ignores-archive',
    does: 'drops log that is not archived yet',
    caughtBy: ['archive.gc-behind'],
    preset: BACKUP,
  },
  {
    id: 'M59',
    name: 'restore.old-token',
    does: 'begins a restored volume under the last term of its history',
    caughtBy: ['restore.token-above'],
    preset: BACKUP,
  },
  {
    id: 'M60',
    name: 'restore.skips-segment',
    does: 'leaves out the last object of a replica that is restored',
    caughtBy: ['restore.equals-source'],
    preset: BACKUP,
  },
  {
    id: 'M61',
    name: 'restore.into-source',
    does: 'gives the replica of the source a new token as well',
    caughtBy: ['restore.source-untouched'],
    preset: BACKUP,
  },
  {
    id: 'M62',
    name: 'restore.alters-record',
    does: 'changes a record that is restored, and seals it anew',
    caughtBy: ['restore.equals-source'],
    preset: BACKUP,
  },
  {
    id: 'M63',
    name: 'archive.no-pins',
    does: 'deletes objects that a restore under way is made from',
    caughtBy: ['restore.objects-kept'],
    preset: BACKUP,
  },
  {
    id: 'M64',
    name: 'restore.opens-early',
    does: 'opens a restored volume before its replicas are loaded',
    caughtBy: ['restore.write-quorum'],
    preset: BACKUP,
  },
  {
    id: 'M65',
    name: 'store.rollback-unchecked',
    does: 'lets a replica begin whatever the metadata has heard of it beyond what its disk holds',
    caughtBy: ['member.rollback-found'],
  },
  {
    id: '–',
    name: 'store.no-truncate',
    does: 'keeps the records that a recovery annulled',
    // What it keeps it also counts in its next acknowledgement, seen first where no trace told that the record had come.
    caughtBy: ['wal.truncated-removed', 'wal.ack-after-durable'],
  },
];

export const mutantNames: readonly string[] = mutants.map(({ name }) => name);
