// The window that the page "Speed" opens: a lab as everybody gets it, which measures itself and says what it found.

import { messageOf } from '../../base/thrown.ts';
import type { Lab } from '../api.ts';
import { measuredTape, measureInPage, stretchMs, VALUE_BYTES } from './measured-load.ts';
import { type Figure, type MeasureId, type SpeedWord, speedChannel } from './measures.ts';

const UNDONE = 10;
/** Wall ms between what is done and its undo, of frames that are watched, and before. */
const LOOK_MS = 250;
const FRAMES_MS = 5000;
const SETTLE_MS = 3000;
const PGLITE_SECONDS = 6;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
const once = (value: number): Figure => ({ value, worst: null, of: null });

const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

function whenLive(lab: Lab): Promise<void> {
  if (lab.run().mode === 'LIVE') return Promise.resolve();
  return new Promise((resolve) => {
    const stop = lab.subscribe({
      onRun: ({ mode }) => {
        if (mode !== 'LIVE') return;
        stop();
        resolve();
      },
    });
  });
}

/** Wall ms from the choice of a preset to a cluster at work. */
async function chosen(lab: Lab, preset: string): Promise<Figure> {
  const from = performance.now();
  await lab.startRun({ preset, seed: 7 });
  await whenLive(lab);
  return once(performance.now() - from);
}

/** Wall ms from the order to the picture of the run as it was before. */
async function undone(lab: Lab): Promise<Figure> {
  const took: number[] = [];
  for (let i = 0; i < UNDONE; i++) {
    const done = await lab.act('crash store-2');
    if (!done.ok) throw new Error(done.error);
    await wait(LOOK_MS);
    const { runId } = lab.run();
    const from = performance.now();
    const undo = lab.undo();
    while (lab.run().runId === runId) await nextFrame();
    await nextFrame();
    took.push(performance.now() - from);
    const end = await undo;
    if (!end.ok) throw new Error(end.error);
    await wait(LOOK_MS);
  }
  return { value: quantile(took, 0.5), worst: Math.max(...took), of: null };
}

async function commits(clients: number): Promise<Figure> {
  const { commitsPerSecond } = await measureInPage([measuredTape(clients), stretchMs]);
  return once(commitsPerSecond);
}

async function frames(lab: Lab): Promise<Figure> {
  await chosen(lab, 'stress-50');
  await wait(SETTLE_MS);
  const gaps: number[] = [];
  let inFlight = 0;
  const until = performance.now() + FRAMES_MS;
  for (let before = await nextFrame(); performance.now() < until; ) {
    const now = await nextFrame();
    gaps.push(now - before);
    before = now;
    inFlight = Math.max(inFlight, lab.frame()?.flights.length ?? 0);
  }
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return { value: (gaps.length * 1000) / total, worst: quantile(gaps, 0.95), of: inFlight };
}

/** False in the build that is packed (vite.config.ts). */
declare const __REFERENCE__: boolean;

async function pglite(): Promise<Figure> {
  if (!__REFERENCE__) throw new Error('the package is without PGlite');
  const { insertDurably } = await import('./durable-reference.ts');
  return once(await insertDurably(PGLITE_SECONDS, VALUE_BYTES));
}

/** `run`: by which the page that has opened this window knows it. */
export async function measureWindow(lab: Lab, run: string): Promise<void> {
  const channel = new BroadcastChannel(speedChannel(run));
  const say = (word: SpeedWord): void => channel.postMessage(word);
  await whenLive(lab);
  const live = once(performance.now());
  const steps: readonly (readonly [MeasureId, () => Promise<Figure>])[] = [
    ['live', async () => live],
    ['undo', () => undone(lab)],
    ['commits64', () => commits(64)],
    ['commits256', () => commits(256)],
    ['pglite', pglite],
    ['sharded', () => chosen(lab, 'postdb-v4')],
    ['sharedDisk', () => chosen(lab, 'polardb')],
    ['frames', () => frames(lab)],
  ];
  const isHidden = (): boolean => document.visibilityState === 'hidden';
  for (const [id, measure] of steps) {
    say({ kind: 'begun', id });
    try {
      const figure = await measure();
      if (isHidden()) break;
      say({ kind: 'figure', id, figure });
    } catch (error) {
      if (isHidden()) break;
      say({ kind: 'without', id, error: messageOf(error) });
    }
  }
  if (isHidden()) say({ kind: 'failed', error: '', isHidden: true });
  else say({ kind: 'done' });
  channel.close();
  window.close();
}
