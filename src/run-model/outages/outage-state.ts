// What the recorder knows of the outages of each volume while it follows the trace (outages.ts). Plain data, bounded.

import type { NodeId, Time } from '../../base/ids.ts';
import type { ClientOutcomes, OutageFrame, RecoveryAttempt, StepAnswer } from './outage-frame.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
export type Attempt = Omit<Writable<RecoveryAttempt>, 'steps' | 'answers'> & {
  steps: RecoveryAttempt['steps'][number][];
  answers: StepAnswer[];
};
export type OutcomeCounts = Omit<Writable<ClientOutcomes>, 'waiting' | 'client'>;

export interface Outage
  extends Writable<Pick<OutageFrame, 'writer' | 'since' | 'from' | 'openedAt' | 'firstCommitAt'>> {
  attempts: Attempt[];
  attemptsBefore: number;
  lastAcked: number;
  lost: number | null;
  isLostAtLeast: boolean;
  readonly clients: Map<string, OutcomeCounts>;
  readonly tokens: Writable<OutageFrame['tokens'][number]>[];
  readonly downs: Writable<OutageFrame['downs'][number]>[];
}

export interface VolumeLog {
  /** Who has it open. */
  writer: NodeId | null;
  /** When VDL last moved under it; null: not since it has the volume open. */
  advancedAt: Time | null;
  /** SCNs that were acknowledged, newest last; whether older ones are forgotten. */
  acked: number[];
  isForgotten: boolean;
  /** Rising tokens that each node promised or was granted, and when; the newest ones. */
  readonly tokens: Map<NodeId, { readonly token: number; readonly at: Time }[]>;
  /** PCS-49: the metadata may have replicas fenced before it appoints who recovers. Answers to the greatest such token; null: none. */
  fencedAhead: { readonly token: number; readonly answers: StepAnswer[] } | null;
  /** A change of the writer that was asked for, with no fault: it is under way while the writer still writes. */
  planned: Planned | null;
  /** PCS-49: the metadata have given the writer up: what they fence next is no plan. */
  isGivenUp: boolean;
  /** The newest one. */
  outage: Outage | null;
  /** FENCE-56: where the newest is a transfer by plan, the one before, which was not. */
  before: Outage | null;
}

/** `handover`: the writer takes nothing new (W1); `transfer`: the replicas of a tablet are asked under a newer token (PCS-121). */
export interface Planned {
  readonly kind: 'handover' | 'transfer';
  readonly at: Time;
}

/** Oldest first. */
export const outagesIn = ({ before, outage }: VolumeLog): readonly Outage[] =>
  [before, outage].filter((one) => one !== null);

/** By volume. Plain data, part of the recorder. */
export interface Outages {
  readonly volumes: Map<string, VolumeLog>;
  readonly down: Map<NodeId, Time>;
  readonly frozen: Map<NodeId, Time>;
  /** Actions that cut links and still hold, by their text; `nodes`: their ends, null: any may be one. */
  readonly cuts: Map<string, { readonly at: Time; readonly nodes: readonly NodeId[] | null }>;
  /** The run was opened from its disks: what was before is not known. */
  readonly isResumed: boolean;
}

export const makeOutages = (isResumed: boolean): Outages => ({
  volumes: new Map(),
  down: new Map(),
  frozen: new Map(),
  cuts: new Map(),
  isResumed,
});

export function logOf({ volumes, isResumed }: Outages, volume: string): VolumeLog {
  const known = volumes.get(volume);
  if (known !== undefined) return known;
  const made: VolumeLog = {
    writer: null,
    advancedAt: null,
    acked: [],
    isForgotten: isResumed,
    tokens: new Map(),
    fencedAhead: null,
    planned: null,
    isGivenUp: false,
    outage: null,
    before: null,
  };
  volumes.set(volume, made);
  return made;
}
