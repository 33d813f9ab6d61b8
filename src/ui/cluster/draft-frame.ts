// The picture of a cluster that nobody has started: its nodes without state, and the links that its roles use with their times. The map
// draws it as it draws any other.

import type { Time } from '../../base/ids.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { Preset } from '../../presets/preset.ts';
import { linkBetween } from '../../presets/round-trip.ts';
import { emptyMetrics, type LinkFrame, type WorldFrame } from '../../run-model/picture/frame.ts';
import { makeRoleLinks } from '../../run-model/picture/role-links.ts';
import { noDiskFaults } from '../../sim/types.ts';
import { stacks } from '../../stacks/registry.ts';

const roleLinks = makeRoleLinks(stacks);
const start = 0 as Time;

function linkFrames({ cluster }: Preset, params: Params): LinkFrame[] {
  const { nodes } = cluster;
  const isLinked = roleLinks(cluster);
  return nodes.flatMap((from, i) =>
    nodes.flatMap((to, j): LinkFrame[] => {
      if (i === j || isLinked[i * nodes.length + j] === 0) return [];
      const { baseUs, jitterUs } = linkBetween(cluster, params, from.zone, to.zone);
      return [
        {
          from: from.id,
          to: to.id,
          cut: false,
          held: false,
          lossPercent: 0,
          duplicatePercent: 0,
          reorderPercent: 0,
          corruptPercent: 0,
          baseUs,
          jitterUs,
          delayed: false,
        },
      ];
    }),
  );
}

export function draftFrame(preset: Preset, params: Params): WorldFrame {
  return {
    preset: preset.name,
    seed: preset.seed,
    cluster: preset.cluster,
    time: start,
    events: 0,
    traced: 0,
    nodes: preset.cluster.nodes.map(({ id, zone, roles }) => ({
      id,
      zone,
      roles,
      status: 'up',
      life: 0,
      since: start,
      view: null,
      disk: null,
      diskFaults: noDiskFaults,
      clockOffsetUs: 0,
      slowCpuUs: 0,
      error: null,
    })),
    links: linkFrames(preset, params),
    flights: [],
    metrics: emptyMetrics,
    faults: [],
    violations: [],
    waits: [],
    outages: [],
    mutants: [],
    exercised: {},
  };
}
