// From a trace event to the lens that shows it, by what each lens of the run claims (LensEntry.events).

import type { TraceKind } from '../../core/kernel/trace.ts';
import { frameStore } from '../../state/frame-store.ts';
import type { LensId } from '../../state/settings-store.ts';
import type { Rule } from '../rules/registry.ts';
import type { LensEntry } from './lens-entry.ts';
import { claimantOf, partFor, showPart } from './lens-part.ts';
import { lensesByStack, stackLenses } from './stack-lenses.ts';

/** Where an event of this kind is seen: of the claims that fit the longest. `preset` null: of any run's lenses. */
export function lensOfKind(
  kind: TraceKind,
  preset: string | null = frameStore.getState().frame?.preset ?? null,
): LensId {
  const lenses = preset === null ? [...lensesByStack.values()].flat() : stackLenses(preset);
  const claims = lenses.map(({ id, events = [] }) => [id, events] as const);
  return claimantOf(claims, kind) ?? 'spaceTime';
}

/** Where a rule is seen: in its lens; in a run without that one, in the lens whose parts claim the longest beginning of its slug, or in the list of rules. */
export function lensOfRule(
  rule: Pick<Rule, 'slug' | 'lens'>,
  lenses: readonly LensEntry[],
): LensEntry | undefined {
  const own = lenses.find(({ id }) => id === rule.lens);
  if (own !== undefined) return own;
  const claims = lenses.map((lens) => [lens, Object.values(lens.tabs ?? {}).flat()] as const);
  return claimantOf(claims, rule.slug) ?? lenses.find(({ id }) => id === 'checks');
}

/** The tab or section of a lens in which an event of this kind, or what a rule is about, is seen comes forward, where it has one. */
export function showPartOf(what: string, lens: LensId): void {
  const entry = [...lensesByStack.values()].flat().find(({ id }) => id === lens);
  const part = partFor(entry?.tabs ?? entry?.sections, what);
  if (part !== null) showPart(lens, part);
}
