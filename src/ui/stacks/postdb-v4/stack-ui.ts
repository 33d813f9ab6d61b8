// What PostDB v4 adds to the page: the placement lens, and the lenses of the log, the pages and the metadata that it shares with
// CynosDB. Its nodes have the cards of their roles.

import { lazy } from 'react';
import type { StackUi } from '../stack-ui.ts';
import '../../../words/postdb-v4/lens.en.json';

declare module '../../../state/settings-store.ts' {
  interface LensIds {
    placement: true;
  }
}

const PlacementLens = lazy(async () => ({
  default: (await import('./lenses/placement/placement-lens.tsx')).PlacementLens,
}));

export const postdbV4Ui: StackUi = {
  id: 'postdb-v4',
  lenses: [
    {
      id: 'placement',
      digit: '3',
      title: 'lens.placement',
      View: PlacementLens,
      events: [
        'group.made',
        'group.shards',
        'group.move',
        'leader.',
        'table.',
        'driver.route',
        'schema.',
        'split.',
        'gather.',
        'merge.',
        'plan.',
      ],
      tabs: {
        map: ['shard.', 'group.', 'placement.', 'plan.', 'split.', 'merge.', 'leader.', 'table.', 'catalog.'],
        query: ['shard.range-once', 'driver.route'],
        reads: ['gather.'],
        heat: ['placement.hot-halves', 'plan.hot', 'plan.cold'],
      },
    },
  ],
  sharedLenses: ['wal', 'mtr', 'pages', 'pcs', 'chains', 'recovery', 'plan'],
};
