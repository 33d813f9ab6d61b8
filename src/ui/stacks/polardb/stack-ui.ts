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
      digit: '5',
      title: 'lens.shared',
      View: SharedLens,
      FollowPage,
      subjects: ['page'],
      events: [
        'flush.',
        'page.',
        'slot.',
        'snapshot.',
        'checkpoint.',
        'redo.',
        'promote.',
        'ro.',
        'index.split',
      ],
      tabs: {
        page: ['page.newest-fetched', 'page.stored', 'page.fetched'],
        grid: ['wal.before-data', 'page.kept', 'page.evict'],
        flush: ['page.flush-gate', 'flush.', 'snapshot.', 'checkpoint.', 'slot.'],
        time: ['ro.never-behind', 'ro.never-ahead', 'ro.future', 'ro.replayed'],
        promote: ['redo.', 'promote.step'],
      },
    },
    {
      id: 'disk',
      digit: '3',
      title: 'lens.disk',
      View: DiskLens,
      events: ['chunk.', 'fs.', 'mount.', 'index.', 'page.damaged', 'promote.damaged'],
      tabs: {
        map: ['pfs.', 'chunk.', 'fs.', 'mount.'],
        path: ['pfs.own-bytes', 'shared.ack-after-sync', 'page.damaged'],
        index: ['logidx.', 'index.', 'promote.damaged'],
        shell: ['pfs.fsck-clean', 'fs.checked'],
      },
    },
  ],
  sharedLenses: ['pcs', 'plan', 'mtr'],
};
