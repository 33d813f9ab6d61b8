// What *What is modelled* says of polardb in numbers and in steps is what its nodes have and do.

import { expect, test } from 'vitest';
import { present } from '../../../base/assert.ts';
import { chunkGeometry } from '../../../core/chunk/device-spec.ts';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import { computeOf } from '../../model/node-facts.ts';
import { shootWorld } from '../../testing/world-frame.ts';
import { modelRows } from './about.ts';

const edge = await loadSqlEdge();
const row = (id: string) =>
  present(
    modelRows.find((one) => one.id === id),
    id,
  );
const numbersOf = (text: string): readonly number[] => (text.match(/\d+/g) ?? []).map(Number);
const load =
  '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true';

test('LI-20 LI-21 segments that can be used, hash slots, blocks and chunks are those of the preset, in both languages', () => {
  const { frame, nodes } = shootWorld({
    edge,
    preset: 'polardb',
    lines: [load],
    atMs: 200,
    view: { files: [] },
  });
  const index = present(computeOf(nodes['rw-1'])?.shared?.index, 'LogIndex');
  const { blockBytes, blocksPerChunk } = present(chunkGeometry(frame.cluster) ?? undefined, 'a device');
  const files = row('polarfs').simplified;
  const pages = row('sharedPages').simplified;
  for (const text of [pages.en, pages.zh])
    expect(numbersOf(text)).toEqual([index.segments, 0, 32, 4095, 2048, 1]);
  for (const text of [files.en, files.zh])
    expect(numbersOf(text).slice(0, 2)).toEqual([blockBytes / 1024, blocksPerChunk]);
});

test.each([
  ['its writer dies', '203.000 crash rw-1'],
  ['by order', '203.000 switchover ro-1'],
])('LI §8 the steps of a promotion stand in the order in which they happen: %s', (_, line) => {
  const { events } = shootWorld({ edge, preset: 'polardb', lines: [load, line], atMs: 340, view: {} });
  const happened = events.flatMap(({ event }) => (event.kind === 'promote.step' ? [event.step] : []));
  const { en, zh } = row('sharedPromote').real;
  for (const text of [en, zh]) expect(text.match(/P\d/g)).toEqual(happened);
});
