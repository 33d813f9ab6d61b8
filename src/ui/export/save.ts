// File downloads: any bytes under a name, and a drawing as SVG or as PNG at one to four times its size. A drawing is handed
// over as text that needs nothing of this page (see standalone-svg.ts).

import { type PictureShape, pixelsOf } from './picture-shape.ts';
import { withTypefaces } from './typefaces.ts';

/** Long enough for the browser to have begun the download. */
const keepMs = 10_000;

export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), keepMs);
}

const svgBlob = async (svg: string): Promise<Blob> =>
  new Blob([await withTypefaces(svg)], { type: 'image/svg+xml' });

export const downloadSvg = async (name: string, svg: string): Promise<void> =>
  saveBlob(`${name}.svg`, await svgBlob(svg));

export type PngScale = 1 | 2 | 3 | 4;

/** A self-contained SVG as an image that can be painted. */
export async function imageOf(svg: string): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(await svgBlob(svg));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

export const pngOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture is too large to paint')) : resolve(blob)),
      'image/png',
    );
  });

/** Paints it at `scale` px per unit, a slide at `scale` times 1920 px across. */
async function svgToPng(svg: string, scale: PngScale, shape: PictureShape): Promise<Blob> {
  const image = await imageOf(svg);
  const canvas = document.createElement('canvas');
  const size = { width: image.naturalWidth, height: image.naturalHeight };
  Object.assign(canvas, pixelsOf(size, scale, shape));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return pngOf(canvas);
}

export async function downloadPng(
  name: string,
  svg: string,
  scale: PngScale,
  shape: PictureShape = 'own',
): Promise<void> {
  saveBlob(`${name}@${scale}x.png`, await svgToPng(svg, scale, shape));
}
