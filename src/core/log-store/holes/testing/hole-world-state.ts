// Three replicas of one group as a small seeded world: their disks, the agenda of what is under way, and a network that loses,
// repeats and reorders. What happens in it: hole-world-fixture.ts.

import { type Lsn, lsn, type NodeId, nodeId, type Term, term } from '../../../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, type Prng } from '../../../../base/prng.ts';
import type { HistoryEntry } from '../../../kernel/fields.ts';
import type { Mutants } from '../../../kernel/mutants.ts';
import type { EncodedRecord } from '../../../log/record.ts';
import { DEFAULTS, GROUP, record } from '../hole-fixture.ts';
import { nclOf } from '../hole-list.ts';
import { rebuildList } from '../hole-rebuild.ts';
import { type HoleState, makeHoleState } from '../hole-state.ts';

export interface Durable {
  log: Map<Lsn, EncodedRecord>;
  bootEpoch: number;
  checkpoint: number;
  volumeEpoch: Term;
  maxToken: Term;
  history: readonly HistoryEntry[];
  mode: 'normal' | 'recovery';
  maxNwl: number;
  groupTail: number;
  readonly mutants: Mutants;
}

export interface Replica {
  readonly id: NodeId;
  readonly disk: Durable;
  state: HoleState;
  /** Rises at each crash and each recovery: what was in flight before means nothing then. */
  incarnation: number;
}

export interface World {
  readonly prng: Prng;
  readonly replicas: Replica[];
  now: number;
  /** Percent of messages lost; as many are repeated. */
  loss: number;
  readonly agenda: { at: number; run: () => void }[];
  /** The records of the current history, ascending. */
  truth: EncodedRecord[];
  history: HistoryEntry[];
  token: Term;
  tail: number;
  open: boolean;
  maxNwl: number;
  readonly seen: Record<
    | 'fills'
    | 'timeouts'
    | 'ignored'
    | 'crashes'
    | 'recoveries'
    | 'removed'
    | 'splits'
    | 'stale'
    | 'rebuiltHoles',
    number
  >;
}

export const NAMES = ['A', 'B', 'C'].map(nodeId);
export const LAL = 5;

export function openState(id: NodeId, disk: Durable): HoleState {
  const links = [...disk.log.values()].map((one) => one.record).sort((a, b) => a.lsn - b.lsn);
  const rebuilt = rebuildList(0, disk.checkpoint, links);
  if (!rebuilt.list) throw new Error(rebuilt.error);
  return makeHoleState({
    params: {
      ...DEFAULTS,
      maxReqSpan: 20,
      maxInflightPerPeer: 3,
      mutants: disk.mutants,
    },
    nodeId: id,
    group: GROUP,
    memberEpoch: 1,
    pgcl: disk.groupTail,
    logFloor: -1,
    members: NAMES,
    ...disk,
    list: rebuilt.list,
  });
}

export function makeWorld(seed: number, mutants: Mutants = []): World {
  const genesis = record(0, -1);
  const history = [{ term: term(1), startLsn: lsn(0), prevEnd: lsn(-1) }];
  const replicas = NAMES.map((id): Replica => {
    const disk: Durable = {
      log: new Map([[lsn(0), genesis]]),
      bootEpoch: 1,
      checkpoint: 0,
      volumeEpoch: term(1),
      maxToken: term(1),
      history,
      mode: 'normal',
      maxNwl: -1,
      groupTail: 0,
      mutants,
    };
    return { id, disk, state: openState(id, disk), incarnation: 0 };
  });
  return {
    prng: makePrng(seed, 'holes'),
    replicas,
    now: 0,
    loss: 25,
    agenda: [],
    truth: [genesis],
    history,
    token: term(1),
    tail: 0,
    open: true,
    maxNwl: 0,
    seen: {
      fills: 0,
      timeouts: 0,
      ignored: 0,
      crashes: 0,
      recoveries: 0,
      removed: 0,
      splits: 0,
      stale: 0,
      rebuiltHoles: 0,
    },
  };
}

export const chance = (w: World, percent: number): boolean => nextBelow(w.prng, 1000) < percent * 10;

export function later(w: World, low: number, high: number, run: () => void): void {
  w.agenda.push({ at: w.now + nextBetween(w.prng, low, high), run });
}

/** A message: lost, or once, or twice; late ones overtake each other. The weak replica receives little, and that late. */
export function send(w: World, to: Replica, deliver: () => void): void {
  const isWeak = w.loss > 0 && to === w.replicas[Math.floor(w.now / 700) % 4];
  if (chance(w, isWeak ? 70 : w.loss)) return;
  later(w, 1, chance(w, isWeak ? 50 : 15) ? 500 : 30, deliver);
  if (chance(w, w.loss)) later(w, 1, 400, deliver);
}

/** A durable write; a crash or a recovery in between undoes it. */
export function store(w: World, r: Replica, records: readonly EncodedRecord[], then: () => void): void {
  const { incarnation } = r;
  later(w, 1, 40, () => {
    if (r.incarnation !== incarnation) return;
    for (const one of records) r.disk.log.set(one.record.lsn, one);
    then();
  });
}

export const sclOf = (w: World, r: Replica): number => {
  if (r.state.volumeEpoch !== w.token) return -1;
  const ncl = nclOf(r.state.list);
  return w.truth.findLast((one) => one.record.lsn <= ncl)?.record.lsn ?? -1;
};

export const pgclOf = (w: World): number => w.replicas.map((r) => sclOf(w, r)).sort((a, b) => b - a)[1] ?? -1;
