// What a film is made with: pictures go in one after the other, a file comes out. An encoder for each kind, loaded when it is asked for.

import type { FilmKind, FilmPlan } from './film-plan.ts';

export interface Film {
  /** Takes what the canvas has now. */
  add(index: number): Promise<void>;
  end(): Promise<Blob>;
  /** Given up: nothing of it is kept. */
  drop(): void;
}

export async function openFilm(plan: FilmPlan, canvas: HTMLCanvasElement): Promise<Film> {
  switch (plan.kind) {
    case 'webm':
      return (await import('./webm-film.ts')).openWebm(plan, canvas);
    case 'gif':
      return (await import('./gif-film.ts')).openGif(plan, canvas);
    case 'frames':
      return (await import('./frames-film.ts')).openFrames(plan, canvas);
  }
}

/**
 * Whether this browser encodes video; without, there are GIF and pictures. A browser that records no WebM of a camera is not asked further:
 * WebKitGTK 2.50.6 without an encoder has `VideoEncoder`, and loses its page when that is asked what it encodes.
 */
export async function canRecordVideo(): Promise<boolean> {
  const hasEncoder = typeof VideoEncoder !== 'undefined' && typeof MediaRecorder !== 'undefined';
  if (!hasEncoder || !MediaRecorder.isTypeSupported('video/webm')) return false;
  return (await import('./webm-film.ts')).hasCodec();
}

export const endings: Readonly<Record<FilmKind, string>> = { webm: 'webm', gif: 'gif', frames: 'zip' };
