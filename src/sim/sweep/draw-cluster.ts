// A valid cluster of an architecture, another one for each seed (PRE-9): sizes, zones, quorums, links and disks that no preset has.

import { groupId, nodeId } from '../../base/ids.ts';
import { makePrng, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec, NodeSpec, ZoneLink } from '../../core/kernel/cluster-spec.ts';
import { groupKeyFirst } from '../../core/page/page-key.ts';
import { fittedTimers } from '../../presets/fit-timers.ts';
import type { Preset } from '../../presets/preset.ts';
import { checkCluster } from '../cluster-check.ts';
import type { NodeKindTable } from '../node-kinds.ts';
import { ownClusterName } from '../preset-names.ts';
import type { Presets } from '../presets.ts';
import { usualWorkload } from '../workload-words.ts';
import { pick } from './draw-tools.ts';

const MOST_NODES = 12;
const MOST_US = 40_000;

/** Any two writes meet and every read meets every write: 2·Vw > N, Vw + Vr > N. Of three copies and more one may be lost for good, as a sweep loses it. */
function drawQuorum(prng: Prng, n: number): { vw: number; vr: number } {
  const most = n < 3 ? n : n - 1;
  const vw = nextBetween(prng, Math.floor(n / 2) + 1, most);
  return { vw, vr: nextBetween(prng, n - vw + 1, most) };
}

function drawLinks(prng: Prng, zones: readonly string[]): ZoneLink[] {
  const pairs = zones.flatMap((from, i) => zones.slice(i).map((to) => [from, to] as const));
  return pairs.flatMap(([from, to]): ZoneLink[] => {
    if (nextChance(prng, 1, 2)) return [];
    const baseUs = nextBetween(prng, 300, from === to ? 2000 : MOST_US);
    if (nextChance(prng, 1, 4)) {
      const percentiles = [500, 900, 999, 1000].map(
        (perMille, at) => [perMille, baseUs + baseUs * at + nextBetween(prng, 0, 200)] as const,
      );
      return [{ from, to, baseUs, jitterUs: 0, percentiles }];
    }
    const isHeavyTailed = nextChance(prng, 1, 8);
    const jitterUs = nextBetween(prng, 0, baseUs);
    return [{ from, to, baseUs, jitterUs, ...(isHeavyTailed ? { isHeavyTailed } : {}) }];
  });
}

/** A node of the kind in a zone that is drawn, a tenth of them with a slow disk. */
function drawNodes(
  prng: Prng,
  kinds: NodeKindTable,
  zones: readonly string[],
  counts: Record<string, number>,
) {
  const taken = new Map<string, number>();
  return Object.entries(counts).flatMap(([word, count]): NodeSpec[] =>
    Array.from({ length: count }, () => {
      const { prefix, is } = kinds[word] as NodeKindTable[string];
      const number = (taken.get(prefix) ?? 0) + 1;
      taken.set(prefix, number);
      const isSlow = nextChance(prng, 1, 10);
      const ownDisk = { syncUs: nextBetween(prng, 500, 5000), bandwidth: nextBetween(prng, 40, 400) };
      return {
        id: nodeId(`${prefix}${number}`),
        zone: pick(prng, zones),
        ...is,
        ...(isSlow ? { ownDisk } : {}),
      };
    }),
  );
}

type Layout = Pick<ClusterSpec, 'groups'> & Partial<Pick<ClusterSpec, 'placement' | 'chunks'>>;

/** How many of each kind, and where the volume lies in them. */
function drawLayout(
  prng: Prng,
  layout: 'groups' | 'tablets' | 'chunks' | 'none',
): { readonly counts: Record<string, number>; readonly place: (nodes: readonly NodeSpec[]) => Layout } {
  const meta = pick(prng, [1, 1, 3]);
  if (layout === 'tablets') {
    const nodes = nextBetween(prng, 1, 5);
    const data = nextBetween(prng, nodes < 4 ? 4 - nodes : 0, 5);
    const n = pick(
      prng,
      [1, 3, 3, 5].filter((one) => one <= nodes + data),
    );
    return {
      counts: { driver: 1, node: nodes, data },
      place: () => ({ groups: [], placement: { n, ...drawQuorum(prng, n) } }),
    };
  }
  if (layout === 'chunks') {
    const chunk = pick(prng, [3, 3, 4, 5]);
    const standby = nextBetween(prng, 1, 2);
    return {
      counts: { driver: 1, meta, writer: 1, standby, reader: nextBetween(prng, 0, 1), chunk },
      place: (nodes) => {
        const replicas = nodes.filter(({ roles }) => roles.includes('chunk')).map(({ id }) => id);
        const copies = replicas.slice(0, 3);
        return {
          groups: [],
          chunks: Array.from({ length: 6 }, (_, i) => ({ id: groupId(`c${i}`), replicas: copies })),
        };
      },
    };
  }
  const store = nextBetween(prng, 3, 6);
  const standby = meta > 1 && nextChance(prng, 1, 3) ? 1 : 0;
  return {
    counts: { driver: 1, meta, writer: 1, standby, reader: nextBetween(prng, 0, 1), store },
    place: (nodes) => {
      const all = nodes.filter(({ roles }) => roles.includes('store')).map(({ id }) => id);
      const groups = Array.from({ length: nextBetween(prng, 1, 3) }, (_, i) => {
        const replicas = all.slice(0, nextBetween(prng, 3, all.length));
        const quorum = drawQuorum(prng, replicas.length);
        return {
          id: groupId(`g${i + 1}`),
          replicas,
          keyFirst: groupKeyFirst(i),
          keyEnd: groupKeyFirst(i + 1),
          ...quorum,
        };
      });
      return { groups };
    },
  };
}

export function drawCluster(presets: Presets, architecture: string, seed: number): Preset {
  const rules = presets.rulesOf(architecture);
  if (rules === null) throw new Error(`unknown architecture ${architecture}`);
  const prng = makePrng(seed, 'cluster');
  const zones = ['a', 'b', 'c', 'd'].slice(0, nextBetween(prng, 1, 4));
  const { counts, place } = drawLayout(prng, rules.layout);
  const drawn = drawNodes(prng, rules.kinds, zones, counts).slice(0, MOST_NODES);
  const isAppointed = drawn.some(({ haPriority }) => haPriority !== undefined);
  const nodes = drawn.map((spec) =>
    isAppointed && spec.roles.includes('compute') && !spec.isReader && !spec.roles.includes('store')
      ? { ...spec, haPriority: spec.haPriority ?? 1 }
      : spec,
  );
  const used = new Set(nodes.map(({ zone }) => zone));
  const links = drawLinks(prng, zones).filter(({ from, to }) => used.has(from) && used.has(to));
  const name = ownClusterName(architecture, `drawn-${seed}`);
  const layout = place(nodes);
  const cluster: ClusterSpec = {
    preset: name,
    volume: rules.layout === 'tablets' ? 'v0' : 'v1',
    nodes,
    ...layout,
    ...(links.length > 0 ? { links } : {}),
  };
  const kind = rules.layout === 'tablets' ? 'tablet-transfer' : 'transfer';
  const preset: Preset = {
    name,
    architecture,
    cluster,
    profile: 'demo',
    changes: fittedTimers('demo', cluster),
    loads: [{ node: nodeId('d1'), name: 'main', spec: { ...usualWorkload, rows: 40, kind } }],
    bootUntilMs: 200,
    slowdown: 1000,
    seed,
  };
  const [fault] = checkCluster(rules, preset);
  if (fault !== undefined) throw new Error(`seed ${seed}, ${fault.field}: ${fault.error}`);
  return preset;
}
