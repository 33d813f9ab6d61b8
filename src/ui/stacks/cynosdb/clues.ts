// For each rule that a monitor watches: which event breaks it, and which earlier one it cannot stand beside. The monitors
// (src/sim/checks) tell a violation in words; here stands where in the trace its two facts are.

import type { TraceEvent } from '../../../core/kernel/trace.ts';
import type { RuleSlug } from '../../../sim/checks/monitor.ts';
import { type Clue, clue, numberOf, type Quoted, type Shared } from '../../lens/checks/clue.ts';

const ofReplica: readonly Shared[] = ['node', 'group'];

const mark = (event: TraceEvent): number => numberOf(event, 'value', 'scn', 'vdlPrime');
const token = (event: TraceEvent): number => numberOf(event, 'token', 'maxToken');

/** A replica that reported it holds less than the mark. */
const holdsLess = (offence: TraceEvent, earlier: TraceEvent): boolean =>
  numberOf(earlier, 'scl') < mark(offence);
const isHigher = (offence: TraceEvent, earlier: TraceEvent): boolean =>
  earlier.kind === offence.kind && mark(earlier) > mark(offence);
const hasHigherToken = (offence: TraceEvent, earlier: TraceEvent): boolean => token(earlier) > token(offence);
/** The end of the range that an event names, which is not in it. */
const endOf = (event: TraceEvent): number => numberOf(event, 'end');
const overlaps = (offence: TraceEvent, earlier: TraceEvent): boolean =>
  numberOf(earlier, 'first') < endOf(offence) && numberOf(offence, 'first') < endOf(earlier);
/** An LSN of the range that is not its last. */
const isInside = (offence: TraceEvent, earlier: TraceEvent): boolean =>
  numberOf(earlier, 'first') <= mark(offence) && mark(offence) < endOf(earlier) - 1;

/** The MTR of the first record that was not where it should be. */
const isMissing = (_offence: TraceEvent, earlier: TraceEvent, { last }: Quoted): boolean =>
  numberOf(earlier, 'first') <= last + 1 && last + 1 < endOf(earlier);
/** A hole right above what the disk holds without a gap; else what became durable last. */
const isGap = (_offence: TraceEvent, earlier: TraceEvent, { last }: Quoted): boolean =>
  earlier.kind !== 'hole.open' || (earlier.first <= last + 1 && last < earlier.end);

const isSameVolume = (offence: TraceEvent, earlier: TraceEvent): boolean =>
  'volume' in offence && 'volume' in earlier && offence.volume === earlier.volume;

const none: Clue = { offence: [], against: [], shared: [] };

/** A rule without one is said of the whole run. */
export const clues: Readonly<Partial<Record<RuleSlug, Clue>>> = {
  'wal.ack-after-durable': clue(['wal.ack'], ['hole.open', 'wal.durable'], ofReplica, isGap),
  'wal.scl-true': clue(['mark.scl'], ['hole.open', 'wal.durable'], ofReplica, isGap),
  'wal.pgcl-true': clue(['mark.pgcl'], ['wal.ack'], ['group'], holdsLess),
  'wal.quorum-overlap': clue(['mark.vcl', 'mark.vdl'], ['mtr.append'], [], isMissing),
  'wal.vcl-exact': clue(
    ['mark.vcl'],
    ['mark.pgcl'],
    ['node'],
    (offence, earlier) => mark(earlier) > mark(offence),
  ),
  'wal.own-term-counts': clue(['wal.ackSeen'], ['token.grant'], []),
  'wal.vdl-is-cpl': clue(['mark.vdl', 'recovery.computed'], ['mtr.append'], [], isInside),
  'wal.marks-monotone': clue(
    ['mark.pgcl', 'mark.vcl', 'mark.vdl'],
    ['mark.pgcl', 'mark.vcl', 'mark.vdl'],
    [],
    isHigher,
  ),
  'wal.acked-at-vdl': clue(['commit.ack'], ['mtr.append'], [], isMissing),
  'wal.acked-survives': clue(
    ['recovery.computed'],
    ['commit.ack', 'mark.vdl'],
    [],
    (offence, earlier) => mark(earlier) > mark(offence),
  ),
  'wal.lsn-never-reused': clue(['mtr.append'], ['mtr.append'], [], overlaps),
  'wal.mtr-contiguous': clue(['mtr.append'], ['mtr.append', 'recovery.computed'], []),
  'wal.truncated-removed': clue(['recovery.history'], ['wal.durable'], ofReplica, (offence, earlier) => {
    const [above, below] = [numberOf(offence, 'prevEnd'), numberOf(offence, 'startLsn')];
    return earlier.kind === 'wal.durable' && earlier.lsns.some((lsn) => lsn > above && lsn < below);
  }),
  'wal.truncated-never-returned': clue(['wal.durable'], ['recovery.history', 'recovery.computed'], ['group']),
  'wal.back-pressure': clue(['mtr.append'], ['mark.vdl'], []),
  'recovery.token-before-read': clue(
    ['recovery.step'],
    ['token.grant', 'token.install'],
    [],
    (offence, earlier) => token(earlier) === token(offence),
  ),
  'recovery.open-after-history': clue(
    ['recovery.step'],
    ['recovery.computed', 'recovery.history'],
    [],
    (offence, earlier) => token(earlier) === token(offence),
  ),
  'recovery.read-quorum': clue(
    ['recovery.computed'],
    ['recovery.info'],
    ['node'],
    (_offence, earlier, { words }) => 'group' in earlier && words.has(earlier.group),
  ),
  'recovery.highest-term': clue(
    ['recovery.computed'],
    ['recovery.info'],
    ['node'],
    (_offence, earlier, { words }) => words.has(String(numberOf(earlier, 'tailTerm'))),
  ),
  'fence.stale-refused': clue(['wal.receive'], ['token.install', 'store.open'], ofReplica, hasHigherToken),
  'fence.epoch-monotone': clue(
    ['store.open'],
    ['recovery.history'],
    ofReplica,
    (offence, earlier) => token(earlier) > numberOf(offence, 'volumeEpoch'),
  ),
  'fence.token-monotone': clue(
    ['store.open', 'wal.ack', 'token.install'],
    ['token.install', 'store.open'],
    ofReplica,
    (offence, earlier) => token(earlier) > numberOf(offence, 'maxToken', 'token'),
  ),
  'raft.one-leader': clue(['raft.leader'], ['raft.leader'], []),
  'raft.joint': clue(['raft.members'], ['raft.members'], ['node']),
  'raft.commit-rule': clue(['raft.commit', 'raft.leader'], ['raft.durable'], []),
  'raft.log-matching': clue(['raft.durable', 'raft.open'], ['raft.durable'], []),
  'pcs.model': clue(['pcs.apply'], ['pcs.apply'], []),
  'pcs.read-fresh': clue(['pcs.answer'], ['raft.commit'], []),
  'config.valid': clue(['config.put'], ['config.put'], []),
  'config.same': clue(['config.applied'], ['config.put'], []),
  'config.durable': clue(['config.drift'], ['config.applied'], []),
  'fence.token-chosen': clue(['token.grant'], ['token.grant'], []),
  'fence.token-unique': clue(['token.grant', 'recovery.step'], ['token.grant', 'recovery.step'], []),
  'fence.stale-write-inert': clue(
    ['commit.ack', 'recovery.computed'],
    ['recovery.computed', 'commit.ack'],
    [],
  ),
  'fence.cut-off-replaced': clue(['ha.cutOff'], ['group.quorum', 'ha.candidate'], []),
  'fence.handoff-whole': clue(['attachment.freeze'], ['mtr.append'], []),
  'hole.one-live-request': clue(['hole.sent'], ['hole.sent'], ofReplica, overlaps),
  'hole.own-answer': clue(['hole.answer'], ['node.boot'], ['node']),
  'hole.rebuild-whole': clue(['hole.rebuild'], ['wal.durable'], ofReplica),
  'scrub.repaired': clue([], ['scrub.bad'], ['node']),
  'hole.below-sgcl': clue(
    ['hole.sent'],
    ['mark.pgcl'],
    ['group'],
    (offence, earlier) => mark(earlier) < numberOf(offence, 'end') - 1,
  ),
  'buffer.evict-below-vdl': clue(['page.evict'], ['mark.vdl'], []),
  'page.same-bytes': clue(
    ['page.served'],
    ['page.served'],
    ['page'],
    (offence, earlier) => numberOf(earlier, 'digest') !== numberOf(offence, 'digest'),
  ),
  'page.read-point': clue(['page.served'], ['page.read'], ['page']),
  'member.quorums-meet': clue(['group.members'], ['group.members', 'group.move.begin'], ['group']),
  'member.one-step': clue(['group.members'], ['group.members', 'group.move.begin'], ['group']),
  'member.commit-safe': clue(['group.members'], ['wal.ack', 'group.move.catchup'], ['group']),
  'member.epoch-monotone': clue(
    ['member.install', 'store.open'],
    ['member.install', 'store.open'],
    ofReplica,
    (offence, earlier) => numberOf(earlier, 'memberEpoch') > numberOf(offence, 'memberEpoch'),
  ),
  'member.lost-is-learner': clue(
    ['wal.ack', 'token.install', 'member.install', 'store.open'],
    ['node.down'],
    ['node'],
  ),
  'member.rollback-found': clue(['disk.checked', 'disk.rolledBack'], ['wal.ack', 'node.down'], ['node']),
  'disk.kept-by-crash': clue(['disk.rolledBack', 'disk.lost'], ['node.down'], ['node']),
  'base.in-bounds': clue(['base.installed'], ['mark.vdl', 'mark.pgmrpl'], []),
  'recovery.damaged-abstains': clue(
    ['recovery.info'],
    ['wal.ack'],
    ['group', 'replica'],
    (offence, earlier) => numberOf(earlier, 'scl') > numberOf(offence, 'scl'),
  ),
  'archive.no-annulled': clue(
    ['archive.segment', 'recovery.computed'],
    ['mark.vdl', 'recovery.computed', 'archive.extent'],
    [],
  ),
  'archive.whole': clue(['archive.segment'], ['mtr.append'], [], overlaps),
  'archive.gapless': clue(['archive.extent'], ['archive.extent'], ['group']),
  'archive.manifest-cas': clue(
    ['archive.manifest', 'archive.standing'],
    ['archive.manifest', 'archive.standing'],
    [],
  ),
  'archive.after-manifest': clue(['mark.archived'], ['archive.extent'], ['group']),
  'archive.gc-behind': clue(['gc.drop'], ['archive.extent', 'mark.archived'], ['group']),
  'archive.catches-up': clue([], ['archive.extent'], []),
  // What a crash of the metadata left untraced is traced by its next start.
  'restore.token-above': clue(
    ['restore.begin', 'restore.standing'],
    ['token.grant'],
    [],
    (offence, earlier) => token(earlier) === numberOf(offence, 'lastTerm'),
  ),
  'restore.equals-source': clue(
    ['restore.replica', 'page.served', 'recovery.computed'],
    ['restore.replica', 'restore.begin', 'restore.standing', 'page.served'],
    [],
    // A replica is held against one loaded before it or the order itself; a page against the same page elsewhere.
    (offence, earlier) =>
      (offence.kind === 'page.served') === (earlier.kind === 'page.served') &&
      (offence.kind !== 'page.served' || numberOf(offence, 'blockKey') === numberOf(earlier, 'blockKey')),
  ),
  'restore.source-untouched': clue(['token.install', 'restore.replica'], ['token.grant'], []),
  'restore.objects-kept': clue(['restore.failed'], ['archive.collected'], []),
  'restore.write-quorum': clue(
    ['restore.done', 'restore.standing'],
    ['restore.begin', 'restore.standing'],
    [],
    isSameVolume,
  ),
  'client.silence': clue(['driver.gaveUp'], ['driver.heard'], ['node']),
  'client.block-fails': clue(['block.answered'], ['block.failed'], ['node']),
  'restore.completes': clue([], ['restore.begin', 'restore.standing'], []),
  // What the end of a sweep asks, and what Operations shows: no single event breaks them.
  'client.linearizable': none,
  'client.acked-present': none,
  'client.exactly-once': none,
  'client.isolation': none,
  'client.paths-agree': none,
  'page.structure': none,
  'page.redo': none,
  'buffer.redo': none,
  'wal.same-records': none,
  'hole.filled-in-time': none,
  'page.read-in-time': none,
  'commit.acked-in-time': none,
  'page.pinned-kept': none,
  'read.floor-below-readers': none,
  'cluster.converges': none,
  'cluster.progress': none,
};
