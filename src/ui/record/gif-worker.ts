// Encodes a GIF beside the page. Questions come over the port that its first message brings.

import { Encoder } from 'modern-gif';
import { messageOf } from '../../base/thrown.ts';
import type { GifAnswer, GifRequest } from './gif-messages.ts';

let encoder: Encoder | null = null;
let delay = 0;

async function answer(request: GifRequest): Promise<ArrayBuffer | null> {
  if (request.kind === 'begin') {
    const { width, height, delayMs } = request;
    encoder = new Encoder({ width, height });
    delay = delayMs;
    return null;
  }
  if (encoder === null) throw new Error('a picture came before its film began');
  if (request.kind === 'end') return encoder.flush('arrayBuffer');
  await encoder.encode({ data: request.pixels, delay });
  return null;
}

addEventListener('message', ({ ports: [port] }) => {
  if (port === undefined) return;
  port.onmessage = ({ data }: MessageEvent<GifRequest>) => {
    const post = (said: GifAnswer): void => port.postMessage(said);
    answer(data).then(
      (gif) => post({ ok: true, gif }),
      (error: unknown) => post({ ok: false, detail: messageOf(error) }),
    );
  };
});
