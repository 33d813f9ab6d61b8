// Limits as parameters (PRE-8): what is traced when one is reached.

import { expect, test } from 'vitest';
import { time } from '../../base/ids.ts';
import type { RoleContext } from './context.ts';
import { makeIds } from './context-fixture.ts';
import type { Effect } from './door.ts';
import { limitNames, limitTable, reach } from './limits.ts';
import { usualLimits } from './limits-fixture.ts';
import type { Message } from './messages.ts';

const contextOf = (): RoleContext & { readonly effects: Effect<Message>[] } => ({
  now: time(0),
  role: 'store',
  tag: 2,
  scope: '',
  ids: makeIds(),
  effects: [],
  traceId: 0,
});

test('PRE-8 a limit that is smaller than usual is traced when it is reached, once in a life', () => {
  const ctx = contextOf();
  const limits = { ...usualLimits, plans: 3, pageReads: 1 };
  for (const name of ['plans', 'pageReads', 'plans'] as const) reach(ctx, limits, name);
  expect(ctx.effects).toEqual([
    { kind: 'trace', event: { kind: 'limit.reached', limit: 'plans' }, traceId: 0 },
    { kind: 'trace', event: { kind: 'limit.reached', limit: 'pageReads' }, traceId: 0 },
  ]);
});

test('PRE-8 the usual value of a limit leaves no trace', () => {
  const ctx = contextOf();
  for (const name of limitNames) reach(ctx, usualLimits, name);
  expect(ctx.effects).toEqual([]);
});

test('PRE-8 the usual value lies above the least that works', () => {
  for (const [name, [usual, least]] of Object.entries(limitTable)) {
    expect(least, name).toBeGreaterThan(0);
    expect(usual, name).toBeGreaterThan(least);
  }
});
