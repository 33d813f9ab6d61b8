// What a group still survives (WAL-14, 63): members of each set that its writer reaches, how many may fail before
// writes or a recovery stop, and what the loss of a zone, and of one node more, would leave. Pure.

import type { MembershipView } from '../../../../../core/kernel/membership.ts';

export interface Survival {
  /** Members that the writer reaches, of all in any set; of the set that has least to spare. */
  readonly reached: number;
  readonly members: number;
  /** How many more may fail, whichever they are, before writes stop; below 0: they have stopped. */
  readonly spareWrites: number;
  readonly spareReads: number;
  /** Zones all of whose members are down; one whose disks are full is not. */
  readonly zonesOut: readonly string[];
  /** Whether writes go on without any one of the zones that are left. */
  readonly writesWithoutZone: boolean;
  /** Whether the log stays readable without any zone and any one member more (AZ + 1). */
  readonly readsWithoutZoneAndOne: boolean;
}

interface Where {
  readonly reaches: (node: string) => boolean;
  readonly isDown: (node: string) => boolean;
  readonly zoneOf: (node: string) => string;
}

export function survivalOf({ sets, vw, vr }: MembershipView, { reaches, isDown, zoneOf }: Where): Survival {
  const all = [...new Set<string>(sets.flat())];
  const zones = [...new Set(all.map(zoneOf))];
  const membersIn = (zone: string) => all.filter((node) => zoneOf(node) === zone);
  const zonesLeft = zones.filter((zone) => membersIn(zone).some(reaches));
  /** Least that any set has above `need`, when `gone` are away too. */
  const spare = (need: number, gone: (node: string) => boolean): number =>
    Math.min(...sets.map((set) => set.filter((node) => reaches(node) && !gone(node)).length - need));
  // With no zone left there is none to lose: what is so now is so then.
  const withoutZone = (need: number): number =>
    Math.min(
      spare(need, () => false),
      ...zonesLeft.map((zone) => spare(need, (node) => zoneOf(node) === zone)),
    );
  const spareWrites = spare(vw, () => false);
  const countOf = (set: readonly string[]): number => set.filter(reaches).length;
  const least = sets.reduce<readonly string[]>(
    (found, set) => (found.length === 0 || countOf(set) < countOf(found) ? set : found),
    [],
  );
  return {
    reached: countOf(least),
    members: least.length,
    spareWrites,
    spareReads: spare(vr, () => false),
    zonesOut: zones.filter((zone) => membersIn(zone).every(isDown)),
    writesWithoutZone: withoutZone(vw) >= 0,
    readsWithoutZoneAndOne: withoutZone(vr) >= 1,
  };
}
