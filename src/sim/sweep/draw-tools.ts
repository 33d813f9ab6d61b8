// Small draws that the scenario's parts share, and where and when a fault is to be made.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/door.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { Preset } from '../../presets/topology.ts';
import { findPreset } from '../presets.ts';
import type { TapeAction } from '../tape-actions.ts';

export interface FaultPlace {
  readonly prng: Prng;
  readonly cluster: ClusterSpec;
  readonly params: Params;
  readonly at: Time;
  /** How long a lasting fault lasts, µs. */
  readonly forUs: number;
  /** The one store of the run whose disk may lose what is durable: data stays within the budget of every geometry. */
  readonly victim: NodeId;
}

export type FaultMaker = (place: FaultPlace) => TapeAction[];

export const nodeWith = (cluster: ClusterSpec, role: 'driver' | 'compute' | 'meta' | 'objectStore'): NodeId =>
  cluster.nodes.find((node) => node.roles.includes(role))?.id ?? ('' as NodeId);

export const storesOf = (cluster: ClusterSpec): NodeId[] =>
  cluster.nodes.filter((node) => node.roles.includes('store')).map((node) => node.id);
export const pick = <T>(prng: Prng, items: readonly T[]): T => items[nextBelow(prng, items.length)] as T;

/** Log-uniform, so that small values are as likely as large ones: first the magnitude, then the value in it. */
export function drawLog(prng: Prng, low: number, high: number): number {
  if (high <= low) return low;
  let octaves = 0;
  for (let span = Math.max(1, low); span < high; span *= 2) octaves++;
  const from = Math.max(low, Math.max(1, low) * 2 ** nextBelow(prng, octaves));
  return nextBetween(prng, low === 0 && nextChance(prng, 1, 8) ? 0 : from, Math.min(high, from * 2));
}

/** Of the seeds with three stores, those of this residue have an object store beside them. */
const BACKUP_EVERY = 5;
const GEOMETRIES = ['cynosdb', 'cynosdb', 'cynosdb', 'cynosdb-4', 'cynosdb-4', 'cynosdb-6'] as const;

/**
 * `cynosdb` stands for its geometries too: three of every six seeds have its three stores, two a spare one beside them,
 * one six stores with 6/4/3. The stream is one of its own, so that the rest of a seed does not depend on it.
 */
export function drawTopology(preset: Preset, seed: number): Preset {
  if (preset.name !== 'cynosdb') return preset;
  const name = pick(makePrng(seed, 'topology'), GEOMETRIES);
  const isBackedUp = name === preset.name && seed % BACKUP_EVERY === 0;
  return findPreset(isBackedUp ? 'cynosdb-backup' : name) ?? preset;
}
