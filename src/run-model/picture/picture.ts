// Makes the picture of a world (frame.ts) from its fabric and its recorder. Pure: the same for live, review, replay,
// keyframes and headless runs.

import type { NodeId, Time } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { MessageLabel } from '../../core/kernel/message-label.ts';
import type { NodeView } from '../../core/kernel/view.ts';
import { goneNodes, standingCluster } from '../../sim/fabric-nodes.ts';
import type { Fabric, FabricNode } from '../../sim/fabric-state.ts';
import type { Known } from '../../sim/known.ts';
import type { LinkState } from '../../sim/network.ts';
import { clockOf } from '../../sim/runner-state.ts';
import type { TapeTables } from '../../sim/tape-actions.ts';
import { printAction } from '../../sim/tape-print.ts';
import { linkOf } from '../../sim/traffic.ts';
import { noDiskFaults } from '../../sim/types.ts';
import { outageFrames } from '../outages/outages.ts';
import { listedTotal, metricsOf, type NodeRecord, type Recorder } from '../recorder/recorder.ts';
import { agedView } from './aged-view.ts';
import { flights } from './flights.ts';
import type { LinkFrame, NodeFrame, WorldFrame } from './frame.ts';
import { withGroups } from './picture-groups.ts';
import type { RoleLinks } from './role-links.ts';

export interface PictureOptions {
  readonly preset: string;
  /** Time shown: the fabric's, or later while nothing happens before the next event. */
  readonly time: Time;
  /** Nodes whose engine stopped, with the reason. */
  readonly failed: ReadonlyMap<NodeId, string>;
  /** Label of a frame in flight. */
  readonly describe: (bytes: Uint8Array) => MessageLabel;
}

/** Waits in a picture: many sessions wait for one thing. */
const MOST_WAITS = 24;

export function makePicture(
  known: Known,
  fabric: Fabric,
  recorder: Recorder,
  options: PictureOptions,
): WorldFrame {
  const cluster = withGroups(standingCluster(fabric), recorder.nodes.values());
  const gone = goneNodes(fabric);
  const frame: WorldFrame = {
    preset: options.preset,
    seed: fabric.seed,
    cluster,
    ...(gone.length === 0 ? {} : { gone }),
    time: options.time,
    events: recorder.inputs,
    traced: listedTotal(recorder),
    nodes: fabric.nodes
      .filter(({ isGone }) => !isGone)
      .map((node) => nodeFrame(known.tape, node, recorder, options)),
    links: linkFrames(known.roleLinks, fabric),
    flights: flights(fabric, options.describe),
    metrics: metricsOf(known, recorder, options.time, fabric.traffic.bytesBy, shownVolume(cluster)),
    faults: fabric.faults.map(({ text, at, until }) => ({ text, at, until })),
    violations: recorder.monitors.violations,
    mutants: fabric.mutants,
    exercised: recorder.monitors.exercised,
    waits: [],
    outages: outageFrames(recorder.outages, recorder.calls),
  };
  const blocked = known.programs
    .runtimeOf(cluster)
    .waits(frame)
    .filter(({ isBlocked, isShown }) => isBlocked || isShown);
  return { ...frame, waits: blocked.slice(0, MOST_WAITS) };
}

/** The cluster's own; where each tablet has a volume (PCS-39) the first that was made, as everywhere on the screen. */
const shownVolume = ({ volume, placement, groups }: ClusterSpec): string =>
  (placement === undefined ? undefined : groups[0]?.volume) ?? volume;

function nodeFrame(
  tape: TapeTables,
  { spec, armed }: FabricNode,
  recorder: Recorder,
  { failed, time }: PictureOptions,
): NodeFrame {
  const { id, zone, roles } = spec;
  const record = recorder.nodes.get(id);
  const error = failed.get(id) ?? null;
  const life = record?.life ?? 0;
  const status = error !== null ? 'failed' : life === 0 ? 'opening' : (record?.status ?? 'opening');
  return {
    id,
    zone,
    roles,
    status,
    life,
    since: record?.since ?? (0 as Time),
    view: shownView(record, time),
    disk: record?.disk ?? null,
    diskFaults: record?.diskFaults ?? noDiskFaults,
    clockOffsetUs: record?.clockOffsetUs ?? 0,
    slowCpuUs: record?.slowCpuUs ?? 0,
    ...(record === undefined || record.clockDriftPpm === 0 ? {} : { clockDriftPpm: record.clockDriftPpm }),
    ...(armed === null ? {} : { armed: printAction(tape, armed) }),
    error,
  };
}

/** What has waited in a node goes on to wait while the node does nothing. */
function shownView(record: NodeRecord | undefined, time: Time): NodeView | null {
  const view = record?.view ?? null;
  if (record === undefined || view?.now === undefined || record.status === 'down') return view;
  const { clockOffsetUs, clockDriftPpm: driftPpm, clockDriftFrom: driftFrom } = record;
  return agedView(view, clockOf({ clockOffsetUs, driftPpm, driftFrom }, time) - view.now);
}

declare module '../../sim/known.ts' {
  interface Known {
    readonly roleLinks: RoleLinks;
  }
}

export function linkFrames(roleLinks: RoleLinks, fabric: Fabric): LinkFrame[] {
  const { nodes } = fabric.cluster;
  const isLinked = roleLinks(fabric.cluster);
  const frames: LinkFrame[] = [];
  const isGone = fabric.nodes.map((node) => node.isGone);
  nodes.forEach((from, i) => {
    nodes.forEach((to, j) => {
      if (i === j || isGone[i] || isGone[j]) return;
      const link = linkOf(fabric.traffic, i, j);
      if (isLinked[i * nodes.length + j] === 0 && isNormal(link)) return;
      frames.push({
        from: from.id,
        to: to.id,
        cut: link.isCut,
        held: link.isHeld,
        lossPercent: link.lossPercent,
        duplicatePercent: link.duplicatePercent,
        reorderPercent: link.reorderPercent,
        corruptPercent: link.corruptPercent,
        baseUs: link.baseUs,
        jitterUs: link.jitterUs,
        delayed: isDelayed(link),
        ...(link.bytesPerMs === 0 ? {} : { bytesPerMs: link.bytesPerMs }),
        ...(link.next.length === 0 ? {} : { next: link.next.map((one) => ({ ...one })) }),
      });
    });
  });
  return frames;
}

const isDelayed = (link: LinkState): boolean =>
  link.baseUs !== link.presetBaseUs || link.jitterUs !== link.presetJitterUs;

const isNormal = (link: LinkState): boolean =>
  !link.isCut &&
  !link.isHeld &&
  link.bytesPerMs === 0 &&
  link.next.length === 0 &&
  !isDelayed(link) &&
  link.lossPercent + link.duplicatePercent + link.reorderPercent + link.corruptPercent === 0;
