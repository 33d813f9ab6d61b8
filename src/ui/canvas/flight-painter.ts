// Paints a picture's messages on the overlay's canvas: glyphs, stacks, labels that keep off cards, ghosts of lost ones
// that fade, and with reduced motion static arrows with their progress.

import type { FlightView } from '../../sim/types.ts';
import { type FlightFilter, isShownFlight } from '../../state/flight-filter.ts';
import type { FrameState } from '../../state/frame-store.ts';
import { isLitFlight, type SelectionScope } from '../../state/highlight.ts';
import { flightLabel } from '../glyphs/flight-text.ts';
import { glyphs } from '../glyphs/glyph-shapes.ts';
import type { ZoomLevel } from './adapter.ts';
import { hasStopped, stopShare } from './flight-fate.ts';
import {
  type FlightGlyph,
  fadeMs,
  glyphReach,
  type Lane,
  makeLanes,
  placeGlyphs,
} from './flight-geometry.ts';
import type { Point } from './link-path.ts';
import { drawnStore } from './map-layout.ts';
import type { PathBook } from './path-book.ts';
import type { GlyphSize, Look, SpriteAtlas } from './sprites.ts';

export interface PaintView {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  /** CSS px of the canvas. */
  readonly width: number;
  readonly height: number;
}

export interface PaintOptions {
  readonly filter: FlightFilter;
  readonly labels: boolean;
  /** Reduced motion. */
  readonly still: boolean;
  readonly scope: SelectionScope | null;
  /** Messages written with a ring and a label whatever they cover: selected, pointed at. */
  readonly chosen: ReadonlySet<string>;
  /** What messages pass behind: suggestions, CSS px of the canvas. */
  readonly above: readonly Box[];
}

interface Ghost {
  readonly glyph: FlightGlyph;
  readonly until: number;
}

export type Box = readonly [left: number, top: number, width: number, height: number];

/** What a lesson or a caption calls by its letter has it wherever cards are cards. */
export function sizeAt({ level, zoom }: { readonly level: ZoomLevel; readonly zoom: number }): GlyphSize {
  if (level === 'detail') return 1;
  if (level === 'dot') return 0.45;
  return zoom >= 0.4 ? 0.8 : 0.6;
}

/** The picture that is painted: its messages, and the nodes and links that say where a lost one stops. */
export interface PaintSource {
  readonly flights: readonly FlightView[];
  readonly state: FrameState;
}

/** What the lanes of a picture are made of; the same again needs no other lanes. */
interface LanesOf extends PaintSource {
  readonly filter: FlightFilter;
  readonly book: PathBook;
}

const isSameFilter = (a: FlightFilter, b: FlightFilter): boolean =>
  a.hidden === b.hidden &&
  a.onlyLsn === b.onlyLsn &&
  a.onlyTrace === b.onlyTrace &&
  a.heartbeats === b.heartbeats;

/** Labels in one picture; more could not be read, and each has to be kept off the others. */
const labelLimit = 90;
/** Links whose lines are drawn while they carry something; of more nobody could follow one. */
const linesMost = 60;
/** What is not lit by the selection. */
const dimmed = 0.35;

const overlaps = (a: Box, b: Box): boolean =>
  a[0] < b[0] + b[2] && a[0] + a[2] > b[0] && a[1] < b[1] + b[3] && a[1] + a[3] > b[1];

/** px that a frame's title fills at its top left; it does not shrink with the map. */
const titleSize = { width: 84, height: 26 } as const;

/** Where cards and the titles of frames stand on the canvas: no label is written over them. */
function writtenBoxes(book: PathBook, { x, y, zoom }: PaintView): Box[] {
  const { boxes, open } = drawnStore.getState();
  const cards = Object.values(boxes).map((box): Box => {
    const shown = book.shown(box);
    return [shown.x * zoom + x, shown.y * zoom + y, shown.width * zoom, shown.height * zoom];
  });
  const titles = open.map(
    ({ box }): Box => [box.x * zoom + x, box.y * zoom + y, titleSize.width, titleSize.height],
  );
  return [...cards, ...titles];
}

function lookOf(flight: FlightView, lost: boolean): Look {
  if (lost) return 'lost';
  if (flight.fate === 'held') return 'held';
  return glyphs[flight.label.family].hollow ? 'hollow' : 'solid';
}

export class FlightPainter {
  drawn: readonly FlightGlyph[] = [];
  #ghosts: Ghost[] = [];
  /** Messages that were seen flying: lost ones among them were dropped by a person and show it at once. */
  #flying: ReadonlySet<string> = new Set();
  #lanes: readonly Lane[] = [];
  #lanesOf: LanesOf | null = null;
  readonly #onFlown: (ids: ReadonlySet<string>) => void;

  /** `onFlown`: receives with each picture the messages that were seen in flight. */
  constructor(onFlown: (ids: ReadonlySet<string>) => void) {
    this.#onFlown = onFlown;
  }

  get isFading(): boolean {
    return this.#ghosts.length > 0;
  }

  /** Works out this picture's glyphs; a lost message that left the frame becomes a fading ghost. */
  place(
    { flights, state }: PaintSource,
    now: number,
    wall: number,
    book: PathBook,
    { filter, still }: PaintOptions,
  ): void {
    const before = this.#lanesOf;
    if (before?.flights !== flights) this.#takeFlights(flights, wall);
    if (
      before?.flights !== flights ||
      before.book !== book ||
      before.state !== state ||
      !isSameFilter(before.filter, filter)
    ) {
      this.#lanes = makeLanes(
        flights.filter((flight) => isShownFlight(flight, filter)),
        {
          pathOf: (from, to) => book.path(from, to),
          stopOf: (from, to) => stopShare(state, from, to),
          clear: (glyphReach * sizeAt(book)) / book.zoom,
        },
      );
      this.#lanesOf = { flights, filter, book, state };
    }
    this.drawn = placeGlyphs(this.#lanes, now, still);
    if (this.#ghosts.length > 0)
      this.#ghosts = this.#ghosts.filter((ghost) => ghost.until > wall).slice(-200);
  }

  /** Another picture: who is seen flying, and which lost messages have left it. */
  #takeFlights(flights: readonly FlightView[], wall: number): void {
    const ids = new Set<string>();
    const flying = new Set<string>();
    for (const { id, fate } of flights) {
      ids.add(id);
      if (fate === 'flying' || this.#flying.has(id)) flying.add(id);
    }
    this.#flying = flying;
    this.#onFlown(flying);
    for (const glyph of this.drawn)
      if (glyph.flight.fate === 'lost' && !ids.has(glyph.flight.id))
        this.#ghosts.push({ glyph, until: wall + fadeMs });
  }

  #showsLost({ flight, share, stopAt }: FlightGlyph): boolean {
    return flight.fate === 'lost' && (this.#flying.has(flight.id) || hasStopped(share, stopAt));
  }

  paint(
    context: CanvasRenderingContext2D,
    atlas: SpriteAtlas,
    view: PaintView,
    wall: number,
    book: PathBook,
    options: PaintOptions,
  ): void {
    const size = sizeAt(book);
    this.#lines(context, atlas, view, options);
    for (const { glyph, until } of this.#ghosts) {
      context.globalAlpha = Math.max(0, (until - wall) / fadeMs);
      const [x, y] = placeOf(glyph, view);
      atlas.draw(context, glyph.flight.label.family, 'lost', x, y, glyph.angle, size);
    }
    context.globalAlpha = 1;
    const labelled: FlightGlyph[] = [];
    for (const glyph of this.drawn) {
      const [x, y] = placeOf(glyph, view);
      // What is outside the pane is not drawn: zoomed in, that is most.
      if (x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) continue;
      const { flight } = glyph;
      const look = lookOf(flight, this.#showsLost(glyph));
      const isChosen = options.chosen.has(flight.id);
      if (isChosen) ring(context, atlas, x, y);
      context.globalAlpha = isLitFlight(options.scope, flight) ? 1 : dimmed;
      if (options.still) arrow(context, atlas, glyph, x, y);
      if (glyph.count > 1) {
        // A paler one behind it: a pile, and the letter in front can be read.
        const front = context.globalAlpha;
        context.globalAlpha = front * 0.5;
        atlas.draw(context, flight.label.family, look, x - 5, y - 4, glyph.angle, size);
        context.globalAlpha = front;
      }
      atlas.draw(context, flight.label.family, look, x, y, glyph.angle, size);
      context.globalAlpha = 1;
      if (options.labels || isChosen || glyph.count > 1) labelled.push(glyph);
    }
    if (labelled.length > 0) this.#labels(context, atlas, labelled, view, book, options);
    for (const box of options.above) context.clearRect(...box);
  }

  /** The links that carry something, which at rest are pale. */
  #lines(
    context: CanvasRenderingContext2D,
    { palette }: SpriteAtlas,
    { x, y, zoom }: PaintView,
    { scope }: PaintOptions,
  ): void {
    if (this.#lanes.length > linesMost) return;
    context.strokeStyle = palette.colour('text-muted');
    context.lineWidth = 1.25;
    for (const { path, flights } of this.#lanes) {
      context.globalAlpha = flights.some((flight) => isLitFlight(scope, flight)) ? 1 : dimmed;
      const at = ([px, py]: Point): Point => [px * zoom + x, py * zoom + y];
      context.beginPath();
      context.moveTo(...at(path.from));
      if (path.control === null) context.lineTo(...at(path.to));
      else context.quadraticCurveTo(...at(path.control), ...at(path.to));
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  #labels(
    context: CanvasRenderingContext2D,
    atlas: SpriteAtlas,
    drawn: readonly FlightGlyph[],
    view: PaintView,
    book: PathBook,
    { chosen, still, scope, above }: PaintOptions,
  ): void {
    const taken = [...writtenBoxes(book, view), ...above];
    let written = 0;
    for (const glyph of drawn) {
      // A stack without its number would be taken for one message.
      const must = chosen.has(glyph.flight.id) || glyph.count > 1;
      if (written >= labelLimit && !must) continue;
      if (!isLitFlight(scope, glyph.flight) && !must) continue;
      const suffix = still && glyph.count === 1 ? ` ${Math.round(glyph.share * 100)} %` : '';
      const text = (glyph.count > 1 ? `×${glyph.count}` : flightLabel(glyph.flight)) + suffix;
      if (this.#label(context, atlas, glyph, text, view, taken, must)) written++;
    }
  }

  #label(
    context: CanvasRenderingContext2D,
    { labels }: SpriteAtlas,
    glyph: FlightGlyph,
    text: string,
    view: PaintView,
    taken: Box[],
    must: boolean,
  ): boolean {
    const { hue, letter } = glyphs[glyph.flight.label.family];
    if (letter === '' && !must) return false;
    const [x, y] = placeOf(glyph, view);
    const width = labels.width(text, hue);
    const nx = -Math.sin(glyph.angle);
    const ny = Math.cos(glyph.angle);
    const boxAt = (side: 1 | -1): Box =>
      Math.abs(nx) > 0.5
        ? [nx * side > 0 ? x + 18 : x - 18 - width, y - 8, width, 16]
        : [x - width / 2, y + Math.sign(ny) * side * 24 - 8, width, 16];
    const isFree = (box: Box): boolean =>
      box[0] >= 0 && box[0] + box[2] <= view.width && !taken.some((other) => overlaps(box, other));
    // On the message's own side, else on the other, else only when it was asked for.
    const box = [boxAt(1), boxAt(-1)].find(isFree) ?? (must ? boxAt(1) : null);
    if (box === null) return false;
    const [left, top] = box;
    taken.push(box);
    labels.draw(context, text, hue, left, top);
    return true;
  }
}

const placeOf = ({ at }: FlightGlyph, { x, y, zoom }: PaintView): readonly [number, number] => [
  at[0] * zoom + x,
  at[1] * zoom + y,
];

function ring(context: CanvasRenderingContext2D, { palette }: SpriteAtlas, x: number, y: number): void {
  context.beginPath();
  context.arc(x, y, 17, 0, Math.PI * 2);
  context.strokeStyle = palette.colour('accent');
  context.lineWidth = 2;
  context.stroke();
}

/** Reduced motion: which way the message goes, without going. */
function arrow(
  context: CanvasRenderingContext2D,
  { palette }: SpriteAtlas,
  glyph: FlightGlyph,
  x: number,
  y: number,
): void {
  const [dx, dy] = [Math.cos(glyph.angle), Math.sin(glyph.angle)];
  const [tipX, tipY] = [x + dx * 26, y + dy * 26];
  context.beginPath();
  context.moveTo(x - dx * 22, y - dy * 22);
  context.lineTo(tipX, tipY);
  context.moveTo(tipX - dx * 7 - dy * 5, tipY - dy * 7 + dx * 5);
  context.lineTo(tipX, tipY);
  context.lineTo(tipX - dx * 7 + dy * 5, tipY - dy * 7 - dx * 5);
  context.strokeStyle = palette.colour(glyphs[glyph.flight.label.family].hue);
  context.lineWidth = 1.5;
  context.stroke();
}
