// Every lens there is: those that any run has, and what each stack adds to its own. The right column, the keys, the palette
// and the captions read this table; a lens that is not in it does not exist.

import { lazy } from 'react';
import { assert } from '../../base/assert.ts';
import { stackOf } from '../../stacks/preset-names.ts';
import { frameStore, useFrame } from '../../state/frame-store.ts';
import type { Subject } from '../../state/subject.ts';
import type { LensEntry } from './lens-entry.ts';
import { lensesByStack } from './stack-lenses.ts';

const ChecksLens = lazy(async () => ({ default: (await import('./checks/checks-lens.tsx')).ChecksLens }));
const MetricsLens = lazy(async () => ({ default: (await import('./metrics/metrics-lens.tsx')).MetricsLens }));
const SpaceTimeLens = lazy(async () => ({
  default: (await import('./space-time/space-time-lens.tsx')).SpaceTimeLens,
}));
const TracesLens = lazy(async () => ({ default: (await import('./traces/traces-lens.tsx')).TracesLens }));

/** As the keys lie on the keyboard. */
const digits = '1234567890-=';

const ofAll: readonly LensEntry[] = [
  { id: 'spaceTime', digit: '7', title: 'lens.spaceTime', View: SpaceTimeLens, subjects: ['event'] },
  { id: 'traces', digit: '1', title: 'lens.traces', View: TracesLens, subjects: ['trace'] },
  {
    id: 'checks',
    digit: '0',
    title: 'lens.checks',
    View: ChecksLens,
    tabs: {
      board: ['client.paths-agree'],
      history: ['client.'],
      isolation: ['client.isolation', 'tx.unserializable'],
    },
  },
  { id: 'metrics', digit: '-', title: 'lens.metrics', View: MetricsLens },
];

/** As their keys lie; a run's lenses have a key each. */
export function inOrder(lenses: readonly LensEntry[]): readonly LensEntry[] {
  const byDigit = new Map<string, LensEntry>();
  for (const lens of lenses) {
    const { id, digit } = lens;
    const free = [...digits].filter((key) => !lenses.some((each) => each.digit === key)).join(' ');
    assert(digits.includes(digit), `the digit ${digit} of lens ${id} is one of ${digits}`);
    assert(
      !byDigit.has(digit),
      `digit ${digit} of lens ${id} is taken by ${byDigit.get(digit)?.id}; free: ${free}`,
    );
    byDigit.set(digit, lens);
  }
  return [...digits].flatMap((digit) => byDigit.get(digit) ?? []);
}

const byStack: ReadonlyMap<string, readonly LensEntry[]> = new Map(
  [...lensesByStack].map(([id, lenses]) => [id, inOrder([...lenses, ...ofAll])]),
);

/** The lenses of a run of this preset: each architecture has its own keys. */
export const lensesOf = (preset: string): readonly LensEntry[] => byStack.get(stackOf({ preset })) ?? ofAll;

/** The lenses of the run that is shown; before its first picture those of the first architecture. */
export const lensesNow = (): readonly LensEntry[] => lensesOf(frameStore.getState().frame?.preset ?? '');
export const useLenses = (): readonly LensEntry[] => lensesOf(useFrame(({ frame }) => frame?.preset ?? ''));

/** The lens of this name where the run has it, else its first. */
export const lensAt = (lenses: readonly LensEntry[], id: string): LensEntry | undefined =>
  lenses.find((lens) => lens.id === id) ?? lenses[0];

/** The lens of the run that shows such a subject, else its first. */
export const lensFor = (kind: Subject['kind']): LensEntry | undefined => {
  const lenses = lensesNow();
  return lenses.find(({ subjects }) => subjects?.includes(kind)) ?? lenses[0];
};

/** Every key that names a lens in some run. */
export const lensDigits: readonly string[] = [...digits].filter((digit) =>
  [...byStack.values()].some((lenses) => lenses.some((lens) => lens.digit === digit)),
);

/** A lens of any architecture. */
export const findLens = (id: string): LensEntry | undefined =>
  [...byStack.values()].flat().find((lens) => lens.id === id);
