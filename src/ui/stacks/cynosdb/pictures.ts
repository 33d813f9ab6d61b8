// The pictures of the source documents, for the gallery and the palette.

import '../../../words/cynosdb/gallery.en.json';
import { picturesOf } from '../../model/picture-entry.ts';

export const pictures = picturesOf([
  { preset: 'cynosdb', lens: 'wal', part: 'list' },
  { preset: 'cynosdb', lens: 'wal', part: 'requests' },
  { preset: 'cynosdb', lens: 'wal', part: 'members' },
  { preset: 'cynosdb', lens: 'mtr', part: null },
  { preset: 'cynosdb', lens: 'pages', part: 'versions' },
  { preset: 'cynosdb-ro', lens: 'journal', part: 'page' },
  { preset: 'cynosdb-ro', lens: 'journal', part: 'readers' },
  { preset: 'cynosdb-ro', lens: 'chains', part: 'points' },
  { preset: 'cynosdb', lens: 'chains', part: 'pages' },
  { preset: 'cynosdb-backup', lens: 'chains', part: 'archive' },
  { preset: 'cynosdb-ha', lens: 'recovery', part: null },
  { preset: 'cynosdb-pcs', lens: 'pcs', part: 'log' },
]);
