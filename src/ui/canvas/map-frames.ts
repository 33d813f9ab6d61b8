// The map's frames: zones, and in a zone the layers that have many cards. A folded frame stands as one card with totals:
// whoever is inside is drawn there, and links from and to it are bundled. Pure.

import type { ClusterSpec, NodeSpec } from '../../core/kernel/cluster-spec.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { type LinkPair, linkShape } from '../../state/link-pair.ts';
import type { Box } from '../model/map-store.ts';
import { countHoles, storeOf } from '../model/node-facts.ts';
import { leadOf } from '../model/role-cards.ts';
import type { Layer } from '../stacks/stack-ui.ts';

export interface MapFrame {
  /** `zone a`, `layer a storage`. */
  readonly id: string;
  readonly kind: 'zone' | 'layer';
  readonly zone: string;
  readonly layer: Layer | null;
  readonly members: readonly string[];
  readonly box: Box;
}

/** A layer of a zone has a frame of its own from this many cards. */
const layerCards = 4;
const pad = { side: 12, top: 30, bottom: 12 } as const;

export const layerOf = (node: Pick<NodeSpec, 'roles'>): Layer => leadOf(node)?.layer ?? 'control';

function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x)) - pad.side;
  const y = Math.min(...boxes.map((box) => box.y)) - pad.top;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + pad.side;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + pad.bottom;
  return { x, y, width: right - x, height: bottom - y };
}

/** Frames of the layers, as they lie around their cards now; the zones' own boxes come from the layout. */
export function layerFrames(cluster: ClusterSpec, boxes: Readonly<Record<string, Box>>): readonly MapFrame[] {
  const frames = new Map<string, { zone: string; layer: Layer; members: string[] }>();
  for (const node of cluster.nodes) {
    const layer = layerOf(node);
    const id = `layer ${node.zone} ${layer}`;
    const known = frames.get(id) ?? { zone: node.zone, layer, members: [] };
    known.members.push(node.id);
    frames.set(id, known);
  }
  return [...frames].flatMap(([id, { zone, layer, members }]) => {
    const inside = members.flatMap((member) => boxes[member] ?? []);
    if (members.length < layerCards || inside.length === 0) return [];
    return [{ id, kind: 'layer' as const, zone, layer, members, box: around(inside) }];
  });
}

/** What a node is drawn as: itself, or the outermost folded frame around it. */
export type Visible = (node: string) => string;

export function visibleIn(frames: readonly MapFrame[], folded: readonly string[]): Visible {
  const drawnAs = new Map<string, string>();
  // Zones first: a layer inside a folded zone is folded with it.
  for (const kind of ['zone', 'layer'] as const)
    for (const frame of frames)
      if (frame.kind === kind && folded.includes(frame.id))
        for (const member of frame.members) if (!drawnAs.has(member)) drawnAs.set(member, frame.id);
  return (node) => drawnAs.get(node) ?? node;
}

export interface Bundle {
  /** `a|b` of what the ends are drawn as. */
  readonly key: string;
  readonly a: string;
  readonly b: string;
  readonly links: readonly string[];
}

/** Most lines drawn by themselves; the links beyond are bundled frame to frame. */
export const lineLimit = 200;

/** Links between two things that are drawn: by themselves, or bundled where an end is folded. */
export function bundleLinks(keys: readonly string[], visible: Visible): readonly Bundle[] {
  const bundles = new Map<string, { a: string; b: string; links: string[] }>();
  for (const key of keys) {
    const [from = '', to = ''] = key.split('|');
    const ends = [visible(from), visible(to)];
    if (ends[0] === ends[1]) continue;
    // Two nodes keep their link's own order, so that its key stays what the rest of the screen calls it.
    const isPlain = ends[0] === from && ends[1] === to;
    const [a = '', b = ''] = isPlain ? ends : ends.toSorted();
    const id = `${a}|${b}`;
    const known = bundles.get(id);
    if (known === undefined) bundles.set(id, { a, b, links: [key] });
    else known.links.push(key);
  }
  return [...bundles].map(([key, bundle]) => ({ key, ...bundle }));
}

export interface Totals {
  readonly nodes: number;
  readonly up: number;
  readonly holes: number;
  readonly volatileWrites: number;
}

/** What a folded frame's card says of those inside. */
export function totalsOf(members: readonly string[], nodes: Readonly<Record<string, NodeFrame>>): Totals {
  let up = 0;
  let holes = 0;
  let volatileWrites = 0;
  for (const id of members) {
    const node = nodes[id];
    if (node === undefined) continue;
    if (node.status === 'up') up++;
    volatileWrites += node.disk?.volatileWrites ?? 0;
    holes += countHoles(storeOf(node)).holes;
  }
  return { nodes: members.length, up, holes, volatileWrites };
}

/** How many of a bundle's links are not as the preset set them. */
export const impairedIn = (
  links: readonly string[],
  pairs: Readonly<Record<string, LinkPair>>,
): { readonly cut: number; readonly other: number } => {
  let cut = 0;
  let other = 0;
  for (const key of links) {
    const pair = pairs[key];
    const shape = pair === undefined ? 'normal' : linkShape(pair);
    if (shape === 'cut' || shape === 'cutThere' || shape === 'cutBack') cut++;
    else if (shape !== 'normal') other++;
  }
  return { cut, other };
};

/** A node and everybody it has a link with. */
export function neighbours(node: string, keys: readonly string[]): ReadonlySet<string> {
  const near = new Set([node]);
  for (const key of keys) {
    const [a = '', b = ''] = key.split('|');
    if (a === node) near.add(b);
    else if (b === node) near.add(a);
  }
  return near;
}
