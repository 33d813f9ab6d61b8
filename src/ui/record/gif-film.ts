// A film as GIF. Its colours are chosen over all pictures together, in a worker of its own, which ends with the film.

import type { Film } from './film.ts';
import type { FilmPlan } from './film-plan.ts';
import type { GifAnswer, GifRequest } from './gif-messages.ts';

interface GifLink {
  ask(request: GifRequest, moved?: Transferable[]): Promise<ArrayBuffer | null>;
  end(): void;
}

function linkEncoder(): GifLink {
  const worker = new Worker(new URL('./gif-worker.ts', import.meta.url), { type: 'module' });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(null, [port2]);
  const end = (): void => {
    port1.close();
    worker.terminate();
  };
  return {
    // One at a time: the answer is the last question's.
    ask: (request, moved = []) =>
      new Promise((resolve, reject) => {
        worker.onerror = ({ message }) => reject(new Error(`the GIF encoder stopped: ${message}`));
        port1.onmessage = ({ data }: MessageEvent<GifAnswer>) =>
          data.ok ? resolve(data.gif) : reject(new Error(`the GIF encoder stopped: ${data.detail}`));
        port1.postMessage(request, moved);
      }),
    end,
  };
}

export async function openGif({ perSecond }: FilmPlan, canvas: HTMLCanvasElement): Promise<Film> {
  const { width, height } = canvas;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser paints no pictures');
  const link = linkEncoder();
  await link.ask({ kind: 'begin', width, height, delayMs: 1000 / perSecond });
  return {
    async add() {
      const pixels = context.getImageData(0, 0, width, height).data;
      await link.ask({ kind: 'picture', pixels }, [pixels.buffer]);
    },
    async end() {
      try {
        const gif = await link.ask({ kind: 'end' });
        if (gif === null) throw new Error('the encoder made no file');
        return new Blob([gif], { type: 'image/gif' });
      } finally {
        link.end();
      }
    },
    drop: link.end,
  };
}
