// A film as WebM: encoded by the browser in virtual time, with a duration and an index to seek by.

import {
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Output,
  QUALITY_HIGH,
  type VideoCodec,
  WebMOutputFormat,
} from 'mediabunny';
import type { Film } from './film.ts';
import { type FilmPlan, factsOf } from './film-plan.ts';

/** What browsers play, the best first. */
const codecs: VideoCodec[] = ['vp9', 'vp8', 'av1'];
/** s between pictures that stand for themselves: seeking begins at one. */
const keyEvery = 1;

const codecFor = (width: number, height: number): Promise<VideoCodec | null> =>
  getFirstEncodableVideoCodec(codecs, { width, height, bitrate: QUALITY_HIGH });

export async function hasCodec(): Promise<boolean> {
  const { longestPx } = factsOf.webm;
  return (await codecFor(longestPx, (longestPx * 9) / 16)) !== null;
}

export async function openWebm({ perSecond }: FilmPlan, canvas: HTMLCanvasElement): Promise<Film> {
  const { width, height } = canvas;
  const codec = await codecFor(width, height);
  if (codec === null) throw new Error(`this browser encodes no video of ${width} × ${height}`);
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const source = new CanvasSource(canvas, { codec, bitrate: QUALITY_HIGH, keyFrameInterval: keyEvery });
  output.addVideoTrack(source, { frameRate: perSecond });
  await output.start();
  return {
    add: (index) => source.add(index / perSecond, 1 / perSecond),
    async end() {
      await output.finalize();
      if (target.buffer === null) throw new Error('the encoder made no file');
      return new Blob([target.buffer], { type: 'video/webm' });
    },
    drop: () => void output.cancel(),
  };
}
