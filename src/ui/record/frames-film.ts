// A film as its pictures: a PNG for each instant, named by its number and its time, in one ZIP.

import { Zip, ZipPassThrough } from 'fflate';
import { pngOf } from '../export/save.ts';
import { millis } from '../kit/format.ts';
import type { Film } from './film.ts';
import type { FilmPlan } from './film-plan.ts';

/** `0007-58.240ms.png`: in the order of time for every program that sorts by name. */
const nameOf = (index: number, at: number): string => `${String(index).padStart(4, '0')}-${millis(at)}ms.png`;

export function openFrames({ instants }: FilmPlan, canvas: HTMLCanvasElement): Film {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let failed: Error | null = null;
  const zip = new Zip((error, part) => {
    if (error !== null) failed = error;
    else parts.push(new Uint8Array(part));
  });
  const throwIfFailed = (): void => {
    if (failed !== null) throw failed;
  };
  return {
    async add(index) {
      const png = new Uint8Array(await (await pngOf(canvas)).arrayBuffer());
      const file = new ZipPassThrough(nameOf(index, instants[index] ?? 0));
      zip.add(file);
      file.push(png, true);
      throwIfFailed();
    },
    async end() {
      zip.end();
      throwIfFailed();
      return new Blob(parts, { type: 'application/zip' });
    },
    drop() {
      zip.terminate();
      parts.length = 0;
    },
  };
}
