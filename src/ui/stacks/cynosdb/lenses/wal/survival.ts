// What a group still survives (WAL-14, 63): members of each set that live, how many may fail before
// writes or a recovery stop, and what the loss of a zone, and of one node more, would leave. Pure.

import type { MembershipView } from '../../../../../core/kernel/membership.ts';

export interface Survival {
  /** Members that live, of all in any set; of the set that has least to spare. */
  readonly live: number;
  readonly members: number;
  /** How many more may fail, whichever they are, before writes stop; below 0: they have stopped. */
  readonly spareWrites: number;
  readonly spareReads: number;
  /** Zones all of whose members are away. */
  readonly zonesOut: readonly string[];
  /** Whether writes go on without any one of the zones that are left. */
  readonly writesWithoutZone: boolean;
  /** Whether the log stays readable without any zone and any one member more (AZ + 1). */
  readonly readsWithoutZoneAndOne: boolean;
}

interface Where {
  readonly isLive: (node: string) => boolean;
  readonly zoneOf: (node: string) => string;
}

export function survivalOf({ sets, vw, vr }: MembershipView, { isLive, zoneOf }: Where): Survival {
  const all = [...new Set<string>(sets.flat())];
  const zones = [...new Set(all.map(zoneOf))];
  const liveZones = zones.filter((zone) => all.some((node) => zoneOf(node) === zone && isLive(node)));
  /** Least that any set has above `need`, when `gone` are away too. */
  const spare = (need: number, gone: (node: string) => boolean): number =>
    Math.min(...sets.map((set) => set.filter((node) => isLive(node) && !gone(node)).length - need));
  // With no zone left there is none to lose: what is so now is so then.
  const withoutZone = (need: number): number =>
    Math.min(
      spare(need, () => false),
      ...liveZones.map((zone) => spare(need, (node) => zoneOf(node) === zone)),
    );
  const spareWrites = spare(vw, () => false);
  const least = sets.reduce<readonly string[]>(
    (found, set) => (found.length === 0 || live(set, isLive) < live(found, isLive) ? set : found),
    [],
  );
  return {
    live: live(least, isLive),
    members: least.length,
    spareWrites,
    spareReads: spare(vr, () => false),
    zonesOut: zones.filter((zone) => !liveZones.includes(zone)),
    writesWithoutZone: withoutZone(vw) >= 0,
    readsWithoutZoneAndOne: withoutZone(vr) >= 1,
  };
}

const live = (set: readonly string[], isLive: (node: string) => boolean): number => set.filter(isLive).length;
