// What PolarDB adds to the page: cards of the nodes at a volume in files and of chunk servers, lenses of pages and of the device, and lenses of the metadata, of
// the log and of plans that it shares with CynosDB.

import { lazy } from 'react';
import type { StackUi } from '../stack-ui.ts';
import { chunkCard, sharedCard } from './cards.tsx';

declare module '../../../state/settings-store.ts' {
  interface LensIds {
    shared: true;
    disk: true;
  }
}

const SharedLens = lazy(async () => ({
  default: (await import('./lenses/shared/shared-lens.tsx')).SharedLens,
}));
const FollowPage = lazy(async () => ({
  default: (await import('./lenses/shared/follow-page.tsx')).FollowPage,
}));
const DiskLens = lazy(async () => ({ default: (await import('./lenses/disk/disk-lens.tsx')).DiskLens }));

export const polardbUi: StackUi = {
  id: 'polardb',
  cards: [sharedCard, chunkCard],
  lenses: [
    {
      id: 'shared',
      digit: '1',
      title: 'lens.shared',
      View: SharedLens,
      FollowPage,
      subjects: ['page'],
      events: ['flush.', 'page.stored', 'slot.', 'checkpoint.', 'redo.', 'ro.'],
      tabs: {
        'page.flush-gate': 'flush',
        'flush.': 'flush',
        'snapshot.first': 'flush',
        'checkpoint.': 'flush',
        'ro.never-behind': 'time',
        'ro.never-ahead': 'time',
        'redo.whole': 'promote',
      },
    },
    {
      id: 'disk',
      digit: '3',
      title: 'lens.disk',
      View: DiskLens,
      events: ['chunk.', 'fs.', 'mount.', 'index.'],
      tabs: {
        'pfs.own-bytes': 'path',
        'pfs.': 'map',
        'chunk.majority': 'map',
        'logidx.': 'index',
        'index.': 'index',
      },
    },
  ],
  sharedLenses: ['pcs', 'plan', 'mtr'],
};
