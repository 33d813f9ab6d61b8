// The preset of `postdb-v4` (docs/spec/presets.md): every node computes, stores and holds the metadata.

import { demo, load, node, type Preset } from '../../presets/topology.ts';

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

export const postdbV4Presets: readonly (() => Preset)[] = [postdbV4];
