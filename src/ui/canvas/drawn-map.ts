// Visible part of the map: every card, or a folded frame in place of its members, or one node with its neighbours alone;
// the frames around them; and the links between what is drawn. Pure.

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Box, ZoneBox } from '../model/map-store.ts';
import { cardSize } from './cluster-layout.ts';
import {
  type Bundle,
  bundleLinks,
  layerFrames,
  lineLimit,
  type MapFrame,
  neighbours,
  type Visible,
  visibleIn,
} from './map-frames.ts';

export interface Drawn {
  /** Boxes of cards and of folded frames, by what they are drawn as. */
  readonly boxes: Readonly<Record<string, Box>>;
  readonly nodes: readonly string[];
  /** Frames that are open, and those that stand as a card. */
  readonly open: readonly MapFrame[];
  readonly folded: readonly MapFrame[];
  readonly bundles: readonly Bundle[];
  readonly visible: Visible;
}

export const nothingDrawn: Drawn = {
  boxes: {},
  nodes: [],
  open: [],
  folded: [],
  bundles: [],
  visible: (node) => node,
};

export interface DrawnSource {
  readonly cluster: ClusterSpec;
  readonly boxes: Readonly<Record<string, Box>>;
  readonly zones: readonly ZoneBox[];
  readonly linkKeys: readonly string[];
  readonly folded: readonly string[];
  readonly alone: string | null;
}

export function framesOf({
  cluster,
  boxes,
  zones,
}: Pick<DrawnSource, 'cluster' | 'boxes' | 'zones'>): readonly MapFrame[] {
  const zoneFrames = zones.map(
    ({ zone, x, y, width, height }): MapFrame => ({
      id: `zone ${zone}`,
      kind: 'zone',
      zone,
      layer: null,
      members: cluster.nodes.filter((node) => node.zone === zone).map(({ id }) => id),
      box: { x, y, width, height },
    }),
  );
  return [...zoneFrames, ...layerFrames(cluster, boxes)];
}

/** Where a folded frame's card stands: at the middle of the frame's top. */
export const foldedBox = ({ box }: MapFrame): Box => ({
  x: box.x + (box.width - cardSize.width) / 2,
  y: box.y + 40,
  ...cardSize,
});

export function drawMap(source: DrawnSource): Drawn {
  const { cluster, boxes, linkKeys, alone } = source;
  const frames = framesOf(source);
  const near = alone === null ? null : neighbours(alone, linkKeys);
  // One node alone is looked at from near: nothing of it is folded away.
  const folds = near === null ? source.folded : [];
  const visible = visibleIn(frames, folds);
  const nodes = cluster.nodes
    .map(({ id }) => id as string)
    .filter((id) => boxes[id] !== undefined && visible(id) === id && near?.has(id) !== false);
  const isInside = (frame: MapFrame): boolean =>
    frame.kind === 'layer' && folds.includes(`zone ${frame.zone}`);
  const folded = frames.filter((frame) => folds.includes(frame.id) && !isInside(frame));
  const open = frames.filter((frame) => !folds.includes(frame.id) && !isInside(frame));
  const shown = new Set([...nodes, ...folded.map(({ id }) => id)]);
  const all = bundleLinks(linkKeys, visible).filter(({ a, b }) => shown.has(a) && shown.has(b));
  return {
    boxes: Object.fromEntries([
      ...nodes.flatMap((id) => (boxes[id] === undefined ? [] : [[id, boxes[id]] as const])),
      ...folded.map((frame) => [frame.id, foldedBox(frame)] as const),
    ]),
    nodes,
    open,
    folded,
    bundles: all.slice(0, lineLimit),
    visible,
  };
}
