// How many times as long a comparison takes as usual. Apart from what plays it: the page asks, too, and loads no world for that.

import { makeParams } from '../../presets/parameters.ts';
import type { Preset } from '../../presets/preset.ts';
import { roundTripUs } from '../../presets/round-trip.ts';

/** A cluster that has booted by then is at a steady pace when figures begin (play.ts), virtual µs. */
const USUAL_BOOT_US = 200_000;
/** Beyond it a comparison would take minutes. */
const MOST_STRETCH = 100;

/** How much longer the round trips of the slowest of these clusters are than usual, and long enough for each to boot. */
export function stretchOf(clusters: readonly Preset[]): number {
  const stretches = clusters.map(({ profile, changes, cluster, bootUntilMs }) => {
    const [usual, own] = [makeParams(profile), makeParams(profile, changes, cluster)];
    if (!usual.ok || !own.ok) return 1;
    const longer = roundTripUs(own.params, cluster) / roundTripUs(usual.params);
    return Math.max(longer, (bootUntilMs * 1000) / USUAL_BOOT_US);
  });
  return Math.min(MOST_STRETCH, Math.max(1, ...stretches.map(Math.ceil)));
}
