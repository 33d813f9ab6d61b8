// A promotion as the lens shows it (docs/spec/logindex.md §8, LI-70): steps P1 to P6 with their times, the pages that were replayed and for whom,
// and the commits that were acknowledged before the background replay had ended. Pure: events and the writer's view in, a model out.

import { MAX } from '../../../../../base/ids.ts';
import { VOLUME_KEY } from '../../../../../core/page/page-key.ts';
import type { PromotionView } from '../../../../../core/shared-storage/shared-view.ts';
import type { OutageFrame } from '../../../../../run-model/outages/outage-frame.ts';
import type { ListedEvent } from '../../../../../run-model/picture/frame.ts';
import type { PastNeed } from '../../../../lens/use-past.ts';

export const promoteSteps = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'] as const;
export type PromoteStep = (typeof promoteSteps)[number];

export const promotionsNeed: PastNeed = { minRank: 0, kinds: ['promote.step'], withMessages: false };
export const promotionNeed: PastNeed = {
  minRank: 0,
  kinds: ['promote.step', 'commit.ack', 'ro.replayed', 'node.down', 'volume.fenced', 'attachment.freeze'],
  withMessages: false,
};
export const noneNeed: PastNeed = { minRank: 0, kinds: [], withMessages: false };

/** Virtual µs that are looked at before the first step and after the last one. */
export const around = { before: 150_000, after: 40_000 } as const;

export interface ReachedStep {
  readonly step: PromoteStep;
  /** −1: it is not reached. */
  readonly at: number;
  /** P4: redoStart; P3, P5, P6: the end of the old log; −1: none. */
  readonly lsn: number;
}

/** A promotion that there was, by the token under which its node writes. */
export interface Promotion {
  readonly token: number;
  readonly node: string;
  /** In the order in which they were reached (P2 comes before P1, since reads end while the chunk groups still answer); then those to come. */
  readonly steps: readonly ReachedStep[];
}

/** Whom a page was replayed for. */
export const replayedFor = ['opening', 'statement', 'background', 'unknown'] as const;
export type ReplayedFor = (typeof replayedFor)[number];

export interface PromotionModel extends Promotion {
  /** When its volume lost its writer, and how; null: that is not known. */
  readonly lost: { readonly at: number; readonly node: string; readonly isHandover: boolean } | null;
  /** Pages of the old log that were replayed there. */
  readonly replays: readonly { readonly at: number; readonly blockKey: number; readonly for: ReplayedFor }[];
  /** Commits that it acknowledged, up to a little after P6; `early`: before background replay ended. */
  readonly commits: readonly { readonly at: number; readonly scn: number; readonly isEarly: boolean }[];
  /** Of its writer; null: it says nothing of it any more. */
  readonly view: PromotionView | null;
  readonly from: number;
  readonly to: number;
}

/** All that there were, the newest first. */
export function promotionsOf(events: readonly ListedEvent[]): readonly Promotion[] {
  const found = new Map<number, { node: string; steps: Map<string, ReachedStep> }>();
  for (const { node, at, event } of events) {
    if (event.kind !== 'promote.step') continue;
    const step = promoteSteps.find((one) => one === event.step);
    if (step === undefined) continue;
    const known = found.get(event.token) ?? { node: node ?? '', steps: new Map() };
    found.set(event.token, known);
    known.steps.set(step, { step, at, lsn: event.lsn });
  }
  return [...found]
    .map(([token, { node, steps }]) => ({
      token,
      node,
      steps: promoteSteps
        .map((step) => steps.get(step) ?? { step, at: -1, lsn: -1 })
        .sort((a, b) => (a.at < 0 ? MAX : a.at) - (b.at < 0 ? MAX : b.at)),
    }))
    .sort((a, b) => b.token - a.token);
}

export const reachedAt = ({ steps }: Promotion, step: PromoteStep): number =>
  steps.find((one) => one.step === step)?.at ?? -1;

/** The first and the last of its steps so far. */
export function stretchOf({ steps }: Promotion): readonly [first: number, last: number] {
  const times = steps.flatMap(({ at }) => (at < 0 ? [] : [at]));
  return [Math.min(...times), Math.max(...times)];
}

function lossOf(
  promotion: Promotion,
  events: readonly ListedEvent[],
  outages: readonly OutageFrame[],
): PromotionModel['lost'] {
  const [first] = stretchOf(promotion);
  const opened = reachedAt(promotion, 'P5');
  const outage = outages.findLast(({ from, openedAt }) => from <= first && (openedAt ?? opened) >= opened);
  if (outage !== undefined && outage.writer !== null && outage.since !== 'start') {
    const isHandover = outage.since === 'handover' || outage.since === 'transfer';
    return { at: outage.from, node: outage.writer, isHandover };
  }
  const writers = new Set(
    events.flatMap(({ node, event }) =>
      event.kind === 'commit.ack' && event.term < promotion.token ? [node] : [],
    ),
  );
  const ended = events.findLast(
    ({ node, at, event }) =>
      at <= first &&
      writers.has(node) &&
      (event.kind === 'node.down' || (event.kind === 'attachment.freeze' && event.state === 'handoff')),
  );
  if (ended === undefined) return null;
  return { at: ended.at, node: ended.node ?? '', isHandover: ended.event.kind === 'attachment.freeze' };
}

function whose(blockKey: number, view: PromotionView | null): ReplayedFor {
  if (view === null) return 'unknown';
  if (view.demanded.includes(blockKey)) return 'statement';
  return blockKey === VOLUME_KEY ? 'opening' : 'background';
}

/** `events`: of the stretch around it; `now`: where it is not over, it is looked at up to here. */
export function projectPromotion(
  promotion: Promotion,
  events: readonly ListedEvent[],
  outages: readonly OutageFrame[],
  shown: PromotionView | null,
  now: number,
): PromotionModel {
  const { token, node } = promotion;
  const [first, last] = stretchOf(promotion);
  const begun = Math.max(reachedAt(promotion, 'P3'), 0);
  const ended = reachedAt(promotion, 'P6');
  const view = shown?.token === token ? shown : null;
  const lost = lossOf(promotion, events, outages);
  const to = ended < 0 ? Math.max(last, now) : Math.min(Math.max(now, last), last + around.after);
  const own = events.filter((one) => one.node === node && one.at <= to);
  const seen = new Set<number>();
  return {
    ...promotion,
    lost,
    view,
    replays: own.flatMap(({ at, event }) => {
      if (event.kind !== 'ro.replayed' || begun === 0 || at < begun || (ended >= 0 && at > ended)) return [];
      if (seen.has(event.blockKey)) return [];
      seen.add(event.blockKey);
      return [{ at, blockKey: event.blockKey, for: whose(event.blockKey, view) }];
    }),
    commits: own.flatMap(({ at, event }) =>
      event.kind === 'commit.ack' && event.term === token
        ? [{ at, scn: event.scn, isEarly: ended < 0 || at < ended }]
        : [],
    ),
    from: lost?.at ?? first,
    to,
  };
}

/** Virtual µs from the loss of the writer to the opening, and to the first commit; −1: that is not known, or not yet. */
export function recoveryTimes(model: PromotionModel): { readonly open: number; readonly commit: number } {
  const opened = reachedAt(model, 'P5');
  const [first] = model.commits;
  if (model.lost === null) return { open: -1, commit: -1 };
  return {
    open: opened < 0 ? -1 : opened - model.lost.at,
    commit: first === undefined ? -1 : first.at - model.lost.at,
  };
}
