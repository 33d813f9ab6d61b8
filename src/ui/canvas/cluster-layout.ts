// Where cards and zone frames stand: one zone per column, compute above, storage below, clients and control to the
// left in their own column. Coordinates follow the reference pictures for three zones and extend to more nodes. A pane
// that is too low for them has the storage row lifted, so that the cards need not shrink; in one that is narrow the zones
// stand one below the other, storage to the right of compute.

import type { ClusterSpec, NodeSpec } from '../../core/kernel/cluster-spec.ts';
import type { Wording } from '../../state/wording.ts';
import type { Box, ZoneBox } from '../model/map-store.ts';
import { cardsOf, leadOf } from '../model/role-cards.ts';
import type { CardPlace } from '../stacks/stack-ui.ts';
import { plainShare } from './fit-lines.ts';

/** Heights of cards in plain wording, which have one figure and a strip, the least first: they are as low as what they hold allows at the zoom that the pane gives. */
const plainHeights = [100, 124, 152, 184, 220, 264] as const;

/** Of the card of a node with one role, and of a folded frame. */
export const cardSize = { width: 248, height: 148 } as const;
/** What each row of a card with several roles takes, and its head and foot. */
export const severalRoles = { row: 80, rest: 64 } as const;

/** With its roles one below the other. */
export function cardHeight(node: Pick<NodeSpec, 'roles'>): number {
  const rows = cardsOf(node).length;
  return rows > 1 ? severalRoles.rest + rows * severalRoles.row : cardSize.height;
}
/** Room above and below the frames for what stands over the map: its title and its controls. */
export const mapEdge = 44;

/** Cards are drawn in full from here on: in a window of 1600 px three zones of them are. */
export const detailZoom = 0.89;

/**
 * How the zones follow each other: side by side, with storage below compute; or, in a pane that is narrow, one below the other, with storage
 * to the right of compute.
 */
export type Way = 'down' | 'across';

export interface ClusterLayout {
  readonly way: Way;
  readonly cards: ReadonlyMap<string, Box>;
  readonly zones: readonly ZoneBox[];
  readonly width: number;
  readonly height: number;
  /** Between the compute and the storage row, where the messages are seen. */
  readonly gap: number;
}

export interface Pane {
  readonly width: number;
  readonly height: number;
}

/** Measures along the direction in which zones follow each other, and across them, from clients over compute to storage (deep). */
interface Measures {
  /** Between two cards of a row, and between two rows. */
  readonly columnGap: number;
  readonly rowGap: number;
  /** In a frame, before its first and after its last card along; and before its first row. */
  readonly before: number;
  readonly after: number;
  readonly head: number;
  /** Between two frames, and outside of them. */
  readonly frameGap: number;
  readonly edgeAlong: number;
  readonly edgeDeep: number;
  /** Between compute and storage at rest; what links in arcs take after the last row. */
  readonly between: number;
  readonly tail: number;
}

/** `down` as the reference pictures have it. A frame has its title in its upper left corner. */
const measures: Readonly<Record<Way, Measures>> = {
  down: {
    columnGap: 48,
    rowGap: 24,
    before: 16,
    after: 16,
    head: 40,
    frameGap: 16,
    edgeAlong: 12,
    edgeDeep: mapEdge,
    between: 220,
    tail: 72,
  },
  across: {
    columnGap: 16,
    rowGap: 48,
    before: 60,
    after: 12,
    head: 16,
    frameGap: 8,
    edgeAlong: mapEdge,
    edgeDeep: 12,
    between: 220,
    tail: 72,
  },
};

/** Least room between the rows; below full size wider cards count for more than a longer way of the messages. */
const leastGap = { down: { full: 104, reduced: 48 }, across: { full: 104, reduced: 72 } } as const;

/** A driver of a zone without compute stands where compute would: a column for it alone would only make the map wide. */
function placeOf(node: NodeSpec, cluster: ClusterSpec): CardPlace {
  const place = leadOf(node)?.place ?? 'lower';
  if (place !== 'sideTop') return place;
  const isBeside = cluster.nodes.some(
    (other) => other.zone === node.zone && leadOf(other)?.place === 'upper',
  );
  return isBeside ? 'sideTop' : 'upper';
}

/** As large as the pane shows the layout; what stands over the map is not scaled with it. */
export const zoomFor = ({ width, height }: Pane, pane: Pane): number =>
  Math.min(1, pane.width / width, Math.max(pane.height - 2 * mapEdge, mapEdge) / (height - 2 * mapEdge));

/** How far the storage row has to be lifted for the map to fill the pane along its zones, as far as messages keep their room. */
export function liftFor(layout: ClusterLayout, pane: Pane): number {
  const inner = ({ width, height }: Pane): readonly [along: number, deep: number] => {
    const room = Math.max(0, height - 2 * mapEdge);
    return layout.way === 'down' ? [width, room] : [room, width];
  };
  const [along, deep] = inner(layout);
  const [paneAlong, paneDeep] = inner(pane);
  const zoom = Math.min(1, paneAlong / along);
  const least = leastGap[layout.way][zoom >= detailZoom ? 'full' : 'reduced'];
  const wanted = deep - paneDeep / zoom;
  return Math.max(0, Math.min(Math.ceil(wanted), layout.gap - least));
}

/** How much larger cards have to become for the zones to be put one below the other: side by side is what people know. */
const worth = 1.15;

/** The layout that a pane of this shape shows largest. */
export function layoutFor(cluster: ClusterSpec, pane: Pane, wording: Wording): ClusterLayout {
  if (wording === 'expert') return largestFor(cluster, pane, null);
  const roles = Math.max(1, ...cluster.nodes.map((node) => cardsOf(node).length));
  let [best, bestShare] = [largestFor(cluster, pane, plainHeights[0]), 0];
  for (const height of plainHeights) {
    const layout = largestFor(cluster, pane, height);
    const share = plainShare(cardSize.width, height, zoomFor(layout, pane), roles);
    if (share > bestShare) [best, bestShare] = [layout, share];
  }
  return best;
}

/** `plain`: the height of every card; null: each has the height of its roles. */
function largestFor(cluster: ClusterSpec, pane: Pane, plain: number | null): ClusterLayout {
  const lifted = (way: Way): ClusterLayout => {
    const rest = layoutCluster(cluster, 0, way, plain);
    return layoutCluster(cluster, liftFor(rest, pane), way, plain);
  };
  const down = lifted('down');
  const zoom = zoomFor(down, pane);
  if (zoom >= detailZoom) return down;
  const across = lifted('across');
  return zoomFor(across, pane) > worth * zoom ? across : down;
}

/** `lift`: how much nearer to compute than at rest the storage row stands. `plain`: as above. */
export function layoutCluster(
  cluster: ClusterSpec,
  lift = 0,
  way: Way = 'down',
  plain: number | null = null,
): ClusterLayout {
  const least = plain ?? cardSize.height;
  const heightOf = (node: NodeSpec): number => plain ?? cardHeight(node);
  const { columnGap, rowGap, before, after, head, frameGap, edgeAlong, edgeDeep, between, tail } =
    measures[way];
  const zoneNames = [...new Set(cluster.nodes.map((node) => node.zone))];
  const inZone = (zone: string, place: CardPlace): readonly NodeSpec[] =>
    cluster.nodes.filter((node) => node.zone === zone && placeOf(node, cluster) === place);
  const stores = cluster.nodes.filter((node) => placeOf(node, cluster) === 'lower').length;
  // Up to two stores of a zone stand side by side; many make rows of three.
  const perRow = stores > 18 ? 3 : 2;
  const cards = new Map<string, Box>();
  const zones: ZoneBox[] = [];
  const boxAt = (along: number, deep: number, alongSize: number, deepSize: number): Box =>
    way === 'down'
      ? { x: along, y: deep, width: alongSize, height: deepSize }
      : { x: deep, y: along, width: deepSize, height: alongSize };
  const sizeOf = (node: NodeSpec): readonly [along: number, deep: number] =>
    way === 'down' ? [cardSize.width, heightOf(node)] : [heightOf(node), cardSize.width];
  const column =
    Math.max(way === 'down' ? cardSize.width : least, ...cluster.nodes.map((node) => sizeOf(node)[0])) +
    columnGap;
  const deepest = (place: CardPlace): number =>
    Math.max(
      way === 'down' ? least : cardSize.width,
      ...cluster.nodes.filter((node) => placeOf(node, cluster) === place).map((node) => sizeOf(node)[1]),
    );
  const upperRow = deepest('upper') + rowGap;
  const lowerRow = deepest('lower') + rowGap;
  const upperStart = edgeDeep + head;
  const lowerStart = upperStart + deepest('upper') + between - lift;
  let end = 0;
  let upperEnd = upperStart;
  let along = edgeAlong;

  for (const zone of zoneNames) {
    const side = [inZone(zone, 'sideTop'), inZone(zone, 'sideBottom')] as const;
    const upper = inZone(zone, 'upper');
    const lower = inZone(zone, 'lower');
    const sideSize = side[0].length + side[1].length > 0 ? column : 0;
    const columns = Math.max(1, Math.min(perRow, Math.max(upper.length, lower.length)));
    const inner = along + before + sideSize;
    const put = (
      nodes: readonly NodeSpec[],
      from: number,
      start: number,
      wide: number,
      row: number,
    ): void => {
      nodes.forEach((node, i) => {
        const [alongSize, deepSize] = sizeOf(node);
        // Cards of a row end at one line: arcs after it pass under all of them.
        const deep = start + (Math.floor(i / wide) + 1) * row - rowGap - deepSize;
        cards.set(node.id, boxAt(from + (i % wide) * column, deep, alongSize, deepSize));
        end = Math.max(end, deep + deepSize + tail);
      });
    };
    put(side[0], along + before, upperStart, 1, upperRow);
    put(side[1], along + before, lowerStart, 1, lowerRow);
    put(upper, inner, upperStart, columns, upperRow);
    put(lower, inner, lowerStart, columns, lowerRow);
    const rows = Math.max(side[0].length, Math.ceil(upper.length / columns));
    upperEnd = Math.max(upperEnd, upperStart + rows * upperRow - rowGap);
    const size = before + sideSize + columns * column - columnGap + after;
    const hasUpper = upper.length + side[0].length > 0;
    zones.push({ zone, ...boxAt(along, hasUpper ? edgeDeep : lowerStart - head, size, 0) });
    along += size + frameGap;
  }
  const total = [along - frameGap + edgeAlong, end + edgeDeep] as const;
  const [width, height] = way === 'down' ? total : [total[1], total[0]];
  const closed = zones.map((zone) =>
    way === 'down' ? { ...zone, height: end - zone.y } : { ...zone, width: end - zone.x },
  );
  return { way, cards, zones: closed, width, height, gap: lowerStart - upperEnd };
}
