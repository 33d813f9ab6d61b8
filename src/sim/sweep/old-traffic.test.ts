// What is drawn of old traffic: writers change while messages are held, and those are released later.

import { expect, test } from 'vitest';
import { findPreset } from '../../stacks/presets.ts';
import { DENSE_SCALE, drawOldTraffic, SWEEP_SCALE } from './old-traffic.ts';

test.each([
  ['sweep', SWEEP_SCALE, 60_000_000],
  ['dense', DENSE_SCALE, 2_000_000],
] as const)(
  'FENCE-5 %s: in every third seed the writer dies while messages are held',
  (_, scale, chaosUs) => {
    const cluster = findPreset('cynosdb')?.cluster;
    if (cluster === undefined) throw new Error('no preset');
    const held = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const actions = drawOldTraffic(seed, cluster, chaosUs, scale);
      expect(actions.length > 0).toBe(seed % 3 === 0);
      const holds = actions.flatMap((action) => (action.kind === 'holdNext' ? [action] : []));
      const ends = actions.flatMap((action) => (action.kind === 'release' ? [action] : []));
      const endOf = ({ at, link }: (typeof holds)[number]): number =>
        ends.find((end) => end.at > at && `${end.link.from} ${end.link.to}` === `${link.from} ${link.to}`)
          ?.at ?? -1;
      for (const { link, family } of holds) held.add(`${link.from} ${link.to} ${family}`);
      for (const crash of actions)
        if (crash.kind === 'crash') {
          expect(crash.node).toBe('rw-1');
          const during = holds.filter((hold) => hold.at < crash.at && crash.at < endOf(hold));
          expect(during.length).toBeGreaterThan(0);
        }
      for (const hold of holds) expect(endOf(hold)).toBeGreaterThan(hold.at);
      for (const { at } of ends) expect(at).toBeLessThanOrEqual(chaosUs);
    }
    expect(held.size).toBeGreaterThan(8);
  },
);

test('FENCE-5 what is held has two ends, of nodes with several roles as well (postdb-v4 seed 36)', () => {
  const cluster = findPreset('postdb-v4')?.cluster;
  if (cluster === undefined) throw new Error('no preset');
  let held = 0;
  for (let seed = 3; seed <= 180; seed += 3)
    for (const action of drawOldTraffic(seed, cluster, 60_000_000, SWEEP_SCALE))
      if (action.kind === 'holdNext') {
        held++;
        expect(action.link.from, `seed ${seed}`).not.toEqual(action.link.to);
      }
  expect(held).toBeGreaterThan(60);
});
