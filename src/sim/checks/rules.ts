// The registry of monitored rules: slug → rule ids of docs/spec and what it claims. Monitors, tests, the list of
// violations and captions name rules by these slugs.

export const rules = {
  'wal.ack-after-durable': {
    ids: ['WAL-28', 'WAL-14'],
    claim: 'a replica acknowledges only records that are durable on its disk',
  },
  'wal.scl-true': {
    ids: ['WAL-14'],
    claim: 'SCL is the last record that a replica holds without a gap below it',
  },
  'wal.pgcl-true': { ids: ['WAL-15'], claim: 'PGCL never exceeds what the write quorum holds durably' },
  'wal.quorum-overlap': {
    ids: ['WAL-15', 'WAL-16'],
    claim: 'every record at or below VCL and VDL is durable at its write quorum',
  },
  'wal.vcl-exact': { ids: ['WAL-16'], claim: 'VCL is as high as the PGCLs of the groups allow' },
  'wal.own-term-counts': {
    ids: ['WAL-15'],
    claim: 'only what was acknowledged under the writer’s own token counts',
  },
  'wal.vdl-is-cpl': { ids: ['WAL-17'], claim: 'VDL is the LSN of the last record of an MTR' },
  'wal.marks-monotone': {
    ids: ['WAL-18'],
    claim: 'PGCL, VCL and VDL never decrease within a term; VDL never at all',
  },
  'wal.acked-at-vdl': {
    ids: ['WAL-19', 'WAL-5'],
    claim: 'a commit is acknowledged only when VDL has reached its commit record',
  },
  'wal.acked-survives': {
    ids: ['WAL-20', 'WAL-55'],
    claim: 'an acknowledged commit is in every later history',
  },
  'wal.lsn-never-reused': {
    ids: ['WAL-53', 'FENCE-31'],
    claim: 'no LSN is given to two records that could both survive',
  },
  'wal.mtr-contiguous': { ids: ['WAL-1', 'WAL-3'], claim: 'LSNs are given one by one, MTR after MTR' },
  'wal.truncated-removed': {
    ids: ['HOLE-43', 'WAL-59'],
    claim: 'a replica that installs a history deletes every record the history annuls',
  },
  'wal.truncated-never-returned': {
    ids: ['WAL-56'],
    claim: 'an annulled record never comes back to a replica that knows the history',
  },
  'wal.back-pressure': { ids: ['WAL-7'], claim: 'allocation never runs further ahead of VDL than LAL' },
  'recovery.token-before-read': {
    ids: ['WAL-50', 'FENCE-25'],
    claim: 'recovery reads only after its token is at the write quorum of every group',
  },
  'recovery.read-quorum': {
    ids: ['WAL-63', 'FENCE-26'],
    claim: 'a recovery goes by a read quorum of every group',
  },
  'recovery.highest-term': {
    ids: ['WAL-51', 'WAL-73'],
    claim: 'a recovery follows the history with the highest term',
  },
  'fence.stale-refused': {
    ids: ['WAL-46', 'FENCE-5'],
    claim: 'a replica takes nothing under a token below the one it has installed',
  },
  'fence.epoch-monotone': {
    ids: ['WAL-48', 'HOLE-58'],
    claim: 'the history a replica has installed is still there after any crash',
  },
  'fence.token-monotone': {
    ids: ['FENCE-4', 'WAL-48'],
    claim: 'a replica’s token never decreases, across any crash',
  },
  'fence.token-unique': { ids: ['FENCE-1'], claim: 'tokens are granted once, strictly increasing' },
  'hole.one-live-request': {
    ids: ['HOLE-24', 'HOLE-13'],
    claim: 'every position of a hole is asked for by at most one live request',
  },
  'hole.own-answer': {
    ids: ['HOLE-28', 'HOLE-34'],
    claim: 'only answers to requests of this life of a node are taken',
  },
  'hole.rebuild-whole': {
    ids: ['HOLE-53', 'HOLE-54'],
    claim: 'a list rebuilt after a crash reaches as far as the log does',
  },
  'scrub.repaired': {
    ids: ['WAL-39', 'HOLE-55'],
    claim: 'what a disk has lost comes back from a peer',
  },
  'hole.below-sgcl': { ids: ['HOLE-19'], claim: 'no request reaches above SGCL' },
  'buffer.evict-below-vdl': { ids: ['WAL-10'], claim: 'a dirty page leaves the buffer only at or below VDL' },
  'page.same-bytes': {
    ids: ['WAL-35'],
    claim: 'two replicas give the same bytes for the same page and read point',
  },
  'page.read-point': { ids: ['WAL-34', 'WAL-35'], claim: 'a page is never newer than the read point' },
  'member.quorums-meet': {
    ids: ['WAL-21'],
    claim: 'in every set of members two write quorums meet, and a read quorum meets each of them',
  },
  'member.one-step': {
    ids: ['WAL-62', 'WAL-67', 'WAL-69'],
    claim: 'the members of a group change through a dual state only, one memberEpoch at each step',
  },
  'member.commit-safe': {
    ids: ['WAL-64', 'WAL-63'],
    claim: 'when a change of members is committed every read quorum of the new set has every durable record',
  },
  'member.epoch-monotone': {
    ids: ['WAL-48'],
    claim: 'a replica’s memberEpoch never decreases, across any crash',
  },
  'member.lost-is-learner': {
    ids: ['WAL-71'],
    claim: 'a replica that has lost its disk takes part again only after a base image, as a learner',
  },
  'member.rollback-found': {
    ids: ['WAL-75'],
    claim: 'a replica found at a start begins iff its disk holds all that the metadata has heard of it',
  },
  'base.in-bounds': {
    ids: ['WAL-71'],
    claim: 'a base image is as of a point that is durable and that no reader reads below',
  },
  'archive.no-annulled': {
    ids: ['WAL-40', 'WAL-56'],
    claim: 'the archive holds nothing above VDL and nothing that a recovery annuls',
  },
  'archive.whole': {
    ids: ['WAL-41'],
    claim: 'a log segment of the archive holds every record of its group in its range, and no other',
  },
  'archive.gapless': {
    ids: ['WAL-41'],
    claim: 'the segments of a group follow each other without a gap, or the manifest names it',
  },
  'archive.manifest-cas': {
    ids: ['WAL-42'],
    claim: 'each manifest follows the one before it, under a token that is not lower',
  },
  'archive.after-manifest': {
    ids: ['WAL-42'],
    claim: 'log counts as archived only when the manifest that names it is durable',
  },
  'archive.gc-behind': { ids: ['WAL-36', 'WAL-37'], claim: 'no log is dropped before it is archived' },
  'archive.catches-up': {
    ids: ['WAL-40'],
    claim: 'after healing the archive reaches the end of the log',
  },
  'recovery.damaged-abstains': {
    ids: ['WAL-39'],
    claim: 'a replica never tells a recovery of less than it has acknowledged',
  },
  'restore.token-above': {
    ids: ['WAL-45'],
    claim: 'a restored volume begins under a token above every term of its history',
  },
  'restore.equals-source': {
    ids: ['WAL-45', 'WAL-43'],
    claim: 'a restored volume holds exactly the records and pages that its source had at that point',
  },
  'restore.source-untouched': {
    ids: ['WAL-45'],
    claim: 'a restore changes nothing of the volume that it restores from',
  },
  'restore.completes': {
    ids: ['WAL-45'],
    claim: 'after healing a restore that was begun is done, or says why it is not',
  },
  'restore.objects-kept': {
    ids: ['WAL-45'],
    claim: 'no object that a running restore is made from is deleted before it ends',
  },
  'restore.write-quorum': {
    ids: ['WAL-45', 'WAL-15'],
    claim: 'a restored volume opens only when a write quorum of every group holds it',
  },
  'client.linearizable': {
    ids: ['WAL-20', 'WAL-22'],
    claim: 'operations on one key can be put in one order that every client saw',
  },
  'client.acked-present': { ids: ['WAL-20'], claim: 'every acknowledged write is there at the end' },
  'cluster.converges': {
    ids: ['WAL-18', 'HOLE-40'],
    claim: 'after healing every replica holds the whole log, without holes',
  },
  'cluster.progress': { ids: ['FENCE-24'], claim: 'after healing the volume opens and commits again' },
} as const satisfies Record<string, { readonly ids: readonly string[]; readonly claim: string }>;

export type RuleSlug = keyof typeof rules;
export const ruleSlugs: readonly RuleSlug[] = Object.keys(rules) as RuleSlug[];
