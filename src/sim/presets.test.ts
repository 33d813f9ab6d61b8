import { expect, test } from 'vitest';
import { relationOf } from '../core/page/page-key.ts';
import { makeParams } from '../presets/parameters.ts';
import type { Preset } from '../presets/preset.ts';
import { offeredPresets, presetNames } from '../stacks/preset-names.ts';
import { findPreset } from '../stacks/presets.ts';

function preset(name: string): Preset {
  const found = findPreset(name);
  if (found === null) throw new Error(name);
  return found;
}

test('each preset describes a cluster that fits together', () => {
  expect(offeredPresets).toEqual([
    'cynosdb',
    'cynosdb-4',
    'cynosdb-5',
    'cynosdb-6',
    'cynosdb-backup',
    'cynosdb-pcs',
    'cynosdb-ro',
    'cynosdb-ha',
    'hook-hole',
    'stress-50',
    'postdb-v4',
    'polardb',
  ]);
  for (const name of presetNames) {
    const { cluster, profile, changes, loads } = preset(name);
    expect(cluster.preset).toBe(name);
    expect(makeParams(profile, changes).ok, name).toBe(true);
    const ids = cluster.nodes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    // A worker and a database each, unless all share one.
    if (preset(name).isInMemory !== true) expect(ids.length).toBeLessThanOrEqual(64);
    let keyEnd = 0;
    for (const group of cluster.groups) {
      // Ranges are contiguous, and a quorum of writes meets every quorum of reads.
      expect(group.keyFirst).toBe(keyEnd);
      expect(group.keyEnd).toBeGreaterThan(group.keyFirst);
      keyEnd = group.keyEnd;
      expect(group.vw + group.vr).toBeGreaterThan(group.replicas.length);
      expect(2 * group.vw).toBeGreaterThan(group.replicas.length);
      expect(group.replicas.every((id) => ids.includes(id))).toBe(true);
    }
    for (const load of loads) {
      expect(cluster.nodes.find(({ id }) => id === load.node)?.roles).toContain('driver');
    }
  }
});

test('cynosdb as the sheet has it', () => {
  const { cluster, seed, bootUntilMs, slowdown, loads } = preset('cynosdb');
  expect(cluster.nodes.map(({ id, zone, roles }) => `${id} ${zone} ${roles.join()}`)).toEqual([
    'd1 a driver',
    'meta-1 a meta',
    'rw-1 a compute',
    'store-1 a store',
    'store-2 b store',
    'store-3 c store',
  ]);
  expect(cluster.groups.map((g) => `${g.id} ${g.replicas.join()} ${g.vw}/${g.vr}`)).toEqual([
    'g1 store-1,store-2,store-3 2/2',
    'g2 store-1,store-2,store-3 2/2',
  ]);
  expect(cluster.groups.map((g) => relationOf(g.keyFirst))).toEqual([0, 65_536]);
  expect({ seed, bootUntilMs, slowdown }).toEqual({ seed: 7, bootUntilMs: 40, slowdown: 1000 });
  expect(loads[0]?.spec).toMatchObject({
    kind: 'transfer',
    rows: 100,
    clients: 2,
    thinkUs: 4000,
    readPercent: 25,
  });
});

test('the other presets: sizes, zones, loads', () => {
  const six = preset('cynosdb-6').cluster;
  expect(
    six.nodes
      .filter(({ roles }) => roles.includes('store'))
      .map(({ zone }) => zone)
      .join(''),
  ).toBe('aabbcc');
  expect(six.groups[0]).toMatchObject({ vw: 4, vr: 3 });
  const four = preset('cynosdb-4').cluster;
  expect(four.nodes.filter(({ roles }) => roles.includes('store'))).toHaveLength(4);
  expect(four.groups.map((g) => g.replicas.includes('store-4' as (typeof g.replicas)[number]))).toEqual([
    false,
    false,
  ]);
  const stress = preset('stress-50').cluster;
  expect(stress.nodes).toHaveLength(50);
  expect(stress.groups).toHaveLength(15);
  expect(preset('hook-hole').loads[0]?.spec).toMatchObject({ clients: 2, thinkUs: 3000, readPercent: 0 });
  const p2 = preset('bench-p2').cluster;
  expect(p2.nodes).toHaveLength(9);
  expect(p2.groups.map((g) => g.replicas.join())).toEqual([
    'store-1,store-2,store-3',
    'store-4,store-5,store-6',
  ]);
  expect(preset('toy').cluster.nodes.map(({ id }) => id)).toEqual(['c1', 't1', 't2', 't3']);
  expect(findPreset('__proto__')).toBeNull();
});
