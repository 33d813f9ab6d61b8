import { expect, test } from 'vitest';
import { readAsk } from './link-ask.ts';

test('E13 what a link asked for is read from a history entry, and from nothing that only looks like it', () => {
  const ask = { id: '1', preset: 'cynosdb', seed: 9 };
  expect(readAsk({ ask })).toEqual(ask);
  for (const state of [
    null,
    7,
    {},
    { ask: null },
    { ask: { ...ask, id: 1 } },
    { ask: { ...ask, seed: '9' } },
  ])
    expect(readAsk(state)).toBeNull();
});
