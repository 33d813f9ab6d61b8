// Lens 4.9 as data: the newest outage of a volume as the seven steps of its recovery (docs/spec/wal.md §9) with what each
// waits for, took and came to, its recovery time and recovery point, the outcomes of client requests, and the tokens that nodes
// promised. Pure: what the run's recorder followed (run-model/outages/outages.ts), the nodes' views and the waits go in, so that live,
// review and replay show the same.

import type { NodeId, Range } from '../../../../../base/ids.ts';
import type { ClusterSpec } from '../../../../../core/kernel/cluster-spec.ts';
import {
  type OpeningView,
  type RecoveryStep,
  recoverySteps,
} from '../../../../../core/quorum-log/log-view.ts';
import { sumOf } from '../../../../../run-model/outages/outage-answers.ts';
import type {
  ClientOutcomes,
  OutageFrame,
  RecoveryAttempt,
} from '../../../../../run-model/outages/outage-frame.ts';
import type { NodeFrame } from '../../../../../run-model/picture/frame.ts';
import type { Wait } from '../../../../../run-model/waits/waits.ts';
import { computeOf } from '../../../../model/node-facts.ts';
import { attachmentAt } from '../../../../model/volumes.ts';
import { type Successor, successorOf } from './successor.ts';

/** `stopped`: its node died in it, or a newer token ended it. */
export type StepState = 'done' | 'running' | 'stopped' | 'open';

/** Nodes that answered, by group; groups with the same nodes are one. */
export interface Answered {
  /** Empty: every group. */
  readonly group: string;
  readonly nodes: readonly NodeId[];
}

export interface StepItem {
  readonly step: RecoveryStep;
  readonly state: StepState;
  /** Virtual µs; null: not begun. */
  readonly from: number | null;
  /** Until now while it runs. */
  readonly tookUs: number | null;
  /** In time for the step, while it is done; so far, while it runs. */
  readonly answered: readonly Answered[];
  /** Answers of each group that it takes; 0: it asks no replica. */
  readonly need: number;
  readonly of: number;
}

export interface TokenLane {
  readonly node: NodeId;
  readonly spans: readonly { readonly from: number; readonly to: number; readonly token: number }[];
  readonly downs: readonly { readonly from: number; readonly to: number }[];
}

export interface RecoveryModel {
  readonly volume: string;
  /** Of the volume, the one that is shown first unless another is chosen: a transfer by plan stands behind the outage before it. */
  readonly all: readonly OutageFrame[];
  /** The one node that gives tokens; empty where a group of nodes does (PCS-1). */
  readonly meta: string;
  readonly outage: OutageFrame;
  /** `down`: nobody recovers it; `ended`: the last attempt ended without opening it. */
  readonly state: 'down' | 'running' | 'ended' | 'open';
  /** While nobody recovers it: who will, without an operator; null: nobody. */
  readonly successor: Successor | null;
  /** The attempt that is shown: the newest; null: none began. */
  readonly attempt: RecoveryAttempt | null;
  /** Attempts before it. */
  readonly earlier: readonly RecoveryAttempt[];
  readonly steps: readonly StepItem[];
  /** What the running step waits for besides replicas. */
  readonly phase: OpeningView['waitsFor'] | null;
  /** What keeps it from going on; null: nothing does. */
  readonly wait: Wait | null;
  readonly annulled: Range | null;
  /** Recovery time to the opening and to the first commit, µs; null: not yet. */
  readonly toOpenUs: number | null;
  readonly toCommitUs: number | null;
  /** Since its beginning, to its end or until now. */
  readonly lastsUs: number;
  readonly clients: readonly ClientOutcomes[];
  readonly told: Omit<ClientOutcomes, 'client'>;
  readonly lanes: readonly TokenLane[];
  /** Virtual µs that are drawn; `isCut`: the outage began before. */
  readonly window: Range;
  readonly isCut: boolean;
  /** When no older writer could commit any more (R1's end). */
  readonly fencedAt: number | null;
}

export interface RecoverySource {
  readonly cluster: ClusterSpec;
  readonly nodes: Readonly<Record<string, NodeFrame>>;
  readonly outages: readonly OutageFrame[];
  readonly waits: readonly Wait[];
  /** Virtual µs that is looked at. */
  readonly now: number;
}

/** Null: no outage of the volume was seen. `chosen`: the beginning of the one to show; null: the first. */
export function projectRecovery(source: RecoverySource, chosen: number | null = null): RecoveryModel | null {
  const { cluster, outages, waits, now } = source;
  const all = outages.filter(({ volume }) => volume === cluster.volume);
  const outage = all.find(({ from }) => from === chosen) ?? all[0];
  if (outage === undefined) return null;
  const attempt = outage.attempts.at(-1) ?? null;
  const { from, openedAt, firstCommitAt, clients, others } = outage;
  const isRunning = attempt !== null && attempt.endedAt === null;
  const state = isRunning ? 'running' : openedAt !== null ? 'open' : attempt === null ? 'down' : 'ended';
  const end = firstCommitAt ?? openedAt ?? now;
  const opening = isRunning ? openingOf(source, attempt) : null;
  const steps = stepsOf(source, attempt, opening);
  const [window, isCut] = windowOf(outage, attempt, firstCommitAt ?? now);
  return {
    volume: outage.volume,
    all,
    meta: soleMeta(cluster),
    outage,
    state,
    successor: state === 'down' || state === 'ended' ? successorOf(source.nodes, cluster) : null,
    attempt,
    earlier: outage.attempts.slice(0, -1),
    steps,
    phase: opening?.waitsFor ?? null,
    wait: state === 'open' ? null : findWait(waits, outage.volume),
    annulled: attempt === null || attempt.startLsn < 0 ? null : [attempt.vdlPrime + 1, attempt.startLsn],
    toOpenUs: openedAt === null ? null : openedAt - from,
    toCommitUs: firstCommitAt === null ? null : firstCommitAt - from,
    lastsUs: end - from,
    clients,
    told: sumOf(others === null ? clients : [...clients, others]),
    lanes: lanesOf(outage, window),
    window,
    isCut,
    fencedAt: steps.find(({ step }) => step === 'R2')?.from ?? null,
  };
}

function soleMeta({ nodes }: ClusterSpec): string {
  const [first, ...others] = nodes.filter(({ roles }) => roles.includes('meta'));
  return first === undefined || others.length > 0 ? '' : first.id;
}

/** Who recovers waits; while nobody does, the clients' requests do. */
const findWait = (waits: readonly Wait[], volume: string): Wait | null =>
  waits.find((wait) => wait.kind === 'opening' && wait.volume === volume) ??
  waits.find((wait) => wait.kind === 'request' && wait.volume === volume) ??
  null;

function openingOf({ nodes, cluster }: RecoverySource, { node }: RecoveryAttempt): OpeningView | null {
  const view = computeOf(nodes[node]);
  return view === null ? null : (attachmentAt(view, cluster.volume)?.opening ?? null);
}

const answerSteps: readonly RecoveryStep[] = ['R1', 'R2', 'R5', 'R7'];

/** What an opening's phase asks replicas for belongs to this step. */
const phaseSteps: Readonly<Partial<Record<OpeningView['phase'], RecoveryStep>>> = {
  fence: 'R1',
  read: 'R2',
  install: 'R5',
  fill: 'R6',
  open: 'R7',
};

function stepsOf(
  { cluster, now }: RecoverySource,
  attempt: RecoveryAttempt | null,
  opening: OpeningView | null,
): readonly StepItem[] {
  const [group] = cluster.groups;
  const names = cluster.groups.map(({ id }) => id as string);
  return recoverySteps.map((step): StepItem => {
    const asks = answerSteps.includes(step) || step === 'R6';
    const counts = asks
      ? { need: (step === 'R2' ? group?.vr : group?.vw) ?? 0, of: group?.replicas.length ?? 0 }
      : { need: 0, of: 0 };
    const at = attempt?.steps.findIndex((one) => one.step === step) ?? -1;
    const begun = attempt?.steps[at];
    if (attempt === null || begun === undefined)
      return { step, state: 'open', from: null, tookUs: null, answered: [], ...counts };
    const next = attempt.steps[at + 1]?.at ?? attempt.endedAt;
    const isLast = at === attempt.steps.length - 1;
    const state = !isLast || attempt.end === 'open' ? 'done' : next === null ? 'running' : 'stopped';
    const live =
      state === 'running' && opening !== null && phaseSteps[opening.phase] === step ? opening : null;
    return {
      step,
      state,
      from: begun.at,
      tookUs: Math.max(0, (next ?? now) - begun.at),
      answered: live === null ? answersIn(attempt, step, next ?? now, names) : liveAnswers(live),
      ...counts,
    };
  });
}

/** Answers that came before the step was over. */
function answersIn(
  { answers }: RecoveryAttempt,
  step: RecoveryStep,
  until: number,
  groups: readonly string[],
): readonly Answered[] {
  const own = answers.filter((one) => one.step === step && one.at <= until);
  return joined(
    groups.map((group) => ({
      group,
      nodes: [...new Set(own.filter((one) => one.group === group).map(({ node }) => node))].sort(),
    })),
  );
}

const liveAnswers = ({ groups }: OpeningView): readonly Answered[] =>
  joined(groups.map(({ group, answered }) => ({ group, nodes: [...answered].sort() })));

function joined(all: readonly Answered[]): readonly Answered[] {
  const [first] = all;
  if (first === undefined || all.every(({ nodes }) => nodes.length === 0)) return [];
  const isSame = all.every(({ nodes }) => nodes.join(' ') === first.nodes.join(' '));
  return isSame ? [{ ...first, group: '' }] : all;
}

/** Of what is drawn this part is at most before the attempt began: a writer may be down for long. */
const DOWN_SHARE = 2;

function windowOf(
  { from }: OutageFrame,
  attempt: RecoveryAttempt | null,
  end: number,
): readonly [Range, boolean] {
  const begun = attempt?.steps[0]?.at ?? end;
  const span = Math.max(1, end - begun);
  const first = attempt === null ? from : Math.max(from, begun - DOWN_SHARE * span);
  const margin = Math.ceil(Math.max(1, end - first) / 24);
  const isCut = first > from;
  return [[isCut ? first : from - margin, end + margin], isCut];
}

function lanesOf(
  { tokens, downs, writer, attempts, from: since }: OutageFrame,
  [first, last]: Range,
): readonly TokenLane[] {
  const writers = [writer, ...attempts.map(({ node }) => node)];
  const stores = tokens.map(({ node }) => node).sort();
  return [...new Set([...writers, ...stores])].flatMap((node): TokenLane[] => {
    if (node === null) return [];
    const own = tokens.filter((one) => one.node === node);
    const spans = own.map(({ token, at }, i) => ({
      token,
      from: at <= since ? first : at,
      to: own[i + 1]?.at ?? last,
    }));
    const gone = downs.filter((one) => one.node === node).map(({ from, to }) => ({ from, to: to ?? last }));
    return [{ node, spans: clipped(spans, first, last), downs: clipped(gone, first, last) }];
  });
}

const clipped = <S extends { readonly from: number; readonly to: number }>(
  spans: readonly S[],
  first: number,
  last: number,
): readonly S[] =>
  spans
    .map((span) => ({ ...span, from: Math.max(first, span.from), to: Math.min(last, span.to) }))
    .filter(({ from, to }) => to > from);
