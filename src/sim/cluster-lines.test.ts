// PRE-9: a cluster's lines print back exactly, and each fault of a cluster is refused at its field.

import { expect, test } from 'vitest';
import { makePrng, nextBelow, type Prng } from '../base/prng.ts';
import type { Preset } from '../presets/preset.ts';
import { presetNames } from '../stacks/preset-names.ts';
import { findPreset, presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { readCluster } from './cluster-file.ts';
import { printCluster } from './cluster-text.ts';
import { ENGINE } from './engine.ts';
import { drawCluster } from './sweep/draw-cluster.ts';
import { parseTape } from './tape-parse.ts';
import { printTape } from './tape-print.ts';
import { makeTape, ownClusterOf, runOfTape } from './tape-run.ts';

const architectures = ['cynosdb', 'postdb-v4', 'polardb'] as const;
const linesOf = (preset: Preset): string => printCluster(presets.kindsOf, preset);

test('PRE-9 every preset is what its printed lines say', () => {
  for (const name of presetNames) {
    const preset = findPreset(name);
    if (preset === null) throw new Error(name);
    expect(readCluster(presets, linesOf(preset), 'preset')).toEqual({ ok: true, preset });
  }
});

test('PRE-9 a drawn cluster reads back from its file and from the header of its tape, whose run it is', () => {
  const seen = { links: 0, percentiles: 0, disks: 0, zones: new Set<number>(), sizes: new Set<number>() };
  for (const architecture of architectures)
    for (let seed = 1; seed <= 60; seed++) {
      const preset = drawCluster(presets, architecture, seed);
      expect(readCluster(presets, linesOf(preset), 'own')).toEqual({ ok: true, preset });
      const tape = makeTape(preset, { engine: ENGINE });
      const parsed = parseTape(tapes, printTape(tapes, tape));
      expect(parsed).toEqual({ ok: true, tape });
      expect(ownClusterOf(tape)).toEqual(preset);
      const run = runOfTape(presets, tape);
      expect(run.ok && run.run.cluster).toEqual(preset.cluster);
      const { links = [], nodes } = preset.cluster;
      seen.links += links.length;
      seen.percentiles += links.filter(({ percentiles }) => percentiles !== undefined).length;
      seen.disks += nodes.filter(({ ownDisk }) => ownDisk !== undefined).length;
      seen.zones.add(new Set(nodes.map(({ zone }) => zone)).size);
      seen.sizes.add(nodes.length);
    }
  expect(Math.min(seen.links, seen.percentiles, seen.disks)).toBeGreaterThan(20);
  expect([seen.zones.size, seen.sizes.size > 6]).toEqual([4, true]);
});

const cynosdb = `cluster five
architecture cynosdb
node d1 driver a
node meta-1 meta a
node rw-1 writer a
node store-1..5 store a,b
group store-1..5 write=4 read=2
link a b base=1.000 jitter=0.200
profile demo
seed 3
load d1 main kind=transfer rows=10 clients=1 thinkUs=1000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true
`;

const faultOf = (text: string): string => {
  const result = readCluster(presets, text, 'own');
  return result.ok ? 'none' : `${result.line} ${result.field ?? '-'}: ${result.why.error}`;
};

test.each([
  ['node store-1..5 store', 'node store-1..2 store', '7 group g1: store-3 is not a node of this cluster'],
  [
    'write=4 read=2',
    'write=2 read=4',
    '7 group g1: 2 × 2 ≤ 5: two writes of 2 of 5 copies may miss each other',
  ],
  ['write=4 read=2', 'write=3 read=2', '7 group g1: 3 + 2 ≤ 5: a read of 2 copies may miss a write of 3'],
  ['write=4 read=2', 'write=6 read=2', '7 group g1: a quorum of 6 of 5 copies cannot be met'],
  ['group store-1..5 ', 'group store-1..4,store-4 ', '7 group g1: store-4 is said twice'],
  ['group store-1..5 ', 'group rw-1,store-1..4 ', '7 group g1: rw-1 is no store'],
  ['node rw-1 writer a\n', '', '11 nodes: a cluster of cynosdb has at least 1 writer: here are 0'],
  [
    'node rw-1 writer',
    'node rw-1..2 writer',
    '5 node rw-2: a cluster of cynosdb has at most 1 writer: here are 2',
  ],
  [
    'node rw-1 writer a',
    'node rw-1 writer a\nnode ha-1 standby b',
    '5 node rw-1: rw-1 needs a priority: a standby may take its place',
  ],
  ['link a b', 'link a c', '8 link a c: no node is in zone c'],
  [
    'base=1.000 ',
    'base=0.200 ',
    '8 link a b: PRE-6: base = 200 µs from zone a to b is below latencyFloorUs = 300 µs',
  ],
  [
    'base=1.000 ',
    'base=30.000 ',
    '12 set resendMs: PRE-6: resendMs = 20 ms is not above the round trip of 60700 µs',
  ],
  [
    'profile demo',
    'profile demo\nset lal 3',
    '10 -: lal = 3: must be a whole number of LSNs from 32 to 1000000000',
  ],
  ['load d1 main', 'load d2 main', '11 load main: d2 is not a node of this cluster'],
  ['load d1 main', 'load rw-1 main', '11 load main: rw-1 is no driver'],
  ['cluster five', 'cluster hook-hole', '1 cluster: hook-hole is the name of a preset or an architecture'],
  ['cluster five', 'cluster Five', '1 -: cluster: Five is no name of small letters, digits and -'],
  ['architecture cynosdb', 'architecture oracle', '2 -: unknown architecture oracle'],
  [
    'node d1 driver a',
    'node d1 chunk a',
    '3 -: a node of cynosdb is one of driver, meta, spare-meta, writer, standby, reader, classic, store, object-store, spare-writer, not chunk',
  ],
  [
    'link a b base=1.000 jitter=0.200',
    'link a b base=1.000 p50=0.500',
    '8 -: percentiles grow, with their times, from the base up to p100',
  ],
  [
    'link a b base=1.000 jitter=0.200',
    'link a b base=1.000 jitter=0.200\nlink b a base=4.000',
    '9 -: link b a is given twice',
  ],
  [
    'group store-1..5 write=4 read=2',
    'chunks 6 store-1..3',
    '7 chunks: chunks are of another architecture than cynosdb',
  ],
  ['write=4 read=2', 'write=4', '7 -: read=… is missing'],
  ['group store', 'groups store', '7 -: unknown line groups of a cluster'],
])('PRE-9 %s as %s is refused at its field', (from, to, expected) => {
  expect(faultOf(cynosdb)).toBe('none');
  expect(cynosdb).toContain(from);
  expect(faultOf(cynosdb.replace(from, to))).toBe(expected);
});

/** Ways to spoil a valid cluster, each with the field that has to be named. */
const spoilers: readonly ((prng: Prng, preset: Preset) => readonly [Preset, RegExp] | null)[] = [
  (_, preset) => {
    const nodes = preset.cluster.nodes.filter(({ roles }) => !roles.includes('driver'));
    return [{ ...preset, cluster: { ...preset.cluster, nodes } }, /^nodes$/];
  },
  (prng, preset) => {
    const { groups } = preset.cluster;
    if (groups.length === 0) return null;
    const spoilt = nextBelow(prng, groups.length);
    const cut = groups.map((group, i) =>
      i === spoilt ? { ...group, vw: Math.floor(group.replicas.length / 2) } : group,
    );
    return [{ ...preset, cluster: { ...preset.cluster, groups: cut } }, new RegExp(`^group g${spoilt + 1}$`)];
  },
  (_, preset) => {
    const { placement } = preset.cluster;
    if (placement === undefined) return null;
    return [
      {
        ...preset,
        cluster: { ...preset.cluster, placement: { ...placement, vr: placement.n - placement.vw } },
      },
      /^tablets$/,
    ];
  },
  (_, preset) => {
    const { chunks = [] } = preset.cluster;
    if (chunks.length === 0) return null;
    const spoilt = chunks.map((chunk) => ({
      ...chunk,
      replicas: [...chunk.replicas, 'rw-1' as (typeof chunk.replicas)[number]],
    }));
    return [{ ...preset, cluster: { ...preset.cluster, chunks: spoilt } }, /^chunks$/];
  },
  (_, preset) => {
    const [first, ...others] = preset.cluster.links ?? [];
    if (first === undefined) return null;
    return [
      { ...preset, cluster: { ...preset.cluster, links: [{ ...first, baseUs: 100 }, ...others] } },
      new RegExp(`^link ${first.from} ${first.to}$`),
    ];
  },
  (_, preset) => [{ ...preset, changes: [['readTimeoutMs', 1]] }, /^set \w+$/],
  (_, preset) => [
    { ...preset, loads: preset.loads.map((one) => ({ ...one, node: 'nobody' as typeof one.node })) },
    /^load main$/,
  ],
];

test('PRE-9 500 spoilt clusters are refused, each at the field that was spoilt', () => {
  const refused = new Map<number, number>();
  for (let seed = 1; [...refused.values()].reduce((a, b) => a + b, 0) < 500; seed++) {
    const prng = makePrng(seed, 'spoil');
    const preset = drawCluster(presets, architectures[seed % 3] as string, seed);
    const which = nextBelow(prng, spoilers.length);
    const spoilt = spoilers[which]?.(prng, preset) ?? null;
    if (spoilt === null) continue;
    const result = readCluster(presets, linesOf(spoilt[0]), 'own');
    if (result.ok) throw new Error(`seed ${seed}, way ${which} was not refused:\n${linesOf(spoilt[0])}`);
    // a line that cannot be read says its own place
    if (result.field !== null) expect(result.field, `seed ${seed}: ${result.why.error}`).toMatch(spoilt[1]);
    refused.set(which, (refused.get(which) ?? 0) + 1);
  }
  expect(refused.size).toBe(spoilers.length);
});

test('PRE-9 damaged lines are read or refused with a line, and nothing else happens', () => {
  const text = linesOf(drawCluster(presets, 'cynosdb', 9));
  const outcomes = { read: 0, refused: 0 };
  for (let seed = 0; seed < 3000; seed++) {
    const prng = makePrng(seed, 'damage');
    const letters = [...text];
    for (let i = 0; i <= nextBelow(prng, 4); i++) {
      const at = nextBelow(prng, letters.length);
      letters[at] =
        [
          '',
          ' ',
          '\n',
          '..',
          '=',
          ',',
          '0',
          '9999999999',
          'é',
          '"',
          letters[nextBelow(prng, letters.length)] ?? '',
        ][nextBelow(prng, 11)] ?? '';
    }
    const result = readCluster(presets, letters.join(''), 'own');
    if (result.ok) outcomes.read++;
    else {
      expect(result.line).toBeGreaterThan(0);
      expect(result.why.error).not.toBe('');
      outcomes.refused++;
    }
  }
  expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(30);
});

test('PRE-9 a tape names a preset or lays out a cluster, never both, and its fault has the line of its field', () => {
  const head = 'postdb-tape 1\nengine 0\n';
  const layout = cynosdb.split('\n').slice(0, 8).join('\n');
  const read = (text: string) => {
    const result = parseTape(tapes, text);
    return result.ok ? result.tape.header.preset : `${result.line}: ${result.error}`;
  };
  expect(read(`${head}${layout}\nprofile demo\nseed 1\n`)).toBe('cynosdb.five');
  expect(read(`${head}${layout}\npreset cynosdb\nprofile demo\nseed 1\n`)).toContain('not both');
  expect(read(`${head}${layout.replace('write=4', 'write=1')}\nprofile demo\nseed 1\n`)).toMatch(
    /^9: 2 × 1 ≤ 5/,
  );
  expect(read(`${head}${layout}\nhidden\nprofile demo\nseed 1\n`)).toBe('11: unknown header line hidden');
});
