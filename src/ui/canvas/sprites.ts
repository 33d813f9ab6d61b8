// Message shapes painted once per look and reused: an atlas of small bitmaps for the overlay. Thrown away when theme
// or pixel ratio change.

import type { MessageFamily } from '../../core/door.ts';
import { glyphPaths, glyphs } from '../glyphs/glyph-shapes.ts';

const cell = 34;

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

export class SpriteAtlas {
  readonly palette: Palette;
  readonly #ratio: number;
  readonly #sprites = new Map<string, HTMLCanvasElement>();

  constructor(palette: Palette, ratio: number) {
    this.palette = palette;
    this.#ratio = ratio;
  }

  #make(key: string, paint: (context: CanvasRenderingContext2D) => void): HTMLCanvasElement {
    const known = this.#sprites.get(key);
    if (known !== undefined) return known;
    const canvas = document.createElement('canvas');
    canvas.width = cell * this.#ratio;
    canvas.height = cell * this.#ratio;
    const context = canvas.getContext('2d');
    if (context !== null) {
      context.scale(this.#ratio, this.#ratio);
      context.translate(cell / 2, cell / 2);
      paint(context);
    }
    this.#sprites.set(key, canvas);
    return canvas;
  }

  #shape(family: MessageFamily, look: Look): HTMLCanvasElement {
    const { hue, shape } = glyphs[family];
    return this.#make(`${family} ${look}`, (context) => {
      const colour = this.palette.colour(hue);
      const path = new Path2D(glyphPaths[shape]);
      const open = look !== 'solid';
      context.fillStyle = open ? this.palette.colour('bg-1') : colour;
      context.strokeStyle = open ? colour : this.palette.colour('bg-0');
      context.lineWidth = open ? 2 : 1.5;
      if (look === 'lost') context.setLineDash([4, 3]);
      if (look === 'held') context.setLineDash([2, 2]);
      context.fill(path);
      context.stroke(path);
    });
  }

  #letter(family: MessageFamily, look: Look): HTMLCanvasElement {
    const { hue, letter, letterDy } = glyphs[family];
    return this.#make(`${family} ${look} letter`, (context) => {
      context.fillStyle = this.palette.colour(look === 'solid' ? 'bg-1' : hue);
      context.font = `700 12px ${this.palette.font}`;
      context.textAlign = 'center';
      context.fillText(letter, 0, 4.5 + letterDy);
    });
  }

  draw(
    context: CanvasRenderingContext2D,
    family: MessageFamily,
    look: Look,
    x: number,
    y: number,
    angle: number,
  ): void {
    const { turns, shape } = glyphs[family];
    const half = cell / 2;
    context.translate(x, y);
    if (turns) {
      context.rotate(angle);
      context.drawImage(this.#shape(family, look), -half, -half, cell, cell);
      context.rotate(-angle);
    } else context.drawImage(this.#shape(family, look), -half, -half, cell, cell);
    const shift = shape === 'wedge' ? -1.5 : 0;
    context.drawImage(
      this.#letter(family, look),
      shift * Math.cos(angle) - half,
      shift * Math.sin(angle) - half,
      cell,
      cell,
    );
    context.translate(-x, -y);
  }
}
