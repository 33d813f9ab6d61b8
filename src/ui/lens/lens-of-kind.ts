// From a trace event to the lens that shows it, by what each lens claims (LensEntry.events).

import type { TraceKind } from '../../core/kernel/trace.ts';
import type { LensId } from '../../state/settings-store.ts';
import { uiStacks } from '../stacks/registry.ts';

const claims: readonly (readonly [start: string, lens: LensId])[] = uiStacks
  .flatMap(({ lenses = [] }) =>
    lenses.flatMap(({ id, events = [] }) => events.map((start) => [start, id] as const)),
  )
  .sort(([a], [b]) => b.length - a.length);

/** Where an event of this kind is seen. */
export const lensOfKind = (kind: TraceKind): LensId =>
  claims.find(([start]) => kind.startsWith(start))?.[1] ?? 'spaceTime';
