// Makes a film: goes from instant to instant of what is shown, as a person does who looks at its past, takes the picture of each, and
// leaves the lab where it stood.

import type { Time } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import { showNewest } from '../../state/frame-store.ts';
import type { PictureSource } from '../export/picture-sources.ts';
import { imageOf } from '../export/save.ts';
import { pastOfNow } from '../lens/use-past.ts';
import { type Film, openFilm } from './film.ts';
import { type FilmPlan, filmSize, largerOf, placeIn } from './film-plan.ts';

/** After what the screen has to do of itself by now; a hidden page has tasks, too, but no frames. */
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

async function drawn(): Promise<void> {
  showNewest();
  await nextTask();
  await nextTask();
}

/** Everything on the screen is of this instant: also what a lens asks of the run once it has the picture. */
async function showInstant(lab: Lab, at: Time): Promise<void> {
  await lab.seek(at);
  await drawn();
  await pastOfNow();
  // What a lens looks at may have moved on with the instant: its picture comes before this answer.
  await lab.past({ from: at, to: at, minRank: 3, kinds: [], withMessages: false, known: null, limit: 1 });
  await drawn();
}

/** Answers how to go back to where it stood: a live run goes on if it did. */
function leave(lab: Lab): () => Promise<void> {
  const { mode } = lab.run();
  if (mode === 'LIVE' || mode === 'PAUSED') return async () => lab.returnToLive();
  lab.pause();
  const at = (lab.frame()?.time ?? 0) as Time;
  return () => lab.seek(at);
}

interface FilmWork {
  readonly lab: Lab;
  readonly plan: FilmPlan;
  readonly source: PictureSource;
  /** Ends it: the answer is null. */
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/** The pictures, each painted on the canvas before the film takes it. */
async function take({ lab, plan, source, signal, onProgress }: FilmWork): Promise<Film | null> {
  const canvas = document.createElement('canvas');
  let film: Film | null = null;
  let largest = { width: 0, height: 0 };
  try {
    for (const [index, at] of plan.instants.entries()) {
      if (signal.aborted) break;
      await showInstant(lab, at);
      const svg = source.svg(plan.shape);
      if (svg === null && film === null) throw new Error(`${source.title} has no drawing at ${at / 1000} ms`);
      // Where there is nothing to draw for a while, the last picture stands.
      if (svg !== null) {
        const image = await imageOf(svg);
        const size = { width: image.naturalWidth, height: image.naturalHeight };
        if (film === null) Object.assign(canvas, filmSize(size, plan));
        largest = largerOf(largest, size);
        paint(canvas, image, placeIn(canvas, largest, size, plan.shape));
        film ??= await openFilm(plan, canvas);
      }
      await film?.add(index);
      onProgress(index + 1);
    }
  } catch (error) {
    film?.drop();
    throw error;
  }
  if (!signal.aborted) return film;
  film?.drop();
  return null;
}

/** On the ground of pictures: one that is smaller than the others leaves none of the last beside it. */
function paint(canvas: HTMLCanvasElement, image: HTMLImageElement, place: ReturnType<typeof placeIn>): void {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('this browser paints no pictures');
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--bg-1').trim();
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, place.x, place.y, place.width, place.height);
}

/** Null: it was ended. */
export async function makeFilm(work: FilmWork): Promise<Blob | null> {
  const goBack = leave(work.lab);
  let film: Film | null;
  try {
    film = await take(work);
  } finally {
    await goBack();
  }
  return film === null ? null : film.end();
}
