// Leaders that change by order of an operator (docs/spec/placement.md PCS-121, raft.md PCS-27): the primary of a tablet's group, and the
// leader of the metadata's log.

import { expect, test } from 'vitest';
import { leadersOf, runPcs } from './pcs-fixture.ts';
import { eventsIn } from './tape-fixture.ts';
import { answersOf, done, readBack, run, WHOLE } from './v4-fixture.ts';

test('PCS-121 a tablet gets another primary by order: nothing is lost, and who may not lead is refused', async () => {
  const before = await run([], 300);
  const leads = (one: typeof before): string | undefined =>
    eventsIn(one, 'token.grant').findLast(({ volume }) => volume === volumeOf)?.holder;
  const volumeOf = eventsIn(before, 'group.made').find(({ group }) => group === 'g1')?.volume ?? '';
  const first = leads(before) ?? '';
  const other = ['n1', 'n2', 'n3'].find((node) => node !== first) ?? '';
  const one = await run(
    [
      `300.000 transferGroup g1 ${first}`,
      `310.000 transferGroup g9 ${other}`,
      `320.000 transferGroup g1 ${other}`,
      ...readBack(500),
    ],
    600,
  );
  expect(one.monitors.violations).toEqual([]);
  expect(leads(one)).toBe(other);
  const orders = eventsIn(one, 'pcs.order').map(({ what, code }) => `${what} ${code}`);
  expect(orders).toEqual(['transferGroup NOTHING_TO_DO', 'transferGroup NOTHING_TO_DO', 'fenceVolume ']);
  expect(eventsIn(one, 'leader.lost')).toEqual([]);
  expect(answersOf(one)).toEqual(WHOLE);
  expect(done(one, 400)).toBeGreaterThan(10);
});

test('PCS-27 PCS-108 the leader of the metadata hands over to the voter that is named, and to nobody else', async () => {
  const first = leadersOf(await runPcs(150, [])).at(-1) ?? '';
  const other = ['pcs-1', 'pcs-2', 'pcs-3'].find((node) => node !== first) ?? '';
  const one = await runPcs(400, [
    `150.000 transferPcs ${first}`,
    '160.000 transferPcs pcs-4',
    `200.000 transferPcs ${other}`,
  ]);
  expect(one.monitors.violations).toEqual([]);
  expect(leadersOf(one)).toEqual([first, other]);
  expect(eventsIn(one, 'op.return').some(({ outcome }) => outcome === 'ok')).toBe(true);
});
