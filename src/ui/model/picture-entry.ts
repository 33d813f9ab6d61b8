// A picture of the source documents, as the gallery and the palette name it (`picture.<preset>.<lens>.<part>` of src/words).

import type { LensId } from '../../state/settings-store.ts';
import { type Both, bothOf } from '../i18n/both.ts';

interface PictureFacts {
  /** In which it is best looked at. */
  readonly preset: string;
  /** That draws it, and on which tab or in which section; null: the lens is the picture. */
  readonly lens: LensId;
  readonly part: string | null;
}

export type PictureEntry = PictureFacts & Both;

export const picturesOf = (all: readonly PictureFacts[]): readonly PictureEntry[] =>
  all.map((one) => ({
    ...one,
    ...bothOf(['picture', one.preset, one.lens, ...(one.part === null ? [] : [one.part])].join('.')),
  }));
