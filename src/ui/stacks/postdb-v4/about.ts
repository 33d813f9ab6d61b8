// What is modelled of PostDB v4 and what is not: true for what exists in this version; a part that is built later changes its words on
// the same day.

import '../../../words/postdb-v4/model.en.json';
import { modelRowsOf } from '../../rules/model-row.ts';

export const modelRows = modelRowsOf([
  {
    id: 'shards',
    ids: [
      'PCS-36',
      'PCS-39',
      'PCS-46',
      'PCS-49',
      'PCS-51',
      'PCS-56',
      'PCS-67',
      'PCS-79',
      'PCS-85',
      'FENCE-21',
    ],
    areas: ['shard', 'leader', 'catalog', 'placement', 'gather'],
    source: 'S000; S001; F1; D',
  },
]);
