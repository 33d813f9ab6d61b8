// Every lens there is: those of any architecture, and what the stacks add. The right column, the keys, the palette and the
// captions read this table; a lens that is not in it does not exist.

import { type ComponentType, lazy } from 'react';
import type { LensId } from '../../state/settings-store.ts';
import type { PlainKey } from '../i18n/i18n.ts';
import { uiStacks } from '../stacks/registry.ts';

export interface LensEntry {
  readonly id: LensId;
  /** Its key on the keyboard. */
  readonly digit: string;
  readonly title: PlainKey;
  readonly View: ComponentType;
}

const ChecksLens = lazy(async () => ({ default: (await import('./checks/checks-lens.tsx')).ChecksLens }));
const MetricsLens = lazy(async () => ({ default: (await import('./metrics/metrics-lens.tsx')).MetricsLens }));
const SpaceTimeLens = lazy(async () => ({
  default: (await import('./space-time/space-time-lens.tsx')).SpaceTimeLens,
}));

/** As the keys lie on the keyboard. */
const digits = '1234567890-';

export const lenses: readonly LensEntry[] = [
  ...uiStacks.flatMap((stack) => stack.lenses ?? []),
  { id: 'spaceTime', digit: '7', title: 'lens.spaceTime', View: SpaceTimeLens } as const,
  { id: 'checks', digit: '0', title: 'lens.checks', View: ChecksLens } as const,
  { id: 'metrics', digit: '-', title: 'lens.metrics', View: MetricsLens } as const,
].sort((a, b) => digits.indexOf(a.digit) - digits.indexOf(b.digit));

export const findLens = (id: string): LensEntry | undefined => lenses.find((lens) => lens.id === id);
