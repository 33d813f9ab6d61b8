// Requests of a metadata node that has lost its disk and came back under another identity (docs/spec/raft.md PCS-30, PCS-105).

import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { MemberId } from '../consensus/configuration.ts';
import { firstIdentity } from '../consensus/identities.ts';
import { ownBoot } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';

const as = (self: MemberId, bootEpoch: number) =>
  ownBoot({ log: { config: { self } }, bootEpoch } as unknown as Pick<MetaState, 'log' | 'bootEpoch'>);

test('PCS-30 PCS-105 a boot under a later identity is later than every boot under an earlier one', () => {
  const first = firstIdentity([nodeId('pcs-1'), nodeId('pcs-2')], nodeId('pcs-2'));
  const second = (first + 64) as MemberId;
  expect([as(first, 1), as(first, 7)]).toEqual([1, 7]);
  expect(as(second, 1)).toBeGreaterThan(as(first, 1_000_000));
  expect(Number.isSafeInteger(as((first + 64 * 1000) as MemberId, 1))).toBe(true);
});
