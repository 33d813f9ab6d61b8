// Draws the strip of lens 4.7 beside the page: a picture in, the bitmap of the whole strip out.

import { StripPainter } from './strip-painter.ts';
import type { StripPicture } from './strip-shapes.ts';

const screen = new OffscreenCanvas(1, 1);
const painter = new StripPainter(screen, () => new OffscreenCanvas(1, 1));

addEventListener('message', ({ data }: MessageEvent<StripPicture>) => {
  painter.take(data);
  painter.draw();
  painter.compose();
  const bitmap = screen.transferToImageBitmap();
  postMessage(bitmap, { transfer: [bitmap] });
});
