// The table of lenses: a run's lenses have a key each, their names are there with the table, and events lead to them.

import { expect, test } from 'vitest';
import { traceKinds } from '../../stacks/trace.ts';
import { loadChinese, textInBoth } from '../i18n/i18n.ts';
import { uiStacks } from '../stacks/registry.ts';
import type { LensEntry } from './lens-entry.ts';
import { lensOfKind } from './lens-of-kind.ts';
import { inOrder, lensesOf } from './registry.ts';

const lens = (id: LensEntry['id'], digit: string): LensEntry => ({
  id,
  digit,
  title: 'lens.metrics',
  View: () => null,
});

test('lenses lie as their keys do; a key for two of them, or one that is none, is refused with the free ones', () => {
  expect(inOrder([lens('checks', '0'), lens('wal', '2'), lens('mtr', '1')]).map(({ id }) => id)).toEqual([
    'mtr',
    'wal',
    'checks',
  ]);
  expect(() => inOrder([lens('wal', '4'), lens('pages', '4')])).toThrow(
    'digit 4 of lens pages is taken by wal; free: 1 2 3 5 6 7 8 9 0 - =',
  );
  expect(() => inOrder([lens('wal', 'x')])).toThrow('the digit x of lens wal is one of 1234567890-=');
});

test('the name of every lens is there as soon as the table is, in both languages', async () => {
  await loadChinese();
  const own = uiStacks.flatMap(({ lenses = [] }) => lenses);
  expect(own.length).toBeGreaterThan(4);
  for (const { id, title } of [...lensesOf('hook-hole'), ...own])
    expect(textInBoth(title), id).toHaveLength(2);
});

test('an event is seen in the lens that claims the longest beginning of its kind, else in space-time', () => {
  const kinds = ['wal.ack', 'mark.scl', 'mark.vdl', 'mark.archived', 'recovery.info', 'page.evict'] as const;
  expect(kinds.map((kind) => lensOfKind(kind))).toEqual(['wal', 'wal', 'mtr', 'chains', 'wal', 'pages']);
  expect([lensOfKind('recovery.done'), lensOfKind('node.open')]).toEqual(['recovery', 'spaceTime']);
  for (const { id, events = [] } of uiStacks.flatMap(({ lenses = [] }) => lenses))
    for (const start of events)
      expect(
        traceKinds.some((kind) => kind.startsWith(start)),
        `${start} of ${id}`,
      ).toBe(true);
});
