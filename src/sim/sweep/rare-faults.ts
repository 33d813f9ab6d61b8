// States that random faults seldom make, drawn on purpose (docs/proof.md#rare-states): power that goes off between two durable steps of a
// compaction, of the split of an index page and of a freed file; requests whose answers are lost while their client's entry is displaced,
// or while their tablet is split; gathered reads that meet a split. Each from a stream of its own, so that the rest of a seed is as without them.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { Role } from '../../core/kernel/view.ts';
import type { CrashMoment } from '../crash-points.ts';
import type { TapeAction } from '../tape-actions.ts';
import { nodeWith, pick, storesOf } from './draw-tools.ts';

type Changes = readonly (readonly [name: string, value: number])[];

/** Of the seeds of a sweep these have aimed crashes at compactions, at splits of index pages, and requests that are asked again after displacement. */
const cutsCompactions = (seed: number): boolean => seed % 3 === 0;
const cutsSplits = (seed: number): boolean => seed % 3 === 2;
const displaces = (seed: number): boolean => seed % 4 === 3;

/** Odd seeds have the usual limits, at which a run of seconds compacts nothing and displaces nobody; the others draw small ones. */
export function rareChanges(seed: number): Changes {
  if (seed % 2 === 0) return [];
  const small = displaces(seed) || cutsSplits(seed);
  return [
    ...(cutsCompactions(seed)
      ? ([
          ['smallSegments', 16],
          ['deadBytes', 4096],
        ] as const)
      : []),
    // a split's MTR leaves in several batches, of which some may be lost
    ...(cutsSplits(seed) ? ([['batchBytes', 512]] as const) : []),
    ...(displaces(seed) ? ([['clientBlocks', 1]] as const) : []),
    ...(small ? ([['pageBytes', 512]] as const) : []),
  ];
}

const having = ({ nodes }: ClusterSpec, role: Role): NodeId[] =>
  nodes.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);

/** Between two restarts of nodes whose power went off when it was to. */
const UP_AGAIN_US = 150_000;

/** From `at` to `end` power goes off once at each of these nodes when it comes to that step; it comes back soon. */
function aim(
  nodes: readonly NodeId[],
  when: 'before' | 'after',
  moment: CrashMoment,
  at: number,
  end: number,
): TapeAction[] {
  const arm = nodes.map((node): TapeAction => ({ kind: 'crashOn', at: at as Time, node, when, moment }));
  const actions = [...arm];
  for (let up = at + UP_AGAIN_US; up <= end; up += UP_AGAIN_US)
    for (const node of nodes) actions.push({ kind: 'restart', at: up as Time, node });
  for (const node of nodes)
    actions.push({ kind: 'disarm', at: end as Time, node }, { kind: 'restart', at: end as Time, node });
  return actions;
}

const sideOf = (prng: Prng): 'before' | 'after' => pick(prng, ['before', 'after'] as const);

/** The live records of some segments are durable in another one, and the old ones are still there: one store at a time. */
export function drawCompactionCuts(seed: number, cluster: ClusterSpec, chaosUs: number): TapeAction[] {
  if (!cutsCompactions(seed)) return [];
  const prng = makePrng(seed, 'cut compactions');
  const stores = storesOf(cluster);
  const actions: TapeAction[] = [];
  for (let at = nextBetween(prng, 300_000, 1_500_000); at < chaosUs; ) {
    const end = at + nextBetween(prng, 400_000, 1_500_000);
    if (end < chaosUs) actions.push(...aim([pick(prng, stores)], sideOf(prng), 'compacted', at, end));
    at = end + nextBetween(prng, 200_000, 2_000_000);
  }
  return actions;
}

const MOST_SPLITS = 10;

/** While an index page is split some of what the writer sends is lost, and then its power goes off: of one MTR stores hold parts. */
export function drawSplitCuts(seed: number, cluster: ClusterSpec, chaosUs: number): TapeAction[] {
  if (!cutsSplits(seed)) return [];
  const prng = makePrng(seed, 'cut splits');
  const writers = having(cluster, 'compute');
  const actions: TapeAction[] = [];
  let at = nextBetween(prng, 10_000, 100_000);
  for (let n = 0; n < MOST_SPLITS; n++) {
    const end = at + nextBetween(prng, 300_000, 900_000);
    if (end >= chaosUs) break;
    const link = { from: writers, to: storesOf(cluster), isBothWays: false };
    const percent = nextBetween(prng, 30, 60);
    actions.push(
      { kind: 'loss', at: at as Time, link, percent, forUs: end - at },
      ...aim(writers, 'after', 'indexSplit', at, end),
    );
    at = end + nextBetween(prng, 50_000, 400_000);
  }
  return actions;
}

/** FS-38: the name of a file has gone, and what it had is not free yet. */
export function drawFreeingCuts(seed: number, cluster: ClusterSpec, chaosUs: number): TapeAction[] {
  if (seed % 3 !== 1) return [];
  const prng = makePrng(seed, 'cut frees');
  const actions: TapeAction[] = [];
  for (let at = nextBetween(prng, 500_000, 1_500_000); at < chaosUs; ) {
    const end = at + nextBetween(prng, 800_000, 2_000_000);
    if (end < chaosUs) actions.push(...aim(having(cluster, 'compute'), sideOf(prng), 'orphaned', at, end));
    at = end + nextBetween(prng, 500_000, 2_000_000);
  }
  return actions;
}

/** More than a page of the client table holds in these seeds. */
const NEWER = 16;

/** FENCE-44, FENCE-45: answers are lost, other sessions commit meanwhile, and the writer forgets what it has in memory. */
export function drawDisplaced(seed: number, cluster: ClusterSpec, chaosUs: number): TapeAction[] {
  if (!displaces(seed)) return [];
  const prng = makePrng(seed, 'displaced');
  const driver = nodeWith(cluster, 'driver');
  const writers = having(cluster, 'compute');
  const actions: TapeAction[] = [];
  for (
    let at = nextBetween(prng, 1_000_000, 2_000_000);
    at < chaosUs;
    at += nextBetween(prng, 1_500_000, 4_000_000)
  ) {
    const forUs = nextBetween(prng, 150_000, 400_000);
    const link = { from: writers, to: [driver], isBothWays: false };
    actions.push({ kind: 'cut', at: at as Time, link, forUs });
    for (let i = 0; i < NEWER; i++)
      actions.push({
        kind: 'sql',
        at: (at + (forUs >> 2) + i) as Time,
        node: driver,
        session: `newer-${i}`,
        text: `UPDATE accounts SET owner = 'n${i}' WHERE id = ${1 + (i % 10)}`,
        params: [],
      });
    const crashAt = (at + (forUs >> 1) + nextBelow(prng, forUs >> 2)) as Time;
    actions.push({ kind: 'crash', at: crashAt, node: pick(prng, writers), mode: 'drawn', forUs: forUs >> 2 });
  }
  return actions;
}

export const SPLIT_READ = 'SELECT count(*), sum(balance) FROM accounts';
export const SPLIT_READERS = 'met-';
/** Groups of tables that are there from the start on. */
const FIRST_GROUPS = 8;
/** That of `accounts` is among them. */
const NEAR = [1, 2, 3] as const;
const READS = 14;

/**
 * Tablets are split (PCS-113), in turn while what clients ask is carried out and no answer arrives (FENCE-46), and while a table is read
 * over all its tablets (PCS-58).
 */
export function drawMetSplits(
  seed: number,
  cluster: ClusterSpec,
  { nodeHeartbeatMs }: Params,
  chaosUs: number,
): TapeAction[] {
  const prng = makePrng(seed, 'met splits');
  const driver = nodeWith(cluster, 'driver');
  const beatUs = nodeHeartbeatMs * 1000;
  const actions: TapeAction[] = [];
  const split = (at: number, n: number): void =>
    void actions.push({ kind: 'splitGroup', at: at as Time, group: `g${n}` as GroupId, key: null });
  let turn = 0;
  for (let at = nextBetween(prng, 600_000, 1_500_000); at < chaosUs; turn++) {
    if (turn % 2 === 0) {
      const before = nextBetween(prng, 50_000, 250_000);
      const link = { from: storesOf(cluster), to: [driver], isBothWays: false };
      const forUs = before + nextBetween(prng, 6 * beatUs, 20 * beatUs);
      actions.push({ kind: 'cut', at: (at - before) as Time, link, forUs });
      for (const n of new Set([1, 2].map(() => nextBetween(prng, 1, FIRST_GROUPS)))) split(at, n);
    } else {
      for (const n of NEAR) split(at, n);
      for (let i = 0; i < READS; i++)
        actions.push({
          kind: 'sql',
          at: (at + nextBelow(prng, 12 * beatUs)) as Time,
          node: driver,
          session: `${SPLIT_READERS}${i}`,
          text: SPLIT_READ,
          params: [],
        });
    }
    at += nextBetween(prng, 900_000, 2_500_000);
  }
  return actions.filter((action) => action.at < chaosUs);
}

/** Groups that are told to become one with whichever is beside them, of these; all other orders are refused. */
const MERGED = 2;
const BESIDE = 24;

/** In every third seed, PCS-122: neighbours become one while what clients ask is carried out and no answer arrives (FENCE-46). */
export function drawMetMerges(
  seed: number,
  cluster: ClusterSpec,
  { nodeHeartbeatMs }: Params,
  chaosUs: number,
): TapeAction[] {
  if (seed % 3 !== 0) return [];
  const prng = makePrng(seed, 'met merges');
  const beatUs = nodeHeartbeatMs * 1000;
  const link = { from: storesOf(cluster), to: [nodeWith(cluster, 'driver')], isBothWays: false };
  const actions: TapeAction[] = [];
  for (
    let at = nextBetween(prng, 1_500_000, 2_500_000);
    at < chaosUs;
    at += nextBetween(prng, 1_500_000, 3_000_000)
  ) {
    const before = nextBetween(prng, 50_000, 250_000);
    const forUs = before + nextBetween(prng, 10 * beatUs, 30 * beatUs);
    actions.push({ kind: 'cut', at: (at - before) as Time, link, forUs });
    for (let i = 0; i < MERGED; i++) {
      const group = nextBetween(prng, 1, FIRST_GROUPS);
      for (let other = 1; other <= BESIDE; other++)
        actions.push({
          kind: 'mergeGroups',
          at: (at + i * beatUs) as Time,
          group: `g${group}` as GroupId,
          other: `g${other}` as GroupId,
        });
    }
  }
  return actions;
}
