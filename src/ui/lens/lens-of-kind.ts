// From a trace event to the lens that shows it, by what each lens of the run claims (LensEntry.events).

import type { TraceKind } from '../../core/kernel/trace.ts';
import { frameStore } from '../../state/frame-store.ts';
import type { LensId } from '../../state/settings-store.ts';
import { lensesByStack, stackLenses } from './stack-lenses.ts';

/** Where an event of this kind is seen: of the claims that fit the longest. `preset` null: of any run's lenses. */
export function lensOfKind(
  kind: TraceKind,
  preset: string | null = frameStore.getState().frame?.preset ?? null,
): LensId {
  const lenses = preset === null ? [...lensesByStack.values()].flat() : stackLenses(preset);
  const claims = lenses.flatMap(({ id, events = [] }) =>
    events.filter((start) => kind.startsWith(start)).map((start) => ({ id, length: start.length })),
  );
  return claims.sort((a, b) => b.length - a.length)[0]?.id ?? 'spaceTime';
}
