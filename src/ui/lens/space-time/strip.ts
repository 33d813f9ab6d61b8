// The strip of lens 4.7 on the screen. A worker draws it (strip-worker.ts), so that thousands of lines take nothing from the page's
// frames; the page puts its bitmap on the screen and moves what stands there with the axis meanwhile. Where a browser has no
// canvas for workers the page draws, some bitmaps a frame.

import { type Palette, readPalette } from '../../canvas/sprites.ts';
import type { SpaceTimeModel } from './model.ts';
import type { Geometry } from './shapes.ts';
import { StripPainter } from './strip-painter.ts';
import { overhang, reach, type StripPicture, slabWidth, stripColours, stripShapes } from './strip-shapes.ts';

/** First and last slab of what is shown. */
function slabsOf({ to, spanUs }: SpaceTimeModel, scale: number): readonly [number, number] {
  return [
    Math.floor(((to - spanUs) * scale - overhang) / slabWidth),
    Math.floor((to * scale + overhang) / slabWidth),
  ];
}

/** The first slab in which a change at a time can be seen. */
const firstChanged = (time: number, scale: number): number => Math.floor((time * scale - reach) / slabWidth);

/** Draws pictures one after the other: takes the next when it has said that the last is on the screen. */
interface Drawer {
  draw(picture: StripPicture): void;
  close(): void;
}

/** Bitmaps that the page draws in one animation frame. */
const pageAtOnce = 4;

function drawInPage(screen: HTMLCanvasElement, onDrawn: () => void): Drawer {
  const painter = new StripPainter(screen, () => document.createElement('canvas'));
  let request = 0;
  const go = (): void => {
    const isDone = painter.draw(pageAtOnce);
    painter.compose();
    if (isDone) onDrawn();
    else request = requestAnimationFrame(go);
  };
  return {
    draw(picture) {
      painter.take(picture);
      request = requestAnimationFrame(go);
    },
    close: () => cancelAnimationFrame(request),
  };
}

/** Null: the browser has no canvas for workers. `onLost`: a picture was not drawn; from now on the page draws. */
function drawInWorker(screen: HTMLCanvasElement, onDrawn: () => void, onLost: () => void): Drawer | null {
  if (typeof OffscreenCanvas !== 'function' || typeof Worker !== 'function') return null;
  const context = screen.getContext('bitmaprenderer');
  if (context === null) return null;
  const show = (bitmap: ImageBitmap): void => {
    if (screen.width !== bitmap.width) screen.width = bitmap.width;
    if (screen.height !== bitmap.height) screen.height = bitmap.height;
    context.transferFromImageBitmap(bitmap);
    onDrawn();
  };
  const worker = new Worker(new URL('./strip-worker.ts', import.meta.url), { type: 'module' });
  let inPage: ((picture: StripPicture) => void) | null = null;
  worker.onmessage = ({ data }: MessageEvent<ImageBitmap>) => show(data);
  worker.onerror = (event) => {
    event.preventDefault();
    worker.terminate();
    if (inPage !== null) return;
    const drawn = new OffscreenCanvas(1, 1);
    const painter = new StripPainter(drawn, () => new OffscreenCanvas(1, 1));
    inPage = (picture) => {
      painter.take(picture);
      painter.draw();
      painter.compose();
      show(drawn.transferToImageBitmap());
    };
    onLost();
  };
  return {
    draw(picture) {
      if (inPage !== null) return inPage(picture);
      const { numbers, shapes } = picture;
      worker.postMessage(picture, [
        numbers.buffer,
        ...shapes.flatMap(({ lines, circles }) => [lines.buffer, circles.buffer]),
      ]);
    },
    close: () => worker.terminate(),
  };
}

export class Strip {
  readonly #screen: HTMLCanvasElement;
  readonly #drawer: Drawer;
  #shown: { readonly model: SpaceTimeModel; readonly geometry: Geometry } | null = null;
  /** What every bitmap depends on beside its part of the model. */
  #look = '';
  /** The first bitmap that the drawer has. */
  #first = 0;
  /** The first that has to be drawn anew; infinite: none. */
  #changed = Number.NEGATIVE_INFINITY;
  #isDrawing = false;
  #request = 0;
  /** Where time 0 would be, px: of the model, of the picture that is drawn, and on the screen. */
  #origin = 0;
  #drawnOrigin = 0;
  #shownOrigin = 0;
  #drawnLook = '';
  #shownLook = '';
  #palette: Palette | null = null;
  /** The theme may change while no model comes: what stands is drawn anew in its colours. */
  readonly #themes = new MutationObserver(() => {
    this.#palette = null;
    this.#changed = Number.NEGATIVE_INFINITY;
    this.#draw();
  });

  /** `screen`: as wide as the plot, the times shown at the same places. */
  constructor(screen: HTMLCanvasElement) {
    this.#screen = screen;
    const onDrawn = (): void => this.#onDrawn();
    const onLost = (): void => {
      this.#changed = Number.NEGATIVE_INFINITY;
      this.#isDrawing = false;
      this.#draw();
    };
    this.#drawer = drawInWorker(screen, onDrawn, onLost) ?? drawInPage(screen, onDrawn);
    this.#themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  }

  /** Shows a model; `isNext`: it says since when it is not as the one shown before, and only that is drawn. */
  show(model: SpaceTimeModel, geometry: Geometry, isNext: boolean): void {
    const { scale, width, height, x } = geometry;
    const ratio = window.devicePixelRatio || 1;
    const look = `${ratio} ${width} ${height} ${scale}`;
    const isSameLook = look === this.#look;
    if (!isSameLook) this.#palette = null;
    this.#look = look;
    this.#shown = { model, geometry };
    const since = isNext && isSameLook ? firstChanged(model.changedFrom, scale) : Number.NEGATIVE_INFINITY;
    this.#changed = Math.min(this.#changed, since);
    this.#origin = Math.round((x(model.to) - model.to * scale) * ratio) / ratio;
    this.#move();
    // The frame in which the lens takes its model has enough to do.
    if (this.#request === 0)
      this.#request = requestAnimationFrame(() => {
        this.#request = 0;
        this.#draw();
      });
  }

  /** What is on the screen moves with the axis at once; what is new on it comes when it is drawn. */
  #move(): void {
    const shift = this.#shownLook === this.#look ? this.#origin - this.#shownOrigin : 0;
    this.#screen.style.transform = shift === 0 ? '' : `translateX(${shift}px)`;
  }

  #draw(): void {
    if (this.#isDrawing || this.#shown === null) return;
    const { model, geometry } = this.#shown;
    const { scale, width, height } = geometry;
    const [first, last] = slabsOf(model, scale);
    // Bitmaps that come back at the left are not there.
    const changed = first < this.#first || this.#changed < first ? first : Math.min(last + 1, this.#changed);
    const drawn = stripShapes(model, geometry, changed);
    this.#palette ??= readPalette(this.#screen);
    this.#isDrawing = true;
    this.#first = first;
    this.#changed = Number.POSITIVE_INFINITY;
    this.#drawnOrigin = this.#origin;
    this.#drawnLook = this.#look;
    this.#drawer.draw({
      width,
      height,
      ratio: window.devicePixelRatio || 1,
      scale,
      first,
      last,
      changed,
      origin: this.#origin,
      end: model.to * scale,
      colours: stripColours(this.#palette, drawn.shapes),
      ...drawn,
    });
  }

  #onDrawn(): void {
    this.#isDrawing = false;
    this.#shownOrigin = this.#drawnOrigin;
    this.#shownLook = this.#drawnLook;
    this.#move();
    if (this.#changed !== Number.POSITIVE_INFINITY || this.#origin !== this.#drawnOrigin) this.#draw();
  }

  close(): void {
    this.#themes.disconnect();
    cancelAnimationFrame(this.#request);
    this.#drawer.close();
  }
}
