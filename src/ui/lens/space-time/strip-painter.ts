// Draws a strip: narrow bitmaps, each with its own stretch of time, and the canvas that they are copied to where time has got to. A
// bitmap is drawn again only when something in its stretch has changed. The same in the worker and in the page.

import { type LookShapes, markReach, overhang, reach, type StripPicture, slabWidth } from './strip-shapes.ts';

type Canvas = OffscreenCanvas | HTMLCanvasElement;
type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

interface Slab {
  readonly canvas: Canvas;
  isStale: boolean;
}

/** px of a dash, and between two. */
const dash = [5, 4];

const contextOf = (canvas: Canvas): Context | null => canvas.getContext('2d') as Context | null;

function paint(context: Context, { colours }: StripPicture, { look }: LookShapes, path: Path2D): void {
  const colour = colours.strokes[look.stroke] ?? '';
  context.globalAlpha = look.isFaint ? 0.3 : 1;
  if (look.fill !== 'none') {
    context.fillStyle = look.fill === 'stroke' ? colour : colours.ground;
    context.fill(path);
  }
  if (look.fill === 'tint') {
    context.globalAlpha *= colours.soft;
    context.fillStyle = colour;
    context.fill(path);
    context.globalAlpha = look.isFaint ? 0.3 : 1;
  }
  context.strokeStyle = colour;
  context.lineWidth = look.lineWidth;
  context.setLineDash(look.isDashed ? dash : []);
  context.stroke(path);
}

/** What of a look lies in the bitmap that begins `left` px from where the shapes are counted; null: nothing. */
function pathIn({ lines, circles }: LookShapes, left: number): Path2D | null {
  const path = new Path2D();
  let isEmpty = true;
  const isWithin = (from: number, to: number): boolean =>
    to >= left - markReach && from <= left + slabWidth + markReach;
  for (let i = 0; i < lines.length; i += 4) {
    const x1 = lines[i] ?? 0;
    const x2 = lines[i + 2] ?? 0;
    if (!isWithin(Math.min(x1, x2), Math.max(x1, x2))) continue;
    isEmpty = false;
    path.moveTo(x1 - left, lines[i + 1] ?? 0);
    path.lineTo(x2 - left, lines[i + 3] ?? 0);
  }
  for (let i = 0; i < circles.length; i += 3) {
    const x = circles[i] ?? 0;
    if (!isWithin(x, x)) continue;
    isEmpty = false;
    const y = circles[i + 1] ?? 0;
    const radius = circles[i + 2] ?? 0;
    path.moveTo(x - left + radius, y);
    path.arc(x - left, y, radius, 0, Math.PI * 2);
  }
  return isEmpty ? null : path;
}

function drawSlab(context: Context, picture: StripPicture, slab: number): void {
  const { colours, numbers, shapes, changed, end } = picture;
  const left = (slab - changed) * slabWidth;
  context.save();
  // What lies beyond the newest time has not happened.
  context.beginPath();
  context.rect(0, 0, end - slab * slabWidth + overhang, context.canvas.height);
  context.clip();
  for (const one of shapes) {
    const path = pathIn(one, left);
    if (path !== null) paint(context, picture, one, path);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.fillStyle = colours.muted;
  context.font = `12px ${colours.font}`;
  context.textAlign = 'center';
  context.strokeStyle = colours.ground;
  context.lineWidth = 3;
  for (let i = 0; i < numbers.length; i += 3) {
    const x = numbers[i] ?? 0;
    if (x < left - reach || x > left + slabWidth + reach) continue;
    const text = String(numbers[i + 2] ?? 0);
    context.strokeText(text, x - left, numbers[i + 1] ?? 0);
    context.fillText(text, x - left, numbers[i + 1] ?? 0);
  }
  context.restore();
}

export class StripPainter {
  readonly #screen: Canvas;
  readonly #make: () => Canvas;
  readonly #slabs = new Map<number, Slab>();
  /** Bitmaps that have left the picture. */
  readonly #spare: Canvas[] = [];
  #picture: StripPicture | null = null;

  /** `screen`: what the bitmaps are copied to. */
  constructor(screen: Canvas, make: () => Canvas) {
    this.#screen = screen;
    this.#make = make;
  }

  /** All of the picture before is drawn: what is left of that is not drawn from this one. */
  take(picture: StripPicture): void {
    const { first, last, changed, width, height, ratio, scale } = picture;
    const before = this.#picture;
    const isSameLook =
      before?.width === width && before.height === height && before.ratio === ratio && before.scale === scale;
    const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#screen.width !== deviceWidth) this.#screen.width = deviceWidth;
    if (this.#screen.height !== deviceHeight) this.#screen.height = deviceHeight;
    for (const [slab, { canvas }] of this.#slabs) {
      if (isSameLook && slab >= first && slab <= last) continue;
      this.#slabs.delete(slab);
      this.#spare.push(canvas);
    }
    for (let slab = first; slab <= last; slab++) {
      const known = this.#slabs.get(slab) ?? this.#add(slab, ratio);
      known.isStale ||= slab >= changed;
    }
    this.#picture = picture;
  }

  /** Draws what is not drawn yet, newest first, so many at most; whether all is drawn. */
  draw(most: number = Number.POSITIVE_INFINITY): boolean {
    const picture = this.#picture;
    if (picture === null) return true;
    const { ratio } = picture;
    const stale = [...this.#slabs].filter(([, { isStale }]) => isStale).sort(([a], [b]) => b - a);
    for (const [slab, one] of stale.slice(0, most)) {
      one.isStale = false;
      const context = contextOf(one.canvas);
      if (context === null) continue;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, slabWidth, one.canvas.height);
      drawSlab(context, picture, slab);
    }
    return stale.length <= most;
  }

  /** Copies the bitmaps to where time has got to. */
  compose(): void {
    const context = contextOf(this.#screen);
    if (context === null || this.#picture === null) return;
    const { origin, ratio } = this.#picture;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#screen.width, this.#screen.height);
    for (const [slab, { canvas }] of this.#slabs)
      context.drawImage(canvas, Math.round((origin + slab * slabWidth) * ratio), 0);
  }

  #add(slab: number, ratio: number): Slab {
    const canvas = this.#spare.pop() ?? this.#make();
    canvas.width = Math.ceil(slabWidth * ratio);
    canvas.height = this.#screen.height;
    const made = { canvas, isStale: true };
    this.#slabs.set(slab, made);
    return made;
  }
}
