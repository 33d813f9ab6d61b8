// Cancels of requests: drawn for one half of the seeds, for clients that the seed's loads have, while there is chaos.

import { expect, test } from 'vitest';
import { nodeId, type Time } from '../../base/ids.ts';
import type { WorkloadSpec } from '../../core/kernel/workload-spec.ts';
import { drawCancels } from './client-cancels.ts';

const CHAOS_US = 20_000_000;
const spec: WorkloadSpec = {
  kind: 'counter',
  rows: 3,
  clients: 2,
  thinkUs: 1000,
  ratePerSecond: 0,
  readPercent: 0,
  hotPercent: 0,
  valueBytes: 0,
  load: true,
};
const loadOf = (node: string, name: string, kind: WorkloadSpec['kind'] = 'counter') =>
  ({ kind: 'workload', at: 0 as Time, node: nodeId(node), name, spec: { ...spec, kind } }) as const;
const loads = [loadOf('d1', 'counters'), loadOf('d2', 'lists')];

test('PRE-8 FENCE-44 one half of the seeds cancels requests of its clients, of each at some time', () => {
  const met = new Set<string>();
  let seeds = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const drawn = drawCancels(seed, loads, CHAOS_US);
    seeds += Number(drawn.length > 0);
    expect(drawn.every(({ at }) => at > 0 && at < CHAOS_US)).toBe(true);
    for (const action of drawn) if (action.kind === 'cancel') met.add(`${action.node} ${action.session}`);
  }
  expect(seeds).toBeGreaterThan(10);
  expect(seeds).toBeLessThan(30);
  expect([...met].sort()).toEqual(['d1 counters/0', 'd1 counters/1', 'd2 lists/0', 'd2 lists/1']);
  expect(drawCancels(1, [], CHAOS_US)).toEqual([]);
});

test('FENCE-47 one seed of five cancels more, within transactions of several requests only', () => {
  const perSeed = Array.from({ length: 40 }, (_, i) => {
    const usual = new Set(drawCancels(i + 1, [...loads, loadOf('d1', 'steps', 'counter-steps')], CHAOS_US));
    return {
      seed: i + 1,
      count: usual.size,
      of: [...usual].filter((one) => one.kind === 'cancel' && one.session.startsWith('steps/')).length,
    };
  });
  const aimed = perSeed.filter(({ seed }) => seed % 5 === 0);
  expect(aimed.every(({ count, of }) => of > 24 * 30 && of > count / 2)).toBe(true);
  expect(perSeed.filter(({ seed, of }) => seed % 5 !== 0 && of > 24 * 30)).toEqual([]);
  // without such a load there is nothing to aim at
  expect(drawCancels(5, [], CHAOS_US)).toEqual([]);
});
