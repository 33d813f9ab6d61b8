// Two writers of two volumes on one node: its own, and a restored one that took the node's spare attachment. Both serve, both
// recover when the node crashes, and nothing of one is taken for the other's, by the node or by the monitors.

import { expect, test } from 'vitest';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import { BEFORE, ROWS, rowsOf, runRestore, SCRIPT, SELECT } from './restore-fixture.ts';
import { eventsIn } from './tape-fixture.ts';

/** The backed up cluster without its spare node: the writer's node has a spare attachment instead. */
const oneComputeNode = (cluster: ClusterSpec): ClusterSpec => ({
  ...cluster,
  nodes: cluster.nodes
    .filter(({ isSpare }) => !isSpare)
    .map((node) => (node.roles.includes('compute') ? { ...node, spareAttachments: 1 } : node)),
});

const RESTORED = [
  ...SCRIPT,
  `250.000 restore v1 ${BEFORE} as v2`,
  '330.000 sql d1 @v2 "insert into notes values (98, \'of v2\')"',
  '340.000 sql d1 "insert into notes values (97, \'of v1\')"',
];

test('WAL-45 a node writes its own volume and a restored one, and recovers both after a crash', async () => {
  const one = await runRestore(
    [
      ...RESTORED,
      '350.000 crash rw-1 for 10.000 ms',
      `450.000 sql d1 @v2 "${SELECT}"`,
      `451.000 sql d1 "${SELECT}"`,
    ],
    520,
    [],
    [],
    oneComputeNode,
  );
  expect(one.monitors.violations).toEqual([]);
  expect(eventsIn(one, 'restore.done')).toMatchObject([{ volume: 'v2', writer: 'rw-1' }]);
  expect(rowsOf(one, 450)).toEqual([...ROWS, ['98', 'of v2']]);
  expect(rowsOf(one, 451)).toEqual([...ROWS.slice(10), ['97', 'of v1']]);
  const writtenBy = (kind: 'mtr.append' | 'mark.vdl' | 'recovery.done', volume: string): number =>
    eventsIn(one, kind, 'rw-1').filter((event) => event.volume === volume).length;
  for (const volume of ['v1', 'v2']) {
    expect(writtenBy('mtr.append', volume), volume).toBeGreaterThan(2);
    expect(writtenBy('mark.vdl', volume), volume).toBeGreaterThan(2);
    expect(writtenBy('recovery.done', volume), volume).toBeGreaterThan(0);
  }
});

test('a bug planted in one of two writers of a node raises an alarm that names only its volume', async () => {
  const lines = [...RESTORED, '345.000 cut rw-1 > store-1', '345.000 cut rw-1 > store-2'];
  const inserts = Array.from(
    { length: 6 },
    (_, i) => `${346 + i}.000 sql d1 @v2 "insert into notes values (${200 + i}, 'new')"`,
  );
  const both = [...lines, ...inserts];
  const honest = await runRestore(both, 400, [], [], oneComputeNode);
  expect(honest.monitors.violations).toEqual([]);
  for (const volume of ['v1', 'v2']) {
    const planted = await runRestore(both, 400, [`writer.ack-at-vw-minus-one@${volume}`], [], oneComputeNode);
    expect(planted.monitors.violations.length, volume).toBeGreaterThan(0);
    expect(new Set(planted.monitors.violations.map((violation) => violation.volume))).toEqual(
      new Set([volume]),
    );
  }
});

test("an action on a page or on the log names the volume of the attachment that it is for; unnamed, the cluster's own", async () => {
  const lines = [
    '350.000 padTo rw-1 @v2 1300 ""',
    '350.000 padTo rw-1 900 ""',
    '350.000 padTo rw-1 @v3 2000 ""',
  ];
  const run = await runRestore([...RESTORED, ...lines], 420, [], [], oneComputeNode);
  expect(run.monitors.violations).toEqual([]);
  const ends = (volume: string): readonly number[] =>
    eventsIn(run, 'mtr.append', 'rw-1').flatMap((one) => (one.volume === volume ? [one.end - 1] : []));
  expect(ends('v2')).toContain(1300);
  expect(ends('v1')).toContain(900);
  expect([...ends('v1'), ...ends('v2')]).not.toContain(2000);
});
