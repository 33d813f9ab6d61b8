// Times of waiting for a cluster whose links or disks are slower than those of its profile: all as many times longer as its round trip is,
// so that they stand to each other as they did.

import type { Params } from '../core/kernel/params.ts';
import { makeParams, type Profile, parameters, profileValue } from './parameters.ts';
import { type Distances, roundTripUs } from './round-trip.ts';

/** Parameters of the profile that are to change so that they fit (PRE-6); none where they fit as they are. */
export function fittedTimers(
  profile: Profile,
  cluster: Distances,
): (readonly [name: string, value: number])[] {
  const made = makeParams(profile);
  if (!made.ok) return [];
  const usual = roundTripUs(made.params);
  const round = roundTripUs(made.params, cluster);
  if (round <= usual) return [];
  return parameters.flatMap((spec) => {
    if (!isTimer(spec.name, spec.unit)) return [];
    const value = Math.min(spec.max, Math.ceil((profileValue(spec, profile) * round) / usual));
    return [[spec.name, value] as const];
  });
}

/** Every time in ms but those that say how long something is kept. */
const isTimer = (name: keyof Params, unit: string): boolean =>
  unit === 'ms' && !/^(?:archive|backup)/.test(name);
