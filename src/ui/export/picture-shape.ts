// The shape of an exported picture: as the drawing is, or that of a slide. Pure.

/** `slide`: 16 to 9. */
export type PictureShape = 'own' | 'slide';

const slide = { width: 16, height: 9 } as const;
/** px of a slide's picture. */
const slideWidth = 1920;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The least room of that shape in which the drawing has its size. */
export function roomOf({ width, height }: Size, shape: PictureShape): Size {
  if (shape === 'own') return { width, height };
  return {
    width: Math.ceil(Math.max(width, (height * slide.width) / slide.height)),
    height: Math.ceil(Math.max(height, (width * slide.height) / slide.width)),
  };
}

/** The px of a PNG at `scale`: a slide has as many as its screen, whatever the drawing is. */
export const pixelsOf = ({ width, height }: Size, scale: number, shape: PictureShape): Size =>
  shape === 'own'
    ? { width: Math.round(width * scale), height: Math.round(height * scale) }
    : { width: slideWidth * scale, height: (slideWidth * scale * slide.height) / slide.width };

/** Over how many columns so many drawings of one size fill a slide best. */
export const columnsFor = (count: number, { width, height }: Size): number =>
  Math.max(1, Math.round(Math.sqrt((count * height * slide.width) / (Math.max(1, width) * slide.height))));
