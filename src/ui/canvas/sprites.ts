// Sprite cache of message glyphs: small bitmaps painted once per look, direction and size, one draw call a message. Thrown
// away when theme or pixel ratio change.

import type { MessageFamily } from '../../core/kernel/message-label.ts';
import { families, glyphPaths, glyphs } from '../glyphs/glyph-shapes.ts';

const cell = 34;
/** Directions of travel that a turning shape is painted in. */
const turns = 32;

export interface Palette {
  readonly colour: (name: string) => string;
  readonly font: string;
  readonly mono: string;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const cache = new Map<string, string>();
  return {
    colour(name) {
      const known = cache.get(name);
      if (known !== undefined) return known;
      const value = style.getPropertyValue(`--${name}`).trim();
      cache.set(name, value);
      return value;
    },
    font: style.fontFamily,
    mono: style.getPropertyValue('--font-mono') || 'monospace',
  };
}

export type Look = 'solid' | 'hollow' | 'lost' | 'held';
const looks: readonly Look[] = ['solid', 'hollow', 'lost', 'held'];

/** Share of full size: cards shrink with the zoom, and the messages between them too. */
export const glyphSizes = [1, 0.8, 0.6, 0.45] as const;
export type GlyphSize = (typeof glyphSizes)[number];

/** px of the letter in a glyph of this size, before that shrinks it: on the screen it has 9 px at least. Among dots it has none. */
export const letterPx = (size: GlyphSize): number => (size < 0.5 ? 0 : size < 0.7 ? 15 : 12);

/** Sprites of one bitmap; a further bitmap begins when it is full. */
const perSheet = 256;
const perRow = 16;

interface Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D | null;
}

export class SpriteAtlas {
  readonly palette: Palette;
  readonly labels: LabelBook;
  /** Device px of a cell. */
  readonly #cell: number;
  readonly #ratio: number;
  readonly #places = new Map<number, number>();
  readonly #sheets: Sheet[] = [];

  constructor(palette: Palette, ratio: number) {
    this.palette = palette;
    this.labels = new LabelBook(palette, ratio);
    this.#ratio = ratio;
    this.#cell = Math.ceil(cell * ratio);
  }

  #sheetOf(place: number): Sheet {
    const index = Math.floor(place / perSheet);
    const known = this.#sheets[index];
    if (known !== undefined) return known;
    const canvas = document.createElement('canvas');
    canvas.width = this.#cell * perRow;
    canvas.height = this.#cell * (perSheet / perRow);
    const sheet = { canvas, context: canvas.getContext('2d') };
    this.#sheets[index] = sheet;
    return sheet;
  }

  #cornerOf(place: number): readonly [x: number, y: number] {
    const inSheet = place % perSheet;
    return [(inSheet % perRow) * this.#cell, Math.floor(inSheet / perRow) * this.#cell];
  }

  #make(family: MessageFamily, look: Look, angle: number, size: GlyphSize): number {
    const place = this.#places.size;
    const { context } = this.#sheetOf(place);
    if (context === null) return place;
    const [x, y] = this.#cornerOf(place);
    const scale = this.#ratio * size;
    context.setTransform(scale, 0, 0, scale, x + this.#cell / 2, y + this.#cell / 2);
    this.#paint(context, family, look, angle, size);
    return place;
  }

  #paint(
    context: CanvasRenderingContext2D,
    family: MessageFamily,
    look: Look,
    angle: number,
    size: GlyphSize,
  ): void {
    const { hue, shape, letter, letterDy, turns: isTurning } = glyphs[family];
    const colour = this.palette.colour(hue);
    const isOpen = look !== 'solid';
    const path = new Path2D(glyphPaths[shape]);
    context.save();
    if (isTurning) context.rotate(angle);
    context.fillStyle = isOpen ? this.palette.colour('bg-1') : colour;
    context.strokeStyle = isOpen ? colour : this.palette.colour('bg-0');
    context.lineWidth = isOpen ? 2 : 1.5;
    context.setLineDash(look === 'lost' ? [4, 3] : look === 'held' ? [2, 2] : []);
    context.fill(path);
    context.stroke(path);
    context.restore();
    const px = letterPx(size);
    if (px === 0) return;
    const shift = shape === 'wedge' ? -1.5 : 0;
    context.fillStyle = isOpen ? colour : this.palette.colour('bg-1');
    context.font = `700 ${px}px ${this.palette.font}`;
    context.textAlign = 'center';
    context.fillText(letter, shift * Math.cos(angle), shift * Math.sin(angle) + px * 0.375 + letterDy);
  }

  /** Draws the shape with its middle at `x`, `y`. */
  draw(
    context: CanvasRenderingContext2D,
    family: MessageFamily,
    look: Look,
    x: number,
    y: number,
    angle: number,
    size: GlyphSize = 1,
  ): void {
    const turn = glyphs[family].turns ? Math.round((angle / (2 * Math.PI)) * turns + turns) % turns : 0;
    const kind = families.indexOf(family) * looks.length + looks.indexOf(look);
    const key = (kind * turns + turn) * glyphSizes.length + glyphSizes.indexOf(size);
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#make(family, look, (turn / turns) * 2 * Math.PI, size);
      this.#places.set(key, place);
    }
    const [fromX, fromY] = this.#cornerOf(place);
    // The shape fills its share of the cell; no more of it is copied.
    const wide = this.#cell * size;
    const edge = (this.#cell - wide) / 2;
    const width = wide / this.#ratio;
    const { canvas } = this.#sheetOf(place);
    context.drawImage(
      canvas,
      fromX + edge,
      fromY + edge,
      wide,
      wide,
      x - width / 2,
      y - width / 2,
      width,
      width,
    );
  }
}

/** Labels kept as bitmaps: several pictures' worth; the oldest goes first. */
const labelsKept = 400;
/** CSS px. */
export const labelHeight = 16;
const labelPad = 3;

interface Label {
  readonly canvas: HTMLCanvasElement;
  readonly width: number;
}

/** Words beside messages, each written once and then copied: shaping text in every frame would cost more than the map. */
export class LabelBook {
  readonly #palette: Palette;
  readonly #ratio: number;
  readonly #labels = new Map<string, Label>();

  constructor(palette: Palette, ratio: number) {
    this.#palette = palette;
    this.#ratio = ratio;
  }

  #make(text: string, hue: string): Label {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    if (context === null) return { canvas, width: 0 };
    const font = `500 12px ${this.#palette.mono}`;
    context.font = font;
    const width = Math.ceil(context.measureText(text).width) + 2 * labelPad;
    canvas.width = Math.ceil(width * this.#ratio);
    canvas.height = Math.ceil(labelHeight * this.#ratio);
    context.scale(this.#ratio, this.#ratio);
    context.font = font;
    context.globalAlpha = 0.84;
    context.fillStyle = this.#palette.colour('bg-0');
    context.fillRect(0, 0, width, labelHeight);
    context.globalAlpha = 1;
    context.fillStyle = this.#palette.colour(hue);
    context.fillText(text, labelPad, 12);
    return { canvas, width };
  }

  #find(text: string, hue: string): Label {
    const key = `${hue} ${text}`;
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.#labels.keys();
    if (this.#labels.size >= labelsKept && oldest !== undefined) this.#labels.delete(oldest);
    const label = this.#make(text, hue);
    this.#labels.set(key, label);
    return label;
  }

  /** CSS px. */
  width(text: string, hue: string): number {
    return this.#find(text, hue).width;
  }

  draw(context: CanvasRenderingContext2D, text: string, hue: string, left: number, top: number): void {
    const { canvas, width } = this.#find(text, hue);
    if (width > 0) context.drawImage(canvas, left, top, width, labelHeight);
  }
}
