// A picture of the source documents, as the gallery and the palette name it.

import type { LensId } from '../../state/settings-store.ts';

export interface PictureEntry {
  readonly en: string;
  readonly zh: string;
  /** In which it is best looked at. */
  readonly preset: string;
  /** That draws it, and on which tab or in which section; null: the lens is the picture. */
  readonly lens: LensId;
  readonly part: string | null;
}
