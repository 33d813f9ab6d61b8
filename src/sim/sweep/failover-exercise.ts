// What of failover a run has met, so that a sweep can say that nothing of it was left out: changes of the writer, and at which steps
// of a promotion a node died.

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { CrashMoment } from '../crash-points.ts';
import type { ArmedCrash } from '../fabric-state.ts';
import { kindsOf } from '../kinds.ts';
import type { TracedEvent } from '../types.ts';
import { type PromotionPoint, promotionPoints } from './failover-faults.ts';

type Side = PromotionPoint['when'];
/** A point of a promotion as the report names it. */
type PointName =
  | `${Side} ${PromotionPoint['moment']}`
  | `${Side} token at ${Exclude<PromotionPoint['of'], 'candidate'>}`;
const nameOf = (when: Side, moment: CrashMoment, of: PromotionPoint['of']): string =>
  of === 'candidate' ? `${when} ${moment}` : `${when} ${moment} at ${of}`;
export const pointNames = promotionPoints.map(({ when, moment, of }) =>
  nameOf(when, moment, of),
) as readonly PointName[];

export const makeFailoverExercise = () => ({
  /** Nodes that were chosen to write, attachments that became writers without a restart, and writers that became readers. */
  candidates: 0,
  promotions: 0,
  demotions: 0,
  /** Tokens granted while the one before had not opened the volume. */
  promotionsOvertaken: 0,
  /** Searches that found nobody up (FENCE-20). */
  noCandidates: 0,
  /** Switchovers begun, handed over, and given up with a writer that goes on (FENCE-34). */
  switchovers: 0,
  handoffs: 0,
  thaws: 0,
  ...(Object.fromEntries(pointNames.map((name) => [name, 0])) as Record<PointName, number>),
});
type FailoverExercise = ReturnType<typeof makeFailoverExercise>;

/** By volume: the last token granted, and the last one that opened it. */
export interface FailoverMemory {
  readonly granted: Map<string, number>;
  readonly opened: Map<string, number>;
}
export const makeFailoverMemory = (): FailoverMemory => ({ granted: new Map(), opened: new Map() });

export const failoverKinds = kindsOf(
  'ha.candidate',
  'ha.noCandidate',
  'ha.switch',
  'attachment.mode',
  'attachment.freeze',
  'token.grant',
  'recovery.done',
);

export function countFailover(
  exercise: FailoverExercise,
  { granted, opened }: FailoverMemory,
  { event }: TracedEvent,
): void {
  if (!failoverKinds.isOf(event)) return;
  switch (event.kind) {
    case 'ha.candidate':
      exercise.candidates++;
      return;
    case 'ha.noCandidate':
      exercise.noCandidates++;
      return;
    case 'ha.switch':
      if (event.state === 'begin') exercise.switchovers++;
      return;
    case 'attachment.mode':
      if (event.mode === 'rw') exercise.promotions++;
      else exercise.demotions++;
      return;
    case 'attachment.freeze':
      if (event.state === 'handoff') exercise.handoffs++;
      else if (event.state === 'thaw') exercise.thaws++;
      return;
    case 'token.grant': {
      const before = granted.get(event.volume) ?? 0;
      if (before > (opened.get(event.volume) ?? 0)) exercise.promotionsOvertaken++;
      granted.set(event.volume, event.token);
      return;
    }
    case 'recovery.done':
      opened.set(event.volume, event.token);
      return;
  }
}

/** Armed crashes of the run that came about at a point of a promotion. */
export function countCrashes(
  exercise: FailoverExercise,
  trips: readonly ArmedCrash[],
  { nodes }: ClusterSpec,
): void {
  for (const { when, moment, node } of trips) {
    const roles = nodes.find(({ id }) => id === node)?.roles ?? [];
    const of = roles.includes('meta') ? 'meta' : roles.includes('store') ? 'store' : 'candidate';
    const name = pointNames.find((point) => point === nameOf(when, moment, of));
    if (name !== undefined) exercise[name]++;
  }
}
