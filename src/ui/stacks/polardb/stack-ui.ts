// What PolarDB adds to the page: cards of the nodes at a volume in files and of chunk servers, and lenses of the metadata and of plans that
// it shares with CynosDB.

import type { StackUi } from '../stack-ui.ts';
import { chunkCard, sharedCard } from './cards.tsx';

export const polardbUi: StackUi = {
  id: 'polardb',
  cards: [sharedCard, chunkCard],
  sharedLenses: ['pcs', 'plan', 'mtr'],
};
