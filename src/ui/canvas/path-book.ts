// Cache of link paths: edges and messages use the same, and a frame of the animation computes none. A new one begins when
// cards move, fold, or change their size on the map.

import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { frameStore } from '../../state/frame-store.ts';
import { type Box, mapStore } from '../model/map-store.ts';
import { type ZoomLevel, zoomLevel } from './adapter.ts';
import type { Drawn } from './drawn-map.ts';
import { type LinkPath, reversed } from './link-path.ts';
import { drawnStore, shownBox } from './map-layout.ts';
import { isQuiet, pathBetween } from './map-links.ts';

export class PathBook {
  readonly level: ZoomLevel;
  readonly #drawn: Drawn;
  readonly #across = mapStore.getState().way === 'across';
  /** At which its cards have their size; 1 where that is the same at all zooms. */
  readonly zoom: number;
  readonly #roles = new Map<string, NodeFrame['roles']>();
  readonly #rank = new Map<string, number>();
  readonly #paths = new Map<string, LinkPath | null>();

  constructor(drawn: Drawn, zoom: number) {
    this.#drawn = drawn;
    this.zoom = zoom;
    this.level = zoomLevel(zoom);
    frameStore.getState().cluster?.nodes.forEach((node, i) => {
      this.#roles.set(node.id, node.roles);
      this.#rank.set(node.id, i);
    });
  }

  readonly roles = (id: string): NodeFrame['roles'] => this.#roles.get(id) ?? [];
  readonly shown = (box: Box): Box => shownBox(box, this.level, this.zoom);

  /** The order of the cluster, in which a link names its ends. */
  isForward(from: string, to: string): boolean {
    return (this.#rank.get(from) ?? 0) <= (this.#rank.get(to) ?? 0);
  }

  /** From what one node is drawn as to what the other is; null when both are one or either is not drawn. */
  path(from: string, to: string): LinkPath | null {
    const key = `${from}>${to}`;
    const known = this.#paths.get(key);
    if (known !== undefined) return known;
    const found = this.#find(from, to);
    this.#paths.set(key, found);
    return found;
  }

  #find(from: string, to: string): LinkPath | null {
    const { visible, boxes } = this.#drawn;
    const [a, b] = [visible(from), visible(to)];
    if (a === b) return null;
    if (a !== from || b !== to) {
      // A bundle's own order, so that both directions share its line.
      const [first = '', second = ''] = [a, b].toSorted();
      const path = this.between(first, second);
      return path === null || first === a ? path : reversed(path);
    }
    if (!this.isForward(from, to)) {
      const path = this.path(to, from);
      return path === null ? null : reversed(path);
    }
    if (this.level === 'dot' && isQuiet(from, to, { boxes, roles: this.roles, across: this.#across }))
      return null;
    return this.between(from, to);
  }

  /** Path between two things that are drawn. */
  between(a: string, b: string): LinkPath | null {
    const { boxes } = this.#drawn;
    return pathBetween({ from: a, to: b, boxes, shown: this.shown, roles: this.roles, across: this.#across });
  }

  isQuiet(a: string, b: string): boolean {
    return isQuiet(a, b, { boxes: this.#drawn.boxes, roles: this.roles, across: this.#across });
  }
}

/** Zooms whose cards keep their size in map coordinates need one book for all. */
export const bookZoom = (zoom: number): number => (zoomLevel(zoom) === 'detail' ? 1 : zoom);

/** Two maps may be on the screen, each at a zoom of its own. */
const BOOKS = 2;
let books: readonly { readonly drawn: Drawn; readonly zoom: number; readonly book: PathBook }[] = [];

export function pathBook(zoom: number): PathBook {
  const drawn = drawnStore.getState();
  const wanted = bookZoom(zoom);
  const known = books.find((one) => one.drawn === drawn && one.zoom === wanted);
  if (known !== undefined) return known.book;
  const book = new PathBook(drawn, wanted);
  books = [{ drawn, zoom: wanted, book }, ...books.filter((one) => one.drawn === drawn)].slice(0, BOOKS);
  return book;
}
