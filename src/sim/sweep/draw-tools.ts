// Small draws that the scenario's parts share, and where and when a fault is to be made.

import { type NodeId, nodeId, type Time } from '../../base/ids.ts';
import { nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { TapeAction } from '../tape-actions.ts';
import type { Exercise } from './exercise.ts';

export interface FaultPlace {
  readonly prng: Prng;
  readonly cluster: ClusterSpec;
  readonly params: Params;
  readonly at: Time;
  /** How long a lasting fault lasts, µs. */
  readonly forUs: number;
  /** The one store of the run whose disk may lose what is durable; null: the geometry bears no such loss (disk-budget.ts). */
  readonly victim: NodeId | null;
}

export type FaultMaker = (place: FaultPlace) => TapeAction[];

/** What makes a rare wait frequent: the preset instead of the seed's geometry (null: that one), parameters, loads and faults. */
export interface WaitAim {
  readonly preset: string | null;
  readonly changes: readonly (readonly [name: string, value: number])[];
  readonly actions: (seed: number, cluster: ClusterSpec, chaosUs: number) => TapeAction[];
}

/** What a sweep of at least so many seeds has to meet. */
export interface Expected {
  readonly seeds: number;
  readonly of: readonly (keyof Exercise | 'contested')[];
}

/**
 * Virtual µs after the chaos: progress with the load on, convergence without it, the power cut, the last reads. They are
 * asked for twice: on a slow disk a recovery may take longer than a driver tries one statement. The second time comes before
 * the reads of every table have taken all the sessions that a node may have.
 */
export interface SweepPhases {
  readonly progressUs: number;
  readonly convergeUs: number;
  readonly rereadUs: number;
  readonly rereadAgainUs: number;
  readonly endUs: number;
}

export interface Spare {
  readonly template: string;
  /** Its name: with this number, or the first above those of all other nodes. */
  readonly prefix: string;
  readonly number: number;
  /**
   * Where a person moves replicas from a node that is gone (elsewhere the planner does): another one, which comes after the healing. A drain
   * may have filled the first meanwhile, and no two replicas of a group are on one node (`cynosdb`, seed 16 of 5 s).
   */
  readonly hasReserve?: true;
  /** No other node that the run begins with is drained: each is the only one of its zone. */
  readonly keepsOthers?: true;
}

/** What a sweep draws of a stack, beside the faults of nodes, links, clocks and disks that every world has. */
export interface SweepDraws {
  /** Its tables have no secondary indexes. */
  readonly isWithoutIndexes?: true;
  /** False: a fault of the world that the stack’s rules do not bear. */
  readonly bears?: (action: TapeAction) => boolean;
  /** Orders of operators that end what faults have left, when everything is healed. */
  readonly healing?: (actions: readonly TapeAction[], at: Time, cluster: ClusterSpec) => TapeAction[];
  /** Where a stack takes longer than others after the chaos. */
  readonly phases?: (params: Params) => Partial<SweepPhases>;
  /** A node to store what another one has lost. */
  readonly spare: Spare;
  /** The preset that a seed runs: one name may stand for several geometries. */
  readonly geometry: (preset: string, seed: number) => string;
  /** Faults that every seed has, that each seed has with probability one half, and those of short dense runs. */
  readonly always: readonly FaultMaker[];
  readonly swarm: readonly FaultMaker[];
  readonly dense: readonly FaultMaker[];
  readonly changes: (
    seed: number,
    cluster: ClusterSpec,
  ) => readonly (readonly [name: string, value: number])[];
  /** Actions from streams of their own, so that the rest of a seed is as without them. */
  readonly aside: (seed: number, cluster: ClusterSpec, params: Params, chaosUs: number) => TapeAction[];
  readonly changesDense: SweepDraws['changes'];
  readonly asideDense: SweepDraws['aside'];
  /** Or the sweep proves nothing. */
  readonly mustHappen: (preset: string) => readonly Expected[];
  /** By name: dense runs in which waits are judged that other dense runs seldom have. */
  readonly aims: Readonly<Record<string, WaitAim>>;
}

export const nodeWith = (cluster: ClusterSpec, role: 'driver' | 'compute' | 'meta' | 'objectStore'): NodeId =>
  cluster.nodes.find((node) => node.roles.includes(role))?.id ?? ('' as NodeId);

/** Stores of log, or chunk servers. */
export const storesOf = (cluster: ClusterSpec): NodeId[] =>
  cluster.nodes.filter(({ roles }) => roles.includes('store') || roles.includes('chunk')).map(({ id }) => id);

/** Names that none of these nodes has: numbers above theirs, from `least` on. */
export function freeNames(taken: readonly NodeId[], prefix: string, least: number, count: number): NodeId[] {
  const above = taken.filter((id) => id.startsWith(prefix)).map((id) => Number(id.slice(prefix.length)) + 1);
  const first = Math.max(least, ...above);
  return Array.from({ length: count }, (_, i) => nodeId(`${prefix}${first + i}`));
}

export const pick = <T>(prng: Prng, items: readonly T[]): T => items[nextBelow(prng, items.length)] as T;

export const crashModeOf = (prng: Prng) => pick(prng, ['drawn', 'drawn', 'loseAll', 'tornLast'] as const);

/** Log-uniform, so that small values are as likely as large ones: first the magnitude, then the value in it. */
export function drawLog(prng: Prng, low: number, high: number): number {
  if (high <= low) return low;
  let octaves = 0;
  for (let span = Math.max(1, low); span < high; span *= 2) octaves++;
  const from = Math.max(low, Math.max(1, low) * 2 ** nextBelow(prng, octaves));
  return nextBetween(prng, low === 0 && nextChance(prng, 1, 8) ? 0 : from, Math.min(high, from * 2));
}
