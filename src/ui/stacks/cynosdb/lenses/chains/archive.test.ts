// The archive's part of lens 4.8 on pictures of real runs: what is archived, how far behind, what can be restored.

import { describe, expect, test } from 'vitest';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { t } from '../../../../i18n/i18n.ts';
import { shootWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { projectArchive } from './archive.ts';
import { joined } from './archive-plot.tsx';
import { describeArchive } from './describe.ts';

const edge = await loadSqlEdge();
const load =
  '0.000 workload d1 kind=transfer rows=20 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true';

const shoot = (preset: string, atMs: number, lines: readonly string[] = []): WorldShot =>
  shootWorld({ edge, preset, lines: [load, ...lines], atMs, view: { pages: true } });

const project = ({ frame, nodes }: WorldShot) => projectArchive({ cluster: frame.cluster, nodes });

describe('cynosdb-backup', () => {
  const shot = shoot('cynosdb-backup', 400);
  const model = project(shot);

  test('WAL-41 segments of a group follow each other without a gap up to archivedTo', () => {
    expect(model?.groups).toHaveLength(2);
    for (const { logs, archivedTo, gaps, lag } of model?.groups ?? []) {
      expect(logs.length).toBeGreaterThan(1);
      logs.slice(1).forEach(([first], i) => {
        expect(first).toBe(logs[i]?.[1]);
      });
      expect(logs.at(-1)?.[1]).toBe(archivedTo + 1);
      expect(gaps).toEqual([]);
      expect(lag).toBe((model?.vdl ?? -1) - archivedTo);
    }
  });

  test('WAL-43, 44 every point that is offered lies where the volume can be restored, the newest last', () => {
    const points = model?.points ?? [];
    expect(points.length).toBeGreaterThan(10);
    const least = Math.min(...(model?.groups ?? []).map(({ archivedTo }) => archivedTo));
    for (const { lsn, time } of points) {
      expect(lsn).toBeLessThanOrEqual(least);
      expect(time).toBeLessThan(400_000);
    }
    expect(points).toEqual([...points].sort((a, b) => a.lsn - b.lsn));
    expect(model === null ? '' : describeArchive(model, t)).toContain(
      `The newest commit that can be restored is ${points.at(-1)?.lsn}.`,
    );
  });

  test('F31 while the object store is down its last state stays, and it is said that it does not answer', () => {
    const out = project(shoot('cynosdb-backup', 400, ['380.000 powerOff cos-1']));
    expect(out?.health).toBe('down');
    expect(out === null ? '' : describeArchive(out, t)).toContain('cos-1 does not answer.');
  });
});

test('a cluster without an object store has no archive', () => {
  expect(project(shoot('cynosdb', 60))).toBeNull();
});

test('segments too narrow to be distinguished are drawn as one, with their number', () => {
  const logs = [
    [0, 100],
    [100, 101],
    [101, 102],
    [110, 111],
  ] as const;
  expect(joined(logs, 3)).toEqual([
    [0, 102, 3],
    [110, 111, 1],
  ]);
  expect(joined(logs, 1)).toHaveLength(4);
});
