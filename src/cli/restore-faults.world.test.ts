// Restores that something stands in the way of (docs/spec/wal.md WAL-45): a metadata that crashes before the order is an entry,
// retention that passes what is being loaded, a store that stays away, and a restored volume that is deleted.

import { expect, test } from 'vitest';
import { BEFORE, ROWS, rowsOf, runRestore, SCRIPT, SELECT } from './restore-fixture.ts';
import { eventsIn } from './tape-fixture.ts';

const answers = (one: Awaited<ReturnType<typeof runRestore>>) =>
  eventsIn(one, 'volume.answered').map(({ what, volume, code }) => [what, volume, code]);

test.each(['250.100', '250.800', '252.000', '254.000'])(
  'WAL-45 a metadata that crashes at %s ms, before or after the order is an entry, loses no order and does none twice',
  async (crashAt) => {
    const one = await runRestore(
      [
        ...SCRIPT,
        `250.000 restore v1 ${BEFORE} as v2`,
        `${crashAt} crash meta-1 for 20.000 ms`,
        `390.000 sql d1 @v2 "${SELECT}"`,
      ],
      420,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'restore.begin')).toHaveLength(1);
    expect(answers(one)).toEqual([['restore', 'v2', '']]);
    expect(eventsIn(one, 'volume.answered')[0]?.told).toBeGreaterThan(1);
    expect(rowsOf(one, 390)).toEqual(ROWS);
  },
);

const SHORT = ['set backupRetentionMs 20', 'set moveTimeoutMs 2000'];
/** A store that is to be loaded is away while the archive forgets what it is loaded from. */
const OVERTAKEN = [
  ...SCRIPT.slice(0, 2),
  '150.000 restore v1 to time 140.000 ms as v2',
  '151.000 crash store-3 for 300.000 ms',
];

test('WAL-45 what a restore is made from stays until it ends, though retention has passed it; then it goes', async () => {
  const one = await runRestore([...OVERTAKEN, `620.000 sql d1 @v2 "${SELECT}"`], 660, [], SHORT);
  expect(one.monitors.violations).toEqual([]);
  expect(rowsOf(one, 620)).toEqual(ROWS);
  const pinned = eventsIn(one, 'archive.pinned');
  expect(pinned.map(({ volumes }) => volumes)).toEqual(['', 'v2', '']);
  const [begin] = eventsIn(one, 'restore.begin');
  const objects = one.keysOf('cos-1').filter((key) => key.includes('/log/') || key.includes('/base/'));
  const old = objects.filter((key) => Number(/\/(\d{16})/.exec(key)?.[1]) < (begin?.lsn ?? 0));
  expect(old).toEqual([]);
});

test('WAL-45 the planted bug archive.no-pins is caught by restore.objects-kept', async () => {
  const one = await runRestore(OVERTAKEN, 560, ['archive.no-pins'], SHORT);
  expect(one.monitors.violations.map(({ rule }) => rule)).toContain('restore.objects-kept');
});

test('WAL-45, WAL-71 a store that stays away does not hold a restore: it opens on a write quorum, and the store is made anew', async () => {
  const one = await runRestore(
    [
      ...SCRIPT,
      '245.000 crash store-3 for 300.000 ms',
      `250.000 restore v1 ${BEFORE} as v2`,
      `430.000 sql d1 @v2 "${SELECT}"`,
      '440.000 sql d1 @v2 "insert into notes values (99, \'new\')"',
      '740.000 crash store-1 for 100.000 ms',
      `780.000 sql d1 @v2 "select note from notes where id = 99"`,
    ],
    860,
    [],
    ['set moveTimeoutMs 100'],
  );
  expect(one.monitors.violations).toEqual([]);
  const [done] = eventsIn(one, 'restore.done');
  expect(done?.lacking).toBe('store-3/g3,store-3/g4');
  expect(rowsOf(one, 430)).toEqual(ROWS);
  const lost = eventsIn(one, 'disk.lost').map(({ group, node }) => `${node}/${group}`);
  expect(lost.sort()).toEqual(['store-3/g3', 'store-3/g4']);
  expect(rowsOf(one, 780)).toEqual([['new']]); // store-3 counts again
  expect(one.monitors.exercised['restore.write-quorum']).toBeGreaterThan(0);
});

test('WAL-45 the planted bug restore.opens-early is caught by restore.write-quorum', async () => {
  const one = await runRestore([...SCRIPT, `200.000 restore v1 ${BEFORE} as v2`], 300, [
    'restore.opens-early',
  ]);
  expect(one.monitors.violations.map(({ rule }) => rule)).toContain('restore.write-quorum');
});

test('WAL-45 a restored volume is deleted: its keys go, its writer waits, and takes the next one', async () => {
  const one = await runRestore(
    [
      ...SCRIPT,
      `220.000 restore v1 ${BEFORE} as v2`,
      `330.000 sql d1 @v2 "${SELECT}"`,
      '340.000 dropVolume v1',
      '341.000 dropVolume v9',
      '345.000 crash store-2 for 20.000 ms',
      '346.000 dropVolume v2',
      '380.000 sql d1 @v2 "select 1"',
      `390.000 restore v1 ${BEFORE} as v2`,
      `520.000 sql d1 @v2 "${SELECT}"`,
    ],
    560,
  );
  expect(one.monitors.violations).toEqual([]);
  expect(answers(one)).toEqual([
    ['restore', 'v2', ''],
    ['dropVolume', 'v1', 'NOT_RESTORED'],
    ['dropVolume', 'v9', 'NO_VOLUME'],
    ['dropVolume', 'v2', ''],
    ['restore', 'v2', ''],
  ]);
  expect(rowsOf(one, 330)).toEqual(ROWS);
  expect(rowsOf(one, 380)).toMatchObject({ kind: 'error', sqlstate: '3D000' });
  expect(rowsOf(one, 520)).toEqual(ROWS);
  expect(eventsIn(one, 'restore.begin').map(({ groups }) => groups)).toEqual(['g3,g4', 'g5,g6']);
  for (const store of ['store-1', 'store-2', 'store-3'])
    expect(one.keysOf(store).filter((key) => /^store\/g[34]\//.test(key))).toEqual([]);
});
