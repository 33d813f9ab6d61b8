// Chunk servers that come and go while the device is mounted (docs/spec/polarfs.md FS-76, FS-77).

import { expect, test } from 'vitest';
import { commitsIn, inOrder, readBack, runPolardb, shown, WHOLE } from './polardb-fixture.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';

/** Voters of each chunk by its leader's newest configuration; those that never changed are not among them. */
function membersIn(one: Pick<TapeRun, 'trace' | 'monitors'>): Map<string, string[]> {
  const newest = new Map<string, { index: number; voters: string[] }>();
  for (const { group, index, voters } of eventsIn(one, 'chunk.members'))
    if (index >= (newest.get(group)?.index ?? 0)) newest.set(group, { index, voters: voters.split(',') });
  return new Map([...newest].map(([group, { voters }]) => [group, voters]));
}

const countOn = (places: ReadonlyMap<string, readonly string[]>, node: string): number =>
  [...places.values()].filter((voters) => voters.includes(node)).length;

test('FS-76 FS-77 PCS-67 PCS-79 PCS-100 two chunk servers are added under load and get chunks; they are drained again and end', async () => {
  const lines = [
    '300.000 addNode cs-4 chunk a',
    '301.000 addNode cs-5 chunk b',
    '1500.000 offline cs-4',
    '1510.000 offline cs-5',
    readBack(3300),
  ];
  const one = await runPolardb(inOrder(lines), 3500);
  for (const k of ['chunk.move','chunk.invited','chunk.left','chunk.admitted','node.joined','node.removed','node.exit','plan.rest'] as const)
    console.log(k, one.trace.filter(({event})=>event.kind===k).map(({at,node,event})=>`${(at/1000).toFixed(0)} ${node} ${JSON.stringify(event)}`).slice(0,14).join('\n'));
  console.log(membersIn(one), commitsIn(one), [...one.answers.values()].map(shown).at(-1));
  expect(one.monitors.violations).toEqual([]);
  const grown = membersIn({ ...one, trace: one.trace.filter(({ at }) => at < 1_500_000) });
  expect(countOn(grown, 'cs-4')).toBeGreaterThan(1);
  expect(countOn(grown, 'cs-5')).toBeGreaterThan(1);
  const shrunk = membersIn(one);
  expect(['cs-4', 'cs-5'].map((node) => countOn(shrunk, node))).toEqual([0, 0]);
  expect(eventsIn(one, 'node.exit').length).toBe(2);
  expect([...one.answers.values()].map(shown).at(-1)).toBe(WHOLE);
});
