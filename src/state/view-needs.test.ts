// View subscriptions: the union of what the open panes need.

import { expect, test } from 'vitest';
import { makeViewNeeds, mergeNeeds, type ViewNeed } from './view-needs.ts';

test('the widest span and window, detail when one wants it', () => {
  const needs: ViewNeed[] = [
    { span: 64 },
    { span: 128, detail: true },
    { lsnWindow: [10, 20] },
    { lsnWindow: [5, 12] },
  ];
  expect(mergeNeeds(needs)).toEqual({ group: null, lsnWindow: [5, 20], span: 128, detail: true });
  expect(mergeNeeds([])).toEqual({ group: null, lsnWindow: null, span: 16, detail: false });
});

test('a pane that follows beside one that was moved sees the newest LSNs as well', () => {
  expect(
    mergeNeeds([
      { span: 64, lsnWindow: null },
      { span: 32, lsnWindow: [10, 42] },
    ]),
  ).toEqual({
    group: null,
    lsnWindow: [0, Number.MAX_SAFE_INTEGER],
    span: 64,
    detail: false,
  });
  // One LSN is asked for, perhaps the newest: those before it that the other pane shows come as well.
  expect(mergeNeeds([{ span: 64, lsnWindow: null }, { lsnWindow: [1000, 1001] }])).toMatchObject({
    lsnWindow: [936, Number.MAX_SAFE_INTEGER],
  });
});

test('what only some lenses need is asked for when one of them is open', () => {
  const wanted = [{ blockKey: 7, at: null }];
  expect(
    mergeNeeds([
      { span: 64, wanted: [{ blockKey: 3, at: 9 }] },
      { log: true },
      { pages: true, wanted, commitOf: 12 },
    ]),
  ).toMatchObject({
    log: true,
    pages: true,
    wanted: [{ blockKey: 3, at: 9 }, ...wanted],
    commitOf: 12,
  });
  expect(Object.keys(mergeNeeds([{ span: 64 }]))).not.toContain('pages');
});

test('the lab hears when the union changes, and only then', async () => {
  const sent: number[] = [];
  const needs = makeViewNeeds(({ span }) => sent.push(span));
  for (const [owner, need] of [
    ['wal', { span: 64 }],
    ['mtr', { span: 32 }],
    ['wal', null],
    ['nobody', null],
  ] as const) {
    needs.set(owner, need);
    await Promise.resolve();
  }
  expect(sent).toEqual([64, 32]);
});

test('an owner who takes a need back and says another at once is never without one', async () => {
  const sent: unknown[] = [];
  const needs = makeViewNeeds(({ pages, wanted }) => sent.push([pages, wanted]));
  const wants = (blockKey: number): ViewNeed => ({ pages: true, wanted: [{ blockKey, at: null }] });
  needs.set('pages', wants(1));
  await Promise.resolve();
  needs.set('pages', null);
  needs.set('pages', wants(2));
  await Promise.resolve();
  expect(sent).toEqual([1, 2].map((blockKey) => [true, wants(blockKey).wanted]));
});
