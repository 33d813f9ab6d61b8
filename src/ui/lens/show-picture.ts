// A picture of the source documents, opened from the gallery or the palette: its lens comes forward, on its tab or at its section.

import type { LensId } from '../../state/settings-store.ts';
import { showLens } from '../model/show-lens.ts';
import { showPart } from './lens-part.ts';

/** `part`: null, where the lens is the picture. */
export function showPicture({ lens, part }: { readonly lens: LensId; readonly part: string | null }): void {
  if (part !== null) showPart(lens, part);
  showLens(lens);
}
