// Which drawings of the screen can be taken as pictures now, by id: a lens or a part of it says so while it is on the screen.

import type { PictureShape } from './picture-shape.ts';

export interface PictureSource {
  /** Also in the names of files. */
  readonly id: string;
  readonly title: string;
  /** The drawing as it is now, of what is shown; null: there is none now. */
  readonly svg: (shape: PictureShape) => string | null;
}

const sources = new Map<string, () => PictureSource>();

/** Offered until the answer is called. */
export function offerPicture(id: string, source: () => PictureSource): () => void {
  sources.set(id, source);
  return () => {
    if (sources.get(id) === source) sources.delete(id);
  };
}

export const offeredPictures = (): readonly PictureSource[] =>
  [...sources.values()].map((source) => source());
