// Tiled canvas of lens 4.7: a strip of narrow bitmaps, each with its own stretch of time, and the canvas that they are
// copied to where time has got to. A bitmap is drawn again only when something in its stretch has changed.

import { readPalette } from '../../canvas/sprites.ts';
import type { SpaceTimeModel } from './model.ts';
import { drawMarks, type Geometry, type Look, numberedMarks, shadeOf } from './shapes.ts';

/** px of one bitmap: what one answer brings fills about one. */
const slabWidth = 32;
/** px to either side in which a mark can change what is drawn: its size, its number, and whether a neighbour has one. */
const reach = 32;
/** px to either side that a mark or the cross of a lost message takes. */
const markReach = 10;
/** px from a lane up to the foot of a number. */
const numberRise = 9;
/** What is drawn beyond the newest time: half a mark. */
const overhang = 4;
/** Wall ms of an animation frame that bitmaps may use: as many are drawn in one as the one before shows to fit. */
const budgetMs = 4;
const firstAtOnce = 4;
const mostAtOnce = 64;

interface Slab {
  readonly canvas: HTMLCanvasElement;
  isStale: boolean;
}

type Palette = ReturnType<typeof readPalette>;

/** First and last slab of what is shown. */
function slabsOf({ to, spanUs }: SpaceTimeModel, scale: number): readonly [number, number] {
  return [
    Math.floor(((to - spanUs) * scale - overhang) / slabWidth),
    Math.floor((to * scale + overhang) / slabWidth),
  ];
}

/** The first slab in which a change at a time can be seen. */
const firstChanged = (time: number, scale: number): number => Math.floor((time * scale - reach) / slabWidth);

/** px of a dash, and between two. */
const dash = [5, 4];

function paint(context: CanvasRenderingContext2D, palette: Palette, look: Look, path: Path2D): void {
  const colour = palette.colour(look.stroke);
  context.globalAlpha = look.isFaint ? 0.3 : 1;
  if (look.fill !== 'none') {
    context.fillStyle = look.fill === 'stroke' ? colour : palette.colour('bg-1');
    context.fill(path);
  }
  if (look.fill === 'tint') {
    context.globalAlpha *= Number.parseFloat(palette.colour('soft')) / 100;
    context.fillStyle = colour;
    context.fill(path);
    context.globalAlpha = look.isFaint ? 0.3 : 1;
  }
  context.strokeStyle = colour;
  context.lineWidth = look.lineWidth;
  context.setLineDash(look.isDashed ? dash : []);
  context.stroke(path);
}

/** Draws what of a model lies in one slab. */
function drawSlab(
  context: CanvasRenderingContext2D,
  palette: Palette,
  model: SpaceTimeModel,
  place: { readonly slab: number; readonly scale: number; readonly y: Geometry['y'] },
): void {
  const { slab, scale, y } = place;
  const left = slab * slabWidth;
  const x = (at: number): number => at * scale - left;
  const isWithin = (from: number, to: number, room: number): boolean =>
    to * scale >= left - room && from * scale <= left + slabWidth + room;
  const near = model.marks.filter(({ at }) => isWithin(at, at, 2 * reach));
  const parts = {
    marks: near.filter(({ at }) => isWithin(at, at, markReach)),
    through: model.through.filter(({ message, last }) => isWithin(message.sentAt, last.arrivesAt, markReach)),
    messages: model.messages.filter(({ message }) => isWithin(message.sentAt, message.arrivesAt, markReach)),
  };
  const drafts: { readonly look: Look; readonly path: Path2D }[] = [];
  context.save();
  // What lies beyond the newest time has not happened.
  context.beginPath();
  context.rect(0, 0, x(model.to) + overhang, context.canvas.height);
  context.clip();
  drawMarks(parts, shadeOf(model), { x, y }, (look) => {
    const path = new Path2D();
    drafts.push({ look, path });
    return {
      line(x1, y1, x2, y2) {
        path.moveTo(x1, y1);
        path.lineTo(x2, y2);
      },
      circle(cx, cy, radius) {
        path.moveTo(cx + radius, cy);
        path.arc(cx, cy, radius, 0, Math.PI * 2);
      },
    };
  });
  for (const { look, path } of drafts) paint(context, palette, look, path);
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.fillStyle = palette.colour('text-muted');
  context.font = `12px ${palette.font}`;
  context.textAlign = 'center';
  context.strokeStyle = palette.colour('bg-1');
  context.lineWidth = 3;
  for (const mark of numberedMarks(near, x)) {
    const text = String(mark.events.length);
    const base = y(mark.lane) - numberRise;
    context.strokeText(text, x(mark.at), base);
    context.fillText(text, x(mark.at), base);
  }
  context.restore();
}

export class Strip {
  readonly #screen: HTMLCanvasElement;
  readonly #slabs = new Map<number, Slab>();
  /** Bitmaps that have left the picture. */
  readonly #spare: HTMLCanvasElement[] = [];
  #model: SpaceTimeModel | null = null;
  #scale = 1;
  #y: Geometry['y'] = () => 0;
  /** Where time 0 would be on the screen, px: the newest time stands on a whole device pixel. */
  #origin = 0;
  #shownOrigin = 0;
  /** Every bitmap is on the screen at its place: only what is drawn anew has to be copied. */
  #isWhole = false;
  /** What every bitmap depends on beside its part of the model. */
  #look = '';
  #palette: Palette | null = null;
  #request = 0;
  #atOnce = firstAtOnce;
  /** The theme may change while no model comes: what stands is drawn anew in its colours. */
  readonly #themes = new MutationObserver(() => {
    this.#palette = null;
    for (const slab of this.#slabs.values()) slab.isStale = true;
    this.#isWhole = false;
    this.#drawSoon();
  });

  /** `screen`: as wide as the plot, the times shown at the same places. */
  constructor(screen: HTMLCanvasElement) {
    this.#screen = screen;
    this.#themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  }

  /** Shows a model; `isNext`: it says since when it is not as the one shown before, and only that is drawn. */
  show(model: SpaceTimeModel, geometry: Geometry, isNext: boolean): void {
    const { scale, width, height, x } = geometry;
    this.#y = geometry.y;
    const ratio = window.devicePixelRatio || 1;
    const look = `${ratio} ${width} ${height}`;
    const isSameLook = look === this.#look && scale === this.#scale;
    if (look !== this.#look) {
      this.#palette = null;
      this.#screen.width = Math.round(width * ratio);
      this.#screen.height = Math.round(height * ratio);
    }
    this.#look = look;
    this.#scale = scale;
    this.#model = model;
    const [first, last] = slabsOf(model, scale);
    const stale = isNext && isSameLook ? firstChanged(model.changedFrom, scale) : Number.NEGATIVE_INFINITY;
    for (const [slab, { canvas }] of this.#slabs) {
      if (isSameLook && slab >= first && slab <= last) continue;
      this.#slabs.delete(slab);
      this.#spare.push(canvas);
    }
    for (let slab = first; slab <= last; slab++) {
      const known = this.#slabs.get(slab) ?? this.#add(slab);
      known.isStale ||= slab >= stale;
    }
    this.#origin = Math.round((x(model.to) - model.to * scale) * ratio) / ratio;
    this.#isWhole = false;
    // What is on the screen moves with the axis at once; what is new on it comes with the next frame.
    const shift = this.#origin - this.#shownOrigin;
    this.#screen.style.transform = isSameLook && shift !== 0 ? `translateX(${shift}px)` : '';
    this.#drawSoon();
  }

  /** Draws what is not drawn yet, newest first, over as many animation frames as it takes. */
  #drawSoon(): void {
    if (this.#request !== 0) return;
    this.#request = requestAnimationFrame(() => {
      this.#request = 0;
      const began = performance.now();
      const stale = [...this.#slabs].filter(([, { isStale }]) => isStale).sort(([a], [b]) => b - a);
      const drawn = stale.slice(0, this.#atOnce);
      for (const [slab, one] of drawn) this.#draw(slab, one);
      // What is drawn takes its time when it is copied.
      this.#compose(this.#isWhole ? drawn : [...this.#slabs]);
      const isLight = performance.now() - began <= budgetMs;
      if (stale.length > this.#atOnce) this.#drawSoon();
      this.#atOnce = isLight ? Math.min(mostAtOnce, 2 * this.#atOnce) : Math.max(1, this.#atOnce >> 1);
    });
  }

  #draw(slab: number, one: Slab): void {
    const context = one.canvas.getContext('2d');
    if (context === null || this.#model === null) return;
    one.isStale = false;
    this.#palette ??= readPalette(this.#screen);
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, slabWidth, one.canvas.height);
    drawSlab(context, this.#palette, this.#model, { slab, scale: this.#scale, y: this.#y });
  }

  /** Copies bitmaps to where time has got to. */
  #compose(slabs: readonly (readonly [number, Slab])[]): void {
    const context = this.#screen.getContext('2d');
    if (context === null) return;
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (!this.#isWhole) context.clearRect(0, 0, this.#screen.width, this.#screen.height);
    for (const [slab, { canvas }] of slabs) {
      const x = Math.round((this.#origin + slab * slabWidth) * ratio);
      if (this.#isWhole) context.clearRect(x, 0, canvas.width, canvas.height);
      context.drawImage(canvas, x, 0);
    }
    this.#isWhole = true;
    this.#shownOrigin = this.#origin;
    this.#screen.style.transform = '';
  }

  #add(slab: number): Slab {
    const canvas = this.#spare.pop() ?? document.createElement('canvas');
    canvas.width = Math.ceil(slabWidth * (window.devicePixelRatio || 1));
    canvas.height = this.#screen.height;
    const made = { canvas, isStale: true };
    this.#slabs.set(slab, made);
    return made;
  }

  close(): void {
    this.#themes.disconnect();
    cancelAnimationFrame(this.#request);
  }
}
