// Arranges the cards by their links with ELK, in its own worker, when a person asks for it and only then: layers from
// clients over compute to storage, zones kept together as the presets do. Loaded on demand.

import ELK from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { frameStore } from '../../state/frame-store.ts';
import type { Box, ZoneBox } from '../model/map-store.ts';
import { mapStore, rearrange } from '../model/map-store.ts';
import type { Layer } from '../stacks/stack-ui.ts';
import { cardSize } from './cluster-layout.ts';
import { layerOf } from './map-frames.ts';

let elk: InstanceType<typeof ELK> | null = null;

/** Room around the cards of a zone. */
const padding = { top: 44, side: 16, bottom: 72 } as const;
const margin = 12;

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.layered.spacing.nodeNodeBetweenLayers': '150',
  'elk.spacing.nodeNode': '48',
  'elk.spacing.componentComponent': '48',
  'elk.layered.crossingMinimization.strategy': 'LAYER_SWEEP',
};

const depthOf: Readonly<Record<Layer, number>> = { control: 0, compute: 1, storage: 2 };

/** Which way the work goes over a link, from clients and control to compute to storage; peers give no order. */
function flowOf(cluster: ClusterSpec, a: string, b: string): readonly [string, string] | null {
  const depth = (id: string): number =>
    depthOf[layerOf(cluster.nodes.find((node) => node.id === id) ?? { roles: [] })];
  if (depth(a) === depth(b)) return null;
  return depth(a) < depth(b) ? [a, b] : [b, a];
}

export async function autoArrange(): Promise<void> {
  const { cluster, linkKeys } = frameStore.getState();
  if (cluster === null) return;
  elk ??= new ELK({ workerUrl });
  const zones = [...new Set(cluster.nodes.map(({ zone }) => zone))];
  const laidOut = await elk.layout({
    id: 'cluster',
    layoutOptions: options,
    children: zones.map((zone) => ({
      id: `zone ${zone}`,
      layoutOptions: {
        'elk.padding': `[top=${padding.top},left=${padding.side},bottom=${padding.bottom},right=${padding.side}]`,
      },
      children: cluster.nodes
        .filter((node) => node.zone === zone)
        .map((node) => ({
          id: node.id,
          width: cardSize.width,
          height: mapStore.getState().boxes[node.id]?.height ?? cardSize.height,
        })),
    })),
    edges: linkKeys.flatMap((key) => {
      const [source = '', target = ''] = key.split('|');
      const flow = flowOf(cluster, source, target);
      return flow === null ? [] : [{ id: key, sources: [flow[0]], targets: [flow[1]] }];
    }),
  });
  const boxes: Record<string, Box> = {};
  const frames: ZoneBox[] = [];
  for (const frame of laidOut.children ?? []) {
    const x = (frame.x ?? 0) + margin;
    const y = (frame.y ?? 0) + margin + padding.top;
    frames.push({
      zone: frame.id.replace(/^zone /, ''),
      x,
      y,
      width: frame.width ?? cardSize.width,
      height: frame.height ?? cardSize.height,
    });
    for (const card of frame.children ?? [])
      boxes[card.id] = {
        x: x + (card.x ?? 0),
        y: y + (card.y ?? 0),
        width: card.width ?? cardSize.width,
        height: card.height ?? cardSize.height,
      };
  }
  // A cluster that has changed meanwhile is not moved.
  if (frameStore.getState().cluster !== cluster || mapStore.getState().preset !== cluster.preset) return;
  rearrange(
    boxes,
    frames,
    Math.max(...frames.map((frame) => frame.x + frame.width)) + margin,
    Math.max(...frames.map((frame) => frame.y + frame.height)) + padding.top,
  );
}
