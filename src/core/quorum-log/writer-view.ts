// What the screen shows of the writer and of a recovery (view.ts): pure functions of their states.

import type { NodeId, Time } from '../../base/ids.ts';
import { memberStateIn } from '../kernel/membership.ts';
import { type RecordView, recordView } from '../log/record-view.ts';
import type {
  LogBufferView,
  OpeningView,
  RecoveryStep,
  RecoveryView,
  WriterGroupView,
  WriterView,
} from './log-view.ts';
import type { RecoveryGroup, RecoveryPhase, RecoveryState } from './recovery-state.ts';
import { allocationLimit, bufferedRecords } from './writer-append.ts';
import { isLive } from './writer-members.ts';
import { countedOf, sclOf } from './writer-progress.ts';
import type { WriterGroup, WriterState } from './writer-state.ts';

/** The log buffer of each group: what waits in it, and the batch that left it last (WAL-8, 9). */
export const logBuffers = (w: WriterState, now: Time): LogBufferView[] =>
  w.groups.map((group) => {
    const batch = group.batches.at(-1);
    const buffered = group.lsns.length - group.sent;
    return {
      group: group.descriptor.group,
      sentTo: group.lsns[group.sent - 1] ?? (buffered === 0 ? group.tail : -1),
      buffered,
      bytes: group.bufferedBytes,
      batch: batch === undefined ? null : { first: batch.first, last: batch.last, ageUs: now - batch.at },
    };
  });

/** The newest `span` retained records, or those of the window `[first, end)`. */
export function writerView(
  w: WriterState,
  span: number,
  window: readonly [number, number] | null,
  now: Time,
): WriterView {
  return {
    token: w.term,
    tail: w.tail,
    vcl: w.vcl,
    vdl: w.vdl,
    lal: w.limits.lal,
    startLsn: w.startLsn,
    allocationLimit: allocationLimit(w),
    pgmrpl: w.pgmrpl,
    logBuffer: bufferedRecords(w),
    groups: w.groups.map((group) => groupView(w, group, now)),
    records: keptView(w, span, window),
  };
}

function groupView(w: WriterState, group: WriterGroup, now: Time): WriterGroupView {
  const { descriptor, pgcl, tail, replicas, belowQuorum } = group;
  const { memberEpoch, sets, learners, vw, vr } = descriptor;
  return {
    group: descriptor.group,
    pgcl,
    tail,
    replicas: replicas.map((replica) => ({
      replica: replica.node,
      scl: sclOf(replica),
      counted: countedOf(replica),
      known: replica.progress.kind !== 'probe',
      live: isLive(w, replica, now),
      memberState: memberStateIn(descriptor, replica.node),
      lastReportAt: replica.progress.kind === 'probe' ? null : replica.lastReportAt,
    })),
    members: { memberEpoch, sets, learners, vw, vr },
    belowWriteQuorum: belowQuorum,
  };
}

function keptView(
  w: WriterState,
  span: number,
  window: readonly [number, number] | null,
): readonly RecordView[] {
  const first = Math.max(w.retainedFirst + w.retainedHead, window ? window[0] : 0, w.tail + 1 - span);
  const end = Math.min(w.tail + 1, window ? window[1] : w.tail + 1);
  return first >= end
    ? []
    : w.retained
        .slice(first - w.retainedFirst, end - w.retainedFirst)
        .map(({ record }) => recordView(record));
}

const steps: Readonly<Record<RecoveryPhase, RecoveryStep>> = {
  waiting: 'token',
  grant: 'token',
  create: 'token',
  fence: 'R1',
  claim: 'R1',
  read: 'R2',
  install: 'R5',
  fill: 'R6',
  open: 'R7',
  opened: 'R7',
  termStart: 'R7',
  publish: 'R7',
  done: 'R7',
  fenced: 'R7',
};

/** The recovery that is under way, or null when there is none (WAL-4: a creation is none). */
export function recoveryView(r: RecoveryState): RecoveryView | null {
  if (r.phase === 'done' || r.phase === 'fenced' || r.phase === 'waiting') return null;
  if (r.phase === 'create' || (r.phase === 'publish' && r.recovered === null)) return null;
  const { recovered } = r;
  return {
    step: steps[r.phase],
    token: r.token,
    vclPrime: recovered?.vclPrime ?? null,
    vdlPrime: recovered?.vdlPrime ?? null,
    startLsn: recovered?.startLsn ?? null,
    annulled: recovered ? [recovered.vdlPrime + 1, recovered.startLsn] : null,
    groups: r.groups.map((group, i) => ({
      ...groupProgress(group),
      pgclPrime: recovered?.groups[i]?.pgclPrime ?? null,
      maxNwl: recovered?.groups[i]?.maxNwl ?? null,
    })),
  };
}

const groupProgress = (group: RecoveryGroup) => ({
  group: group.descriptor.group,
  tokens: [...group.tokens],
  infos: group.reports.map((report) => report.replica),
  histories: [...group.histories],
  filled: [...group.filled],
  left: [...group.left.values()].reduce((sum, left) => sum + left, 0),
});

/** Which replicas have answered the phase. */
const answeredIn: Readonly<Partial<Record<RecoveryPhase, (group: RecoveryGroup) => Iterable<NodeId>>>> = {
  create: ({ created }) => created,
  fence: ({ tokens }) => tokens,
  read: ({ reports }) => reports.map(({ replica }) => replica),
  install: ({ histories }) => histories,
  fill: ({ filled }) => filled,
  open: ({ opened }) => opened,
};

const partyOf: Readonly<Partial<Record<RecoveryPhase, OpeningView['waitsFor']>>> = {
  waiting: 'volume',
  grant: 'metadata',
  claim: 'metadata',
  publish: 'metadata',
  opened: 'log',
  termStart: 'log',
};

/** Null: the volume is open, or never will be under this token. */
export function openingView({ phase, groups }: RecoveryState): OpeningView | null {
  if (phase === 'done' || phase === 'fenced') return null;
  const answered = answeredIn[phase];
  return {
    phase,
    waitsFor: partyOf[phase] ?? 'replicas',
    groups:
      answered === undefined
        ? []
        : groups.map((group) => {
            const { group: id, sets, vw, vr } = group.descriptor;
            const all = { sets: [group.members], need: group.members.length };
            const quorum = { sets, need: phase === 'read' ? vr : vw };
            return { group: id, ...(phase === 'create' ? all : quorum), answered: [...answered(group)] };
          }),
  };
}
