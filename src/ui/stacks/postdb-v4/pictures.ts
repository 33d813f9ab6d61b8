// The pictures of the source documents, for the gallery and the palette.

import '../../../words/postdb-v4/gallery.en.json';
import { picturesOf } from '../../model/picture-entry.ts';

export const pictures = picturesOf([
  { preset: 'postdb-v4', lens: 'placement', part: 'map' },
  { preset: 'postdb-v4', lens: 'placement', part: 'query' },
  { preset: 'postdb-v4', lens: 'placement', part: 'reads' },
  { preset: 'postdb-v4', lens: 'placement', part: 'heat' },
  { preset: 'postdb-v4', lens: 'pcs', part: 'log' },
  { preset: 'postdb-v4', lens: 'plan', part: null },
]);
