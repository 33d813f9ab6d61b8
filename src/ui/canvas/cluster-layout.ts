// Where cards and zone frames stand: one zone per column, compute above, storage below, clients and control to the
// left in their own column. Coordinates follow the reference pictures for three zones and extend to more nodes. A pane
// that is too low for them has the storage row lifted, so that the cards need not shrink.

import type { ClusterSpec, NodeSpec } from '../../core/kernel/cluster-spec.ts';
import type { Box, ZoneBox } from '../model/map-store.ts';
import { cardsOf, leadOf } from '../model/role-cards.ts';
import type { CardPlace } from '../stacks/stack-ui.ts';

/** Of the card of a node with one role, and of a folded frame. */
export const cardSize = { width: 248, height: 148 } as const;
/** What each row of a card with several roles takes, and its head and foot. */
export const severalRoles = { row: 80, rest: 64 } as const;

/** With its roles one below the other. */
export function cardHeight(node: Pick<NodeSpec, 'roles'>): number {
  const rows = cardsOf(node).length;
  return rows > 1 ? severalRoles.rest + rows * severalRoles.row : cardSize.height;
}
const frameGap = 16;
const pad = 16;
const column = cardSize.width + 48;
const rowGap = 24;
const top = 84;
const storeTop = 452;
const frameBottom = 672;
const left = 12;
/** Room above and below the frames for what stands over the map: its title and its controls. */
export const mapEdge = 44;

/** Cards are drawn in full from here on: in a window of 1600 px three zones of them are. */
export const detailZoom = 0.89;

export interface ClusterLayout {
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

/** Least room between the rows; below full size wider cards count for more than a longer way of the messages. */
const leastGap = { full: 104, reduced: 48 } as const;

/** A driver of a zone without compute stands where compute would: a column for it alone would only make the map wide. */
function placeOf(node: NodeSpec, cluster: ClusterSpec): CardPlace {
  const place = leadOf(node)?.place ?? 'lower';
  if (place !== 'sideTop') return place;
  const isBeside = cluster.nodes.some(
    (other) => other.zone === node.zone && leadOf(other)?.place === 'upper',
  );
  return isBeside ? 'sideTop' : 'upper';
}

/** How far the storage row has to be lifted for the map to fill the pane's width, as far as messages keep their room. */
export function liftFor(layout: ClusterLayout, pane: Pane): number {
  const zoom = Math.min(1, pane.width / layout.width);
  const room = Math.max(0, pane.height - 2 * mapEdge) / zoom;
  const least = zoom >= detailZoom ? leastGap.full : leastGap.reduced;
  const wanted = layout.height - 2 * mapEdge - room;
  return Math.max(0, Math.min(Math.ceil(wanted), layout.gap - least));
}

/** `lift`: how much higher than in the reference picture the storage row stands. */
export function layoutCluster(cluster: ClusterSpec, lift = 0): ClusterLayout {
  const zoneNames = [...new Set(cluster.nodes.map((node) => node.zone))];
  const inZone = (zone: string, place: CardPlace): readonly NodeSpec[] =>
    cluster.nodes.filter((node) => node.zone === zone && placeOf(node, cluster) === place);
  const stores = cluster.nodes.filter((node) => placeOf(node, cluster) === 'lower').length;
  // Up to two stores of a zone stand side by side; many make rows of three.
  const perRow = stores > 18 ? 3 : 2;
  const cards = new Map<string, Box>();
  const zones: ZoneBox[] = [];
  let x = left;
  const tallest = (place: CardPlace): number =>
    Math.max(
      cardSize.height,
      ...cluster.nodes.filter((node) => placeOf(node, cluster) === place).map(cardHeight),
    );
  const upperRow = tallest('upper') + rowGap;
  const lowerRow = tallest('lower') + rowGap;
  const taller = tallest('upper') - cardSize.height;
  const lowerTop = storeTop + taller - lift;
  // Symmetric nodes have no second row: the frames end below their links.
  const hasLower = cluster.nodes.some((node) => ['lower', 'sideBottom'].includes(placeOf(node, cluster)));
  let bottom = hasLower ? frameBottom + taller - lift : 0;
  let upperBottom = top;

  for (const zone of zoneNames) {
    const side = [inZone(zone, 'sideTop'), inZone(zone, 'sideBottom')] as const;
    const upper = inZone(zone, 'upper');
    const lower = inZone(zone, 'lower');
    const sideWidth = side[0].length + side[1].length > 0 ? column : 0;
    const columns = Math.max(1, Math.min(perRow, Math.max(upper.length, lower.length)));
    const innerX = x + pad + sideWidth;
    const put = (nodes: readonly NodeSpec[], x0: number, y0: number, wide: number, row: number): void => {
      nodes.forEach((node, i) => {
        // cards of a row end at one line: arcs below it pass under all of them
        const height = cardHeight(node);
        const y = y0 + (Math.floor(i / wide) + 1) * row - rowGap - height;
        const box = { x: x0 + (i % wide) * column, y, width: cardSize.width, height };
        cards.set(node.id, box);
        bottom = Math.max(bottom, box.y + box.height + 72);
      });
    };
    put(side[0], x + pad, top, 1, upperRow);
    put(side[1], x + pad, lowerTop, 1, lowerRow);
    put(upper, innerX, top, columns, upperRow);
    put(lower, innerX, lowerTop, columns, lowerRow);
    const rows = Math.max(side[0].length, Math.ceil(upper.length / columns));
    upperBottom = Math.max(upperBottom, top + rows * upperRow - rowGap);
    const width = sideWidth + columns * column - (column - cardSize.width) + 2 * pad;
    const hasUpper = upper.length + side[0].length > 0;
    zones.push({ zone, x, y: hasUpper ? mapEdge : lowerTop - 40, width, height: 0 });
    x += width + frameGap;
  }
  const closed = zones.map((zone) => ({ ...zone, height: bottom - zone.y }));
  return {
    cards,
    zones: closed,
    width: x - frameGap + left,
    height: bottom + mapEdge,
    gap: lowerTop - upperBottom,
  };
}
