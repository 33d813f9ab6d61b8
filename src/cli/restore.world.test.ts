// Point-in-time restore end to end (docs/spec/wal.md WAL-45): a cluster under load and backed up, a DELETE that should not
// have been, and a volume restored to before it while stores, the metadata and the object store crash. Every monitor is on;
// the rows come through SQL from the restored volume, and its source goes on.

import { expect, test } from 'vitest';
import { BEFORE, type RestoreRun, ROWS, rowsOf, runRestore, SCRIPT, SELECT } from './restore-fixture.ts';
import { eventsIn } from './tape-fixture.ts';

const resumed = (one: RestoreRun, why: string): number =>
  eventsIn(one, 'restore.resume').filter((event) => event.why === why).length;

test('WAL-45 a restore through crashes of stores, metadata and object store gives the rows before the DELETE', async () => {
  const one = await runRestore(
    [
      ...SCRIPT,
      `250.000 restore v1 ${BEFORE} as v2`,
      '253.000 crash store-2 for 12.000 ms',
      '254.500 crash meta-1 for 9.000 ms',
      '256.000 crash store-1 for 10.000 ms',
      '258.000 crash cos-1 for 90.000 ms',
      `430.000 sql d1 @v2 "${SELECT}"`,
      `431.000 sql d1 "${SELECT}"`,
      '440.000 sql d1 @v2 "insert into notes values (99, \'new\')"',
      '445.000 crash rw-2 for 10.000 ms',
      `480.000 sql d1 @v2 "select note from notes where id = 99"`,
    ],
    560,
  );
  expect(one.monitors.violations).toEqual([]);
  expect(['store', 'meta', 'archive'].map((why) => resumed(one, why) > 0)).toEqual([true, true, true]);
  expect(eventsIn(one, 'restore.replica')).toHaveLength(6);
  expect(eventsIn(one, 'restore.done')).toMatchObject([{ volume: 'v2', token: 2, writer: 'rw-2' }]);
  expect(rowsOf(one, 430)).toEqual(ROWS);
  expect(rowsOf(one, 431)).toEqual(ROWS.slice(10));
  expect(rowsOf(one, 480)).toEqual([['new']]);
  const done = one.trace.find(({ event }) => event.kind === 'restore.done')?.at ?? 0;
  const later = one.trace.filter(
    ({ at, node, event }) => at > done && node === 'rw-1' && event.kind === 'commit.ack',
  );
  expect(later.length).toBeGreaterThan(20); // the source goes on
  for (const rule of ['restore.equals-source', 'restore.token-above', 'restore.source-untouched'] as const)
    expect(one.monitors.exercised[rule], rule).toBeGreaterThan(0);
  expect(one.monitors.volumes[0].sums.compared).toBeGreaterThan(1000);
});

test('WAL-43, WAL-44, WAL-45 what is no point is refused with why; a cancelled restore leaves nothing; its name is free', async () => {
  const one = await runRestore(
    [
      ...SCRIPT,
      '200.000 restore v1 to lsn 999999 as v2',
      '205.000 restore v1 to time 1.000 ms as v2',
      '208.000 restore v3 to lsn 1 as v2',
      '209.000 sql d1 @v2 "select 1"',
      `220.000 restore v1 ${BEFORE} as v2`,
      '223.000 cancelRestore v2',
      '224.000 cancelRestore v9',
      `260.000 restore v1 ${BEFORE} as v2`,
      `400.000 sql d1 @v2 "${SELECT}"`,
      '410.000 cancelRestore v2',
      `420.000 restore v1 ${BEFORE} as v3`,
    ],
    460,
  );
  expect(one.monitors.violations).toEqual([]);
  expect(eventsIn(one, 'restore.refused').map(({ volume, code }) => [volume, code])).toEqual([
    ['v2', 'E_NOT_A_CPL'],
    ['v2', 'E_NOT_RESTORABLE'],
    ['v2', 'NO_VOLUME'],
    ['v9', 'NO_RESTORE'],
    ['v2', 'NO_RESTORE'],
    ['v3', 'NO_SPARE_WRITER'],
  ]);
  expect(rowsOf(one, 209)).toMatchObject({ kind: 'error', sqlstate: '3D000' });
  expect(eventsIn(one, 'restore.cancelled')).toHaveLength(1);
  expect(eventsIn(one, 'restore.begin').map(({ groups }) => groups)).toEqual(['g3,g4', 'g5,g6']);
  expect(rowsOf(one, 400)).toEqual(ROWS);
  for (const store of ['store-1', 'store-2', 'store-3'])
    expect(one.keysOf(store).filter((key) => /^store\/g[34]\//.test(key))).toEqual([]);
});

test('WAL-43, WAL-45 an object that is lost stops the restore by name; what lies before the gap can still be restored', async () => {
  const one = await runRestore(
    [
      ...SCRIPT,
      '249.000 bitRot cos-1 "object/v1/g2/log" 2',
      `250.000 restore v1 ${BEFORE} as v2`,
      '330.000 restore v1 to lsn 283 as v2',
      `340.000 restore v1 ${BEFORE} as v2`,
      '430.000 sql d1 @v2 "select 1"',
    ],
    460,
  );
  expect(one.monitors.violations).toEqual([]);
  const [bad] = eventsIn(one, 'archive.bad');
  expect(bad?.name).toMatch(/^v1\/g2\/log\//);
  expect(eventsIn(one, 'restore.failed')).toEqual([
    { kind: 'restore.failed', volume: 'v2', group: 'g4', code: 'BAD_OBJECT', object: bad?.name },
  ]);
  const [first, second] = eventsIn(one, 'restore.begin');
  const gap = `g2 [${bad?.first}, ${bad?.end})`;
  expect(eventsIn(one, 'restore.refused')).toMatchObject([
    { code: 'E_NOT_RESTORABLE', lsn: first?.lsn, detail: gap },
  ]);
  expect(second?.lsn).toBeLessThan(bad?.first ?? 0);
  expect(eventsIn(one, 'restore.done')).toMatchObject([{ volume: 'v2', lsn: second?.lsn }]);
  expect(rowsOf(one, 430)).toEqual([['1']]);
  for (const store of ['store-1', 'store-2', 'store-3'])
    expect(one.keysOf(store).filter((key) => /^store\/g[34]\//.test(key))).toEqual([]);
});

test.each([
  ['restore.old-token', 'restore.token-above'],
  ['restore.skips-segment', 'restore.equals-source'],
  ['restore.alters-record', 'restore.equals-source'],
  ['restore.into-source', 'restore.source-untouched'],
] as const)('WAL-45 the planted bug %s is caught by %s', async (mutant, rule) => {
  const one = await runRestore([...SCRIPT, `200.000 restore v1 ${BEFORE} as v2`], 300, [mutant]);
  expect(one.monitors.violations.map((violation) => violation.rule)).toContain(rule);
});
