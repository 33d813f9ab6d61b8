// What is modelled of PolarDB and what is not: true for what exists in this version; a part that is built later changes its words on
// the same day.

import '../../../words/polardb/model.en.json';
import { disagreementsOf, modelRowsOf } from '../../rules/model-row.ts';

export const modelRows = modelRowsOf([
  {
    id: 'sharedPages',
    ids: ['LI-3', 'LI-20', 'LI-34', 'LI-37', 'LI-40', 'LI-44', 'LI-45', 'LI-47', 'LI-51', 'LI-52', 'LI-63'],
    areas: [
      'ddl',
      'page.flush-gate',
      'snapshot.',
      'ro.never',
      'logidx',
      'checkpoint',
      'redo',
      'shared',
      'wal.before-data',
    ],
    source: 'S004; PG-DOC; PG-SRC',
  },
  {
    id: 'sharedPromote',
    ids: ['LI-70', 'LI-71', 'LI-72', 'LI-73', 'FENCE-20', 'FENCE-22'],
    areas: [],
    source: 'S004; PG-DOC',
  },
  {
    id: 'polarfs',
    ids: [
      'FS-1',
      'FS-6',
      'FS-22',
      'FS-52',
      'FS-56',
      'FS-62',
      'FS-70',
      'FS-73',
      'FS-76',
      'FS-77',
      'FS-78',
      'FS-81',
    ],
    areas: ['pfs', 'chunk'],
    source: 'S003; PFS-SRC; VLDB18',
  },
]);

export const disagreements = disagreementsOf(['LI-1', 'FS-73']);
