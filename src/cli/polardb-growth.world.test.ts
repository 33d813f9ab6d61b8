// A file system that begins on one chunk of its device and grows under load (docs/spec/polarfs.md FS-12, FS-13): before room runs short, across
// deaths of the writer, and with readers that meet a chunk that they do not know.

import { expect, test } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { drawScenario } from '../sim/sweep/draw-scenario.ts';
import { runScenario } from '../sim/sweep/run-scenario.ts';
import { known } from '../stacks/known.ts';
import { findPreset } from '../stacks/presets.ts';
import { drawnOf, isDeep } from '../testing/depth.ts';
import { inOrder, readBack, runPolardb, shown, sql, WHOLE } from './polardb-fixture.ts';
import { eventsIn } from './tape-fixture.ts';

/** Many tables: files run short before blocks do. */
const LOAD = Array.from({ length: 16 }, (_, i) => [
  sql(230 + i * 20, `CREATE TABLE t${i} (id int PRIMARY KEY, v int)`, `t${i % 2}`),
  sql(235 + i * 20, `INSERT INTO t${i} VALUES (1, ${i})`, `t${i % 2}`),
]).flat();
const READS = Array.from({ length: 8 }, (_, i) => sql(950 + i * 50, `SELECT v FROM t${i}`, `r${i % 3}`));

type Death = readonly [words: string, when: 'before' | 'after' | null];
const deaths: readonly [Death, ...Death[]] = [
  ['and its writer dies when the chunk is there and it has not heard', 'before'],
  ['and its writer dies when it has heard', 'after'],
  ['', null],
];
test.each(drawnOf(deaths))('FS-12 FS-13 a file system grows before room runs short %s', async (_, when) => {
  const nodes = ['rw-1', 'ro-1', 'ro-2'];
  const crashes = [
    ...nodes.map((node) => `1.000 crashOn ${node} ${when} fsGrown`),
    ...nodes.map((node) => `900.000 disarm ${node}`),
    ...nodes.map((node) => `901.000 restart ${node}`),
  ];
  const lines = inOrder([...LOAD, ...READS, ...(when === null ? [] : crashes), readBack(1500)]);
  const one = await runPolardb(lines, 1900, 3, ['set firstChunks 1'], 'full');
  expect(one.monitors.violations).toEqual([]);
  expect(eventsIn(one, 'node.down').length).toBeGreaterThanOrEqual(when === null ? 0 : 1);
  const chunks = eventsIn(one, 'fs.grown').map((event) => event.chunks);
  expect(chunks.length > 0 || when === 'before').toBe(true); // FS-12: the chunk is there, whoever has heard
  expect(chunks).toEqual([...chunks].sort((a, b) => a - b));
  expect(eventsIn(one, 'fs.done').filter(({ error }) => error === 'ENOSPC')).toEqual([]);
  expect(one.monitors.exercised['pfs.fsck-clean']).toBeGreaterThan(0);
  expect(one.fsck().flatMap(({ findings }) => findings)).toEqual([]);
  expect([...one.answers.values()].map(shown).at(-1)).toBe(WHOLE);
});

// nobody had room for the files of LogIndex that P3 saves, and the volume was never open again
test.runIf(isDeep)(
  'FS-12 LI-26 a reader that is promoted makes room for the tables that it has to save: seed 4 of the sweep',
  async () => {
    const preset = findPreset('polardb');
    if (preset === null) throw new Error('the preset is gone');
    const { outcome, exercise } = runScenario(
      known,
      drawScenario(known, preset, 4, 19_800_000, []),
      await loadSqlEdge(),
    );
    expect(outcome).toBe('PASS');
    expect(exercise.growths).toBeGreaterThan(0);
    expect(exercise.promotesEnded).toBeGreaterThan(0);
  },
);
