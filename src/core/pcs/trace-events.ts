// Events of the metadata. `sets`: members with a comma between, sets with a bar between (trace-table.ts says what a tag and a rank are).

import { type CrashPoints, event, type TraceTable } from '../kernel/trace-table.ts';

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

export const pcsTrace = {
  /** PCS-46: `volume` is to give its keys from `key` on (empty: the middle of its rows) to `child`, a volume that is made for them. */
  'split.begin': event(247, 3, { split: 'int', volume: 'text', child: 'text', key: 'text', why: 'text' }),
  /** The keys are the child's; `lsn`: the last of the parent's log under `token` that has any of them. `tablets`: of the table since. */
  'split.cut': event(248, 3, {
    split: 'int',
    volume: 'text',
    child: 'text',
    key: 'text',
    lsn: 'int',
    token: 'int',
    version: 'int',
    tablets: 'ints',
  }),
  /** It is given up, `code`: why; or it was refused, and `split` is 0. */
  'split.end': event(249, 3, { split: 'int', volume: 'text', child: 'text', code: 'text' }),
  /** PCS-122: `volume` and `other`, whose keys follow, are to give all of them to `child`, a volume that is made for them. */
  'merge.begin': event(256, 3, { merge: 'int', volume: 'text', other: 'text', child: 'text', why: 'text' }),
  /** The keys of both are the child's; `lsn`, `otherLsn`: the last of their logs, under these tokens, that has any of them. */
  'merge.cut': event(257, 3, {
    merge: 'int',
    volume: 'text',
    other: 'text',
    child: 'text',
    lsn: 'int',
    token: 'int',
    otherLsn: 'int',
    otherToken: 'int',
    version: 'int',
  }),
  /** PCS-122: neighbours that have been small and cold together for long are to be one. */
  'plan.cold': event(259, 2, { group: 'text', other: 'text', size: 'int', load: 'int' }),
  /** It is given up, `code`: why; or it was refused, and `merge` is 0. */
  'merge.end': event(258, 3, { merge: 'int', volume: 'text', other: 'text', child: 'text', code: 'text' }),
  'token.grant': event(37, 3, { token: 'int', holder: 'text', volume: 'text' }),
  'meta.writer': event(39, 3, { writer: 'text', token: 'int', state: 'text', volume: 'text' }),
  /** An entry of the metadata changed a group's members; `step`: what it did, `reopened` at a start of the metadata. */
  'group.members': event(64, 2, {
    group: 'text',
    memberEpoch: 'int',
    step: 'text',
    sets: 'text',
    learners: 'text',
  }),
  'group.move.begin': event(65, 2, { group: 'text', from: 'text', to: 'text', lost: 'bool' }),
  /** WAL-64: the SCL that the new member must reach before the change may be committed. */
  'group.move.catchup': event(66, 2, { group: 'text', to: 'text', scl: 'int', target: 'int' }),
  'group.move.done': event(67, 2, { group: 'text', from: 'text', to: 'text', outcome: 'text' }),
  /** F24: a member's store has lost what the group had there. */
  'disk.lost': event(71, 3, { group: 'text', node: 'text' }),
  'archive.named': event(86, 2, { group: 'text', archiver: 'text', appointment: 'int', why: 'text' }),
  'restore.begin': event(92, 3, restoreFields),
  /** What the metadata's log holds of a restore at a start: the last life may not have lived to tell. */
  'restore.standing': event(93, 1, { ...restoreFields, state: 'text' }),
  /** `detail`: the group, or the log that is missing. */
  'restore.refused': event(94, 3, {
    volume: 'text',
    source: 'text',
    code: 'text',
    lsn: 'int',
    detail: 'text',
  }),
  /** `lacking`: replicas that the volume opens without, `<node>/<group>` with a comma between. */
  'restore.done': event(98, 3, { volume: 'text', lsn: 'int', token: 'int', writer: 'text', lacking: 'text' }),
  'restore.failed': event(99, 3, { volume: 'text', group: 'text', code: 'text', object: 'text' }),
  'restore.cancelled': event(100, 3, { volume: 'text' }),
  /** A restored volume is gone with all it held. `groups`: comma between. */
  'volume.dropped': event(103, 3, { volume: 'text', groups: 'text' }),
  /** Groups of all volumes that there are when the metadata starts, traced once a second one was ever made. Comma between. */
  'volume.standing': event(104, 1, { groups: 'text' }),
  // The metadata's Raft log, where it has several members (docs/spec/raft.md).
  /**
   * A member begins: the log that its disk holds, from `first` on; `base`: the term of the entry before that. `as`: its name as a
   * member, with `#n` from the node's second identity on.
   */
  'raft.open': event(130, 1, {
    as: 'text',
    term: 'int',
    first: 'int',
    terms: 'ints',
    sums: 'ints',
    base: 'int',
  }),
  'raft.candidate': event(131, 1, { term: 'int' }),
  'raft.vote': event(132, 1, { term: 'int', candidate: 'text' }),
  /** Elected; `index`, `lastTerm`: how its log ends then. */
  'raft.leader': event(133, 3, { term: 'int', index: 'int', lastTerm: 'int' }),
  /** Follows, after it was a candidate or led: it steps down. */
  'raft.follower': event(134, 1, { term: 'int' }),
  /** Entries are durable here, and replace what was there from `first` on. `sums`: checksums of what they carry. */
  'raft.durable': event(135, 0, { first: 'int', terms: 'ints', sums: 'ints' }),
  'raft.truncate': event(136, 1, { from: 'int' }),
  /** `leads`: it commits by counting; else its leader said so. */
  'raft.commit': event(137, 0, { index: 'int', term: 'int', leads: 'bool' }),
  /** The configuration in force, committed or not. Comma between names of members. */
  'raft.members': event(138, 1, { index: 'int', voters: 'text', outgoing: 'text', learners: 'text' }),
  /** `what`: taken, sent or installed; `peer`: to whom. */
  'raft.snapshot': event(139, 1, { index: 'int', what: 'text', peer: 'text' }),
  /** The disk is not the one that made this member's promises: it votes for nobody and acknowledges nothing. */
  'raft.identityLost': event(140, 3, { why: 'text' }),
  /** An entry was applied; `sum`: of all entries up to it and what came of each. */
  'pcs.apply': event(141, 0, { index: 'int', sum: 'int' }),
  /** A question came, and was answered as of `applied`. */
  'pcs.ask': event(142, 0, { id: 'int' }),
  'pcs.answer': event(143, 0, { id: 'int', applied: 'int' }),
  /** PCS-106: a node is to come into the metadata's log or out of it; `want`: in or out. */
  'pcs.change.begin': event(144, 2, { node: 'text', want: 'text' }),
  /** PCS-105: the node's new identity. */
  'pcs.admitted': event(145, 2, { node: 'text', as: 'text' }),
  'pcs.change.done': event(146, 2, { node: 'text', want: 'text' }),
  /** An operator's order is answered; `code` is empty when it was carried out. */
  'pcs.order': event(147, 1, { what: 'text', code: 'text' }),
  /** FENCE-20: the PCS chooses who is to write the volume; `why`: what became of the one that did. */
  'ha.candidate': event(187, 1, {
    volume: 'text',
    candidate: 'text',
    priority: 'int',
    applyLsn: 'int',
    why: 'text',
    from: 'text',
  }),
  /** FENCE-22: a candidate that is up has applied so much less than the last known VDL; `others`: candidates that have not lagged so far. */
  'ha.lags': event(111, 2, { volume: 'text', candidate: 'text', applyLsn: 'int', vdl: 'int', others: 'int' }),
  /** FENCE-20: no node of the HA group is up; it is looked for again. */
  'ha.noCandidate': event(188, 1, { volume: 'text', why: 'text' }),
  /** FENCE-33: a planned switchover; `state`: begin, or why it was given up. */
  /** FENCE-57: for `silentUs` no write quorum has answered `writer`, and one has just answered `standby`. */
  'ha.cutOff': event(198, 1, {
    volume: 'text',
    token: 'int',
    writer: 'text',
    silentUs: 'int',
    standby: 'text',
  }),
  'ha.switch': event(189, 1, { volume: 'text', target: 'text', state: 'text' }),
  /** FENCE-18: a reader is a standby now. */
  /** At every member of the metadata's log, when it applies the entry: whoever proposed it may lead no more. */
  'ha.applied': event(195, 0, { volume: 'text', node: 'text' }),
  'ha.member': event(190, 1, { volume: 'text', node: 'text', priority: 'int' }),
  /** PCS-3: a node that was added is one of the cluster's, by what is committed. */
  'node.joined': event(157, 3, { node: 'text', volume: 'text' }),
  /** PCS-79: the node serves no more, by what is committed; its name is used up. */
  'node.removed': event(158, 3, { node: 'text', volume: 'text' }),
  // where tables are cut into tablets (sharding.ts)
  /** PCS-48: a token that nobody has yet; the replicas are asked under it. */
  'volume.fence': event(203, 2, { volume: 'text', token: 'int' }),
  /** PCS-49: the group needs another primary. */
  /** It has answered, and is not heard any more, or its peers did not answer it (FENCE-57): another is appointed, whatever it holds. */
  'leader.passed': event(217, 1, { volume: 'text', token: 'int', replica: 'text' }),
  /** PCS-75: an operator of the planner is begun; `why`: a `PlanReason` (placement/plan-reason.ts), or ISOLATE, a transfer where a hot group stays. */
  'plan.begin': event(214, 2, { group: 'text', from: 'text', to: 'text', why: 'text' }),
  /**
   * PCS-74: a group that has been hot for long enough, with the buckets of its keys (a JSON array, and the requests of each); `key`: it is
   * split there; empty: it has one bucket at most and is isolated.
   */
  'plan.hot': event(166, 2, {
    group: 'text',
    volume: 'text',
    load: 'int',
    keys: 'text',
    loads: 'ints',
    key: 'text',
  }),
  /** Nothing that it began is open, and nothing more is worth its while: again when it had something to do, or another leads. */
  'plan.rest': event(216, 1, { groups: 'int' }),
  /** PCS-79: replicas are to leave the node, or may come again. */
  'node.offline': event(215, 3, { node: 'text', isOffline: 'bool' }),
  /** FS-76: a replica of the chunk is to come to `to`, and the one on `from` is to go; each may be empty. `outcome`: `begun`, `done` or `failed`. */
  'chunk.move': event(117, 3, { group: 'text', from: 'text', to: 'text', why: 'text', outcome: 'text' }),
  'leader.lost': event(208, 2, { volume: 'text', leader: 'text', why: 'text' }),
  /** PCS-49: what a replica holds under a token that nobody has yet. */
  'leader.answer': event(204, 1, {
    volume: 'text',
    token: 'int',
    replica: 'text',
    tailTerm: 'int',
    ncl: 'int',
  }),
  /** PCS-39: a tablet has a group and a volume, with these replicas, of which `leader` is to write. */
  'group.made': event(205, 3, {
    group: 'text',
    volume: 'text',
    keyFirst: 'int',
    keyEnd: 'int',
    voters: 'text',
    leader: 'text',
    vw: 'int',
    vr: 'int',
  }),
  /** The group's shards as they are now, in LSN order (PCS-37); `ends`: −1 of the open one. */
  'group.shards': event(206, 2, { group: 'text', shards: 'ints', firsts: 'ints', ends: 'ints' }),
  /** PCS-85: a table is `prepared`, `dropping`, `active` or `dropped` as of this version. */
  'table.step': event(207, 3, { table: 'text', version: 'int', state: 'text', tablets: 'ints' }),
  /** The node runs under no identity and asks to be added: `why`. */
  'pcs.idle': event(148, 1, { why: 'text' }),
} as const satisfies TraceTable;

export const metadataCrashPoints = { token: { kind: 'token.grant' } } as const satisfies CrashPoints;

declare module '../kernel/trace.ts' {
  interface TraceTables {
    pcs: typeof pcsTrace;
  }
}
