// From a trace event to the lens that shows it, by what each lens of the run claims (LensEntry.events).

import type { TraceKind } from '../../core/kernel/trace.ts';
import { frameStore } from '../../state/frame-store.ts';
import type { LensId } from '../../state/settings-store.ts';
import { showTab, tabFor } from './lens-tab.ts';
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

/** The tab of a lens in which an event of this kind, or what a rule is about, is seen comes forward, where it has one. */
export function showTabOf(what: string, lens: LensId): void {
  const entry = [...lensesByStack.values()].flat().find(({ id }) => id === lens);
  const tab = tabFor(entry?.tabs, what);
  if (tab !== null) showTab(lens, tab);
}
