// Latencies between zones as people know them, one way: what *New cluster* offers before it takes figures of one's own.

import type { ZoneLink } from '../../core/kernel/cluster-spec.ts';

export const latencyProfiles = ['parameters', 'oneZone', 'threeZones', 'regions', 'heavyTail'] as const;
export type LatencyProfile = (typeof latencyProfiles)[number];

type Measured = Pick<ZoneLink, 'baseUs' | 'jitterUs' | 'isHeavyTailed'>;

const inside: Measured = { baseUs: 300, jitterUs: 100 };
/** Between regions, by how far they are from each other in the list of zones. */
const regionsUs = [15_000, 35_000, 70_000] as const;

const between: Readonly<Record<Exclude<LatencyProfile, 'parameters'>, (distance: number) => Measured>> = {
  oneZone: () => inside,
  threeZones: () => ({ baseUs: 800, jitterUs: 400 }),
  regions: (distance) => ({
    baseUs: regionsUs[Math.min(distance, regionsUs.length) - 1] ?? regionsUs[0],
    jitterUs: 2000,
  }),
  heavyTail: () => ({ baseUs: 800, jitterUs: 400, isHeavyTailed: true }),
};

/** Every pair of zones and every zone in itself; nothing where the parameters say it for all. */
export function linksOf(profile: LatencyProfile, zones: readonly string[]): ZoneLink[] {
  if (profile === 'parameters') return [];
  return zonePairs(zones).map(([from, to]) => ({
    from,
    to,
    ...(from === to ? inside : between[profile](Math.abs(zones.indexOf(to) - zones.indexOf(from)))),
  }));
}

/** Each pair once, a zone with itself first. */
export const zonePairs = (zones: readonly string[]): (readonly [from: string, to: string])[] =>
  zones.flatMap((from, i) => zones.slice(i).map((to) => [from, to] as const));

/** The profile that says just these links; null: none does. */
export function profileOf(links: readonly ZoneLink[], zones: readonly string[]): LatencyProfile | null {
  const said = JSON.stringify(links);
  return latencyProfiles.find((profile) => JSON.stringify(linksOf(profile, zones)) === said) ?? null;
}
