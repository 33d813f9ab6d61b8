// The preset of `postdb-v4` (docs/spec/presets.md): every node computes, stores and holds the metadata.

import { demo, load, node, type Preset, zoneInTurn } from '../../presets/topology.ts';

/** No group is there at the start: each tablet of `accounts` gets one when it is first written. */
function postdbV4(): Preset {
  const name = 'postdb-v4';
  const nodes = ['a', 'b', 'c'].map((zone, i) => node(`n${i + 1}`, zone, 'meta', 'store', 'compute'));
  return {
    ...demo,
    name,
    cluster: {
      preset: name,
      volume: 'v0',
      nodes: [node('d1', 'a', 'driver'), ...nodes],
      groups: [],
      placement: { n: 3, vw: 2, vr: 2 },
    },
    loads: [load({ kind: 'tablet-transfer' })],
    bootUntilMs: 120,
  };
}

/** What drawing and engine can carry: sixteen tables on 199 nodes, of which three hold the metadata. */
function postdbV4Scale(): Preset {
  const name = 'postdb-v4-200';
  const nodes = Array.from({ length: 199 }, (_, i) =>
    i < 3
      ? node(`n${i + 1}`, zoneInTurn(i), 'meta', 'store', 'compute')
      : node(`n${i + 1}`, zoneInTurn(i), 'store', 'compute'),
  );
  return {
    ...demo,
    name,
    cluster: {
      preset: name,
      volume: 'v0',
      nodes: [node('d1', 'a', 'driver'), ...nodes],
      groups: [],
      placement: { n: 3, vw: 2, vr: 2 },
    },
    loads: [load({ kind: 'kv-tables', rows: 16, clients: 64, valueBytes: 100 })],
    bootUntilMs: 220,
    isHidden: true,
    isInMemory: true,
  };
}

export const postdbV4Presets: readonly (() => Preset)[] = [postdbV4, postdbV4Scale];
