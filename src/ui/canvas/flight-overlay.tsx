// One canvas over the map with every message in flight, drawn from the fabric's own schedule: position = share of the
// way at the drawn virtual time. Hover and click find the message under the pointer; a lost one turns into a dashed
// outline and fades.

import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import type { FlightView } from '../../sim/types.ts';
import { frameStore, newestFrame } from '../../state/frame-store.ts';
import { linkShape } from '../../state/link-pair.ts';
import { runStore } from '../../state/run-store.ts';
import { selectionStore, selectMessage } from '../../state/selection-store.ts';
import { settingsStore } from '../../state/settings-store.ts';
import { drawnTimeNow } from '../../state/view-clock.ts';
import { openMenuAt } from '../faults/menu-store.ts';
import { flightLabel, isHeartbeat } from '../glyphs/flight-text.ts';
import { glyphs } from '../glyphs/glyph-shapes.ts';
import { useFlowStoreApi, zoomLevel } from './adapter.ts';
import { type FlightSource, fadeMs, findMark, hitRadius, type Mark, placeMarks } from './flight-geometry.ts';
import { breakAt } from './link-edge.tsx';
import { type LinkPath, reversed } from './link-path.ts';
import { isQuiet, pathBetween } from './map-links.ts';
import { mapStore, shownBox } from './map-store.ts';
import { type Look, readPalette, SpriteAtlas } from './sprites.ts';

interface Ghost {
  readonly mark: Mark;
  readonly until: number;
}

interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  /** CSS px of the canvas. */
  readonly width: number;
}

type Box = readonly [left: number, top: number, width: number, height: number];

/** Where cards stand on the canvas: no label is written over them. */
function cardBoxes({ x, y, zoom }: View): Box[] {
  const level = zoomLevel(zoom);
  return Object.values(mapStore.getState().boxes).map((box) => {
    const shown = shownBox(box, level, zoom);
    return [shown.x * zoom + x, shown.y * zoom + y, shown.width * zoom, shown.height * zoom];
  });
}

const overlaps = (a: Box, b: Box): boolean =>
  a[0] < b[0] + b[2] && a[0] + a[2] > b[0] && a[1] < b[1] + b[3] && a[1] + a[3] > b[1];

/** Paths of this picture, computed once per link and drawing. */
function makeSource(view: View, still: boolean): FlightSource {
  const { boxes } = mapStore.getState();
  const { cluster, links, nodes } = frameStore.getState();
  const roleMap = new Map(cluster?.nodes.map((node) => [node.id as string, node.roles]));
  const roles = (id: string) => roleMap.get(id) ?? [];
  const level = zoomLevel(view.zoom);
  const shown = (box: Parameters<typeof shownBox>[0]) => shownBox(box, level, view.zoom);
  const known = new Map<string, LinkPath | null>();
  const rank = new Map(cluster?.nodes.map((node, i) => [node.id as string, i]));
  const isForward = (from: string, to: string): boolean => (rank.get(from) ?? 0) <= (rank.get(to) ?? 0);
  const pathOf = (from: string, to: string): LinkPath | null => {
    const key = `${from}>${to}`;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    // Always the edge's own path (first node of the cluster to the later one), so that both directions share it.
    const [a, b] = isForward(from, to) ? [from, to] : [to, from];
    const path = pathBetween({ from: a, to: b, boxes, shown, roles });
    const result = path === null ? null : a === from ? path : reversed(path);
    known.set(key, result);
    return result;
  };
  const stopOf = (from: string, to: string): number => {
    const forward = isForward(from, to);
    const pair = links[forward ? `${from}|${to}` : `${to}|${from}`];
    if (pair === undefined) return 0.97;
    const shape = linkShape(pair);
    const isCut = shape === 'cut' || shape === (forward ? 'cutThere' : 'cutBack');
    if (isCut) return forward ? breakAt - 0.05 : 1 - breakAt - 0.05;
    return nodes[to]?.status === 'down' ? 0.97 : 0.9;
  };
  const quietPath: FlightSource['pathOf'] = (from, to) => {
    const hidden = isQuiet(from, to, { boxes, roles });
    return hidden && level === 'dot' ? null : pathOf(from, to);
  };
  return { pathOf: quietPath, stopOf, still };
}

interface LabelPlace {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Selected or pointed at: written whatever it covers. */
  readonly must: boolean;
  readonly right: number;
}

function lookOf(flight: FlightView, lost: boolean): Look {
  if (lost) return 'lost';
  if (flight.fate === 'held') return 'held';
  return glyphs[flight.label.family].hollow ? 'hollow' : 'solid';
}

class Painter {
  marks: Mark[] = [];
  ghosts: Ghost[] = [];
  /** Messages that were seen flying: lost ones among them were dropped by a person and show it at once. */
  readonly #flying = new Set<string>();
  #lostBefore = new Map<string, Mark>();

  /** Works out this picture's marks; a lost message that left the frame becomes a fading ghost. */
  place(now: number, wall: number, view: View, showHeartbeats: boolean, still: boolean): void {
    const flights = newestFrame().frame?.flights ?? [];
    const shown = showHeartbeats ? flights : flights.filter((flight) => !isHeartbeat(flight));
    this.marks = placeMarks(shown, now, makeSource(view, still));
    const ids = new Set<string>();
    for (const flight of flights) {
      ids.add(flight.id);
      if (flight.fate === 'flying') this.#flying.add(flight.id);
    }
    for (const id of this.#flying) if (!ids.has(id)) this.#flying.delete(id);
    const lost = new Map(
      this.marks.filter(({ flight }) => flight.fate === 'lost').map((mark) => [mark.flight.id, mark]),
    );
    for (const [id, mark] of this.#lostBefore)
      if (!ids.has(id)) this.ghosts.push({ mark, until: wall + fadeMs });
    this.#lostBefore = lost;
    this.ghosts = this.ghosts.filter((ghost) => ghost.until > wall).slice(-200);
  }

  showsLost({ flight, share }: Mark, stopAt: number): boolean {
    return flight.fate === 'lost' && (this.#flying.has(flight.id) || share >= stopAt - 0.001);
  }

  paint(
    context: CanvasRenderingContext2D,
    atlas: SpriteAtlas,
    view: View,
    wall: number,
    labels: boolean,
    still: boolean,
  ): void {
    const { palette } = atlas;
    const hovered = selectionStore.getState().hovered;
    const { subject } = selectionStore.getState();
    const place = (mark: Mark): readonly [number, number] => [
      mark.at[0] * view.zoom + view.x,
      mark.at[1] * view.zoom + view.y,
    ];
    const source = makeSource(view, still);
    for (const { mark, until } of this.ghosts) {
      const [x, y] = place(mark);
      context.globalAlpha = Math.max(0, (until - wall) / fadeMs);
      atlas.draw(context, mark.flight.label.family, 'lost', x, y, mark.angle);
      context.globalAlpha = 1;
    }
    const taken = cardBoxes(view);
    for (const mark of this.marks) {
      const [x, y] = place(mark);
      const { flight } = mark;
      const lost = this.showsLost(mark, source.stopOf(flight.from, flight.to));
      const isChosen =
        (hovered?.kind === 'message' && hovered.id === flight.id) ||
        (subject?.kind === 'message' && subject.id === flight.id);
      if (isChosen) {
        context.beginPath();
        context.arc(x, y, 17, 0, Math.PI * 2);
        context.strokeStyle = palette.colour('accent');
        context.lineWidth = 2;
        context.stroke();
      }
      if (mark.count > 1) {
        atlas.draw(context, flight.label.family, lookOf(flight, lost), x - 4, y, mark.angle);
        atlas.draw(context, flight.label.family, lookOf(flight, lost), x + 4, y, mark.angle);
      } else atlas.draw(context, flight.label.family, lookOf(flight, lost), x, y, mark.angle);
      const text = mark.count > 1 ? String(mark.count) : flightLabel(flight);
      const suffix = still && mark.count === 1 ? ` ${Math.round(mark.share * 100)} %` : '';
      if (labels || isChosen || mark.count > 1) {
        const label = { text: text + suffix, x, y, must: isChosen, right: view.width };
        this.#label(context, atlas, mark, label, taken);
      }
    }
  }

  #label(
    context: CanvasRenderingContext2D,
    { palette }: SpriteAtlas,
    { flight, angle }: Mark,
    { text, x, y, must, right }: LabelPlace,
    taken: Box[],
  ): void {
    if (glyphs[flight.label.family].letter === '') return;
    context.font = `500 12px ${palette.mono}`;
    const width = context.measureText(text).width + 6;
    const nx = -Math.sin(angle);
    const ny = Math.cos(angle);
    const boxAt = (side: 1 | -1): Box =>
      Math.abs(nx) > 0.5
        ? [nx * side > 0 ? x + 18 : x - 18 - width, y - 8, width, 16]
        : [x - width / 2, y + Math.sign(ny) * side * 24 - 8, width, 16];
    const isFree = (box: Box): boolean =>
      box[0] >= 0 && box[0] + box[2] <= right && !taken.some((other) => overlaps(box, other));
    // On the message's own side, else on the other, else only when it was asked for.
    const box = [boxAt(1), boxAt(-1)].find(isFree) ?? (must ? boxAt(1) : null);
    if (box === null) return;
    const [left, top] = box;
    taken.push(box);
    context.globalAlpha = 0.84;
    context.fillStyle = palette.colour('bg-0');
    context.fillRect(left, top, width, 16);
    context.globalAlpha = 1;
    context.fillStyle = palette.colour(glyphs[flight.label.family].hue);
    context.textAlign = 'left';
    context.fillText(text, left + 3, top + 12);
  }
}

const motion = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-reduced-motion: reduce)');

interface OverlayProps {
  /** The map's element: pointer events are taken from it before cards and links get them. */
  readonly surface: RefObject<HTMLElement | null>;
}

export function FlightOverlay({ surface }: OverlayProps): ReactNode {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const flow = useFlowStoreApi();

  useEffect(() => {
    const canvas = canvasRef.current;
    const element = surface.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !element || !context) return;
    const painter = new Painter();
    let atlas: SpriteAtlas | null = null;
    let theme = '';
    let drawn = '';
    let request = 0;
    let width = canvas.clientWidth;
    let height = canvas.clientHeight;
    const observer = new ResizeObserver(([entry]) => {
      width = entry?.contentRect.width ?? width;
      height = entry?.contentRect.height ?? height;
    });
    observer.observe(canvas);

    const view = (): View => {
      const [x, y, zoom] = flow.getState().transform;
      return { x, y, zoom, width };
    };
    const redraw = (): void => {
      request = requestAnimationFrame(redraw);
      const wall = performance.now();
      const now = drawnTimeNow(wall);
      const { frame } = newestFrame();
      const settings = settingsStore.getState();
      const ratio = window.devicePixelRatio || 1;
      const look = document.documentElement.dataset.theme ?? '';
      const { x, y, zoom } = view();
      const { hovered, subject } = selectionStore.getState();
      const key = [now, frame?.events, frame?.flights.length, x, y, zoom, width, height, ratio, look].join();
      const rest = `${settings.labels}${settings.heartbeats}${JSON.stringify(hovered)}${JSON.stringify(subject)}`;
      const state = `${key}${rest}${runStore.getState().run?.mode}`;
      if (state === drawn && painter.ghosts.length === 0) return;
      drawn = state;
      if (atlas === null || theme !== `${look} ${ratio}`) {
        atlas = new SpriteAtlas(readPalette(canvas), ratio);
        theme = `${look} ${ratio}`;
      }
      if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      const still = motion?.matches === true;
      painter.place(now, wall, { x, y, zoom, width }, settings.heartbeats, still);
      painter.paint(context, atlas, { x, y, zoom, width }, wall, settings.labels && zoom >= 0.55, still);
    };

    const markUnder = (event: MouseEvent): Mark | null => {
      const box = canvas.getBoundingClientRect();
      const { x, y, zoom } = view();
      const at = [(event.clientX - box.left - x) / zoom, (event.clientY - box.top - y) / zoom] as const;
      return findMark(painter.marks, at, hitRadius / zoom);
    };
    const onMove = (event: MouseEvent): void => {
      const mark = markUnder(event);
      const before = selectionStore.getState().hovered;
      if (mark === null && before === null) return;
      if (mark?.flight.id === (before?.kind === 'message' ? before.id : undefined)) return;
      element.style.cursor = mark === null ? '' : 'pointer';
      selectionStore.setState({ hovered: mark === null ? null : { kind: 'message', id: mark.flight.id } });
    };
    const onClick = (event: MouseEvent): void => {
      const mark = markUnder(event);
      if (mark === null) return;
      event.stopPropagation();
      event.preventDefault();
      selectMessage(mark.flight.id);
    };
    const onMenu = (event: MouseEvent): void => {
      const mark = markUnder(event);
      if (mark === null) return;
      event.stopPropagation();
      event.preventDefault();
      selectMessage(mark.flight.id);
      openMenuAt({ kind: 'message', id: mark.flight.id }, { x: event.clientX, y: event.clientY });
    };
    element.addEventListener('mousemove', onMove);
    element.addEventListener('click', onClick, true);
    element.addEventListener('contextmenu', onMenu, true);
    request = requestAnimationFrame(redraw);
    return () => {
      cancelAnimationFrame(request);
      observer.disconnect();
      element.removeEventListener('mousemove', onMove);
      element.removeEventListener('click', onClick, true);
      element.removeEventListener('contextmenu', onMenu, true);
    };
  }, [flow, surface]);

  return <canvas ref={canvasRef} className="pointer-events-none absolute inset-0 z-[4] h-full w-full" />;
}
