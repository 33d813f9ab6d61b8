// The pictures of the source documents, for the gallery and the palette.

import '../../../words/polardb/gallery.en.json';
import { picturesOf } from '../../model/picture-entry.ts';

export const pictures = picturesOf([
  { preset: 'polardb', lens: 'shared', part: 'promote' },
  { preset: 'polardb', lens: 'shared', part: 'flush' },
  { preset: 'polardb', lens: 'shared', part: 'time' },
  { preset: 'polardb', lens: 'shared', part: 'page' },
  { preset: 'polardb', lens: 'disk', part: 'index' },
  { preset: 'polardb', lens: 'disk', part: 'map' },
  { preset: 'polardb', lens: 'disk', part: 'path' },
]);
