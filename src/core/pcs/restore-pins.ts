// What restores under way need of the object store (docs/spec/wal.md WAL-45): it receives all of it at once, again until it
// answers, and anew after every start of the metadata, so that nothing stays pinned for a restore that a crash forgot.

import { type RoleContext, send } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { MetaContent } from './meta-content.ts';
import { armRetry, type Pin, type RestoreDriver } from './restore-state.ts';

function wantedPins({ asking }: RestoreDriver, { restores }: MetaContent): Pin[] {
  const namesOf = (groups: readonly { readonly parts: string[]; readonly logs: string[] }[]): string[] =>
    groups.flatMap(({ parts, logs }) => [...parts, ...logs]);
  const loading = restores.filter(({ state }) => state === 'loading');
  const wanted: Pin[] = loading.map(({ volume, groups }) => ({ volume, names: namesOf(groups) }));
  for (const { plan } of asking)
    if (plan && !loading.some(({ volume }) => volume === plan.volume))
      wanted.push({ volume: plan.volume, names: namesOf(plan.groups) });
  return wanted.sort((a, b) => (a.volume < b.volume ? -1 : 1));
}

const isSame = (a: readonly Pin[], b: readonly Pin[]): boolean =>
  a.length === b.length &&
  a.every(({ volume, names }, i) => volume === b[i]?.volume && names.join() === b[i]?.names.join());

/** Sent when it has changed. */
export function orderPins(d: RestoreDriver, content: MetaContent, ctx: RoleContext): void {
  if (d.archive === null) return;
  const wanted = wantedPins(d, content);
  const { pins } = d;
  if (pins.ordered !== null && isSame(pins.ordered, wanted)) return;
  pins.ordered = wanted;
  pins.sequence++;
  pins.isHeld = false;
  sendPins(d, ctx);
}

export function sendPins(d: RestoreDriver, ctx: RoleContext): void {
  const { archive, pins } = d;
  if (archive === null || pins.ordered === null || pins.isHeld) return;
  const { boot, sequence, ordered } = pins;
  send(ctx, archive, { kind: 'PinObjects', boot, sequence, pins: [...ordered] });
  armRetry(d, ctx);
}

/** True when the order sent last is durable. A newer order that stands there is of a life that this disk has forgotten. */
export function onObjectsPinned(
  d: RestoreDriver,
  ctx: RoleContext,
  { boot, sequence }: MessageOf<'ObjectsPinned'>,
): boolean {
  const { pins } = d;
  if (pins.isHeld || pins.ordered === null) return false;
  if (boot === pins.boot && sequence === pins.sequence) {
    pins.isHeld = true;
    return true;
  }
  if (boot > pins.boot || (boot === pins.boot && sequence > pins.sequence)) {
    pins.boot = boot;
    pins.sequence = sequence + 1;
    sendPins(d, ctx);
  }
  return false;
}
