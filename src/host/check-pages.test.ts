// What the lab's button asks of the replay worker: the structure of the pages at a time of a tape, and what a planted bug
// left there, with its place.

import { expect, test } from 'vitest';
import type { FsckReport } from '../sim/fsck/findings.ts';
import { makeReplayHost } from './replay-host.ts';

const tapeWith = (mutants: string): string => `postdb-tape 1
engine 0.1.0
preset cynosdb
profile demo
${mutants}seed 5
0.000 workload d1 kind=kv-insert rows=0 clients=4 thinkUs=500 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=8 load=true
60.000 crash rw-1 for 10.000 ms
`;

async function checkAt(mutants: string, ms: number): Promise<readonly FsckReport[]> {
  const host = makeReplayHost(() => undefined);
  const text = tapeWith(mutants);
  return (await host.handle({ kind: 'checkPages', id: 1, text, at: ms * 1000 })) as readonly FsckReport[];
}

test('WAL-22 pages are checked as of the time that is shown, before and after a crash of the writer', async () => {
  expect(await checkAt('', 0)).toEqual([]);
  const [before] = await checkAt('', 59);
  const [after] = await checkAt('', 130);
  expect(before).toMatchObject({ volume: 'v1', tables: 1, found: 0, findings: [] });
  expect(before?.rows).toBeGreaterThan(10);
  expect(after?.at).toBeGreaterThan(before?.at ?? Number.POSITIVE_INFINITY);
  expect(after).toMatchObject({ found: 0 });
});

test('a bug that was planted in the engine is found with its table and page', async () => {
  const [report] = await checkAt('broken engine.split-skips-sibling\n', 130);
  expect(report?.found).toBeGreaterThan(0);
  expect(report?.findings[0]).toMatchObject({ kind: 'index.sibling', table: 'kv' });
});

test('a tape that cannot be read is refused with its line', async () => {
  await expect(checkAt('broken\n', 250)).rejects.toThrow(/^line 5: /);
});
