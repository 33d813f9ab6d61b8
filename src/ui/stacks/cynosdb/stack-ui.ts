// What CynosDB's roles add to the page.

import type { StackUi } from '../stack-ui.ts';
import { computeCard } from './compute-card.tsx';
import { driverCard } from './driver-card.tsx';
import { metaCard } from './meta-card.tsx';
import { objectStoreCard } from './object-store-card.tsx';
import { storeCard } from './store-card.tsx';

export const cynosdbUi: StackUi = {
  id: 'cynosdb',
  cards: [computeCard, storeCard, metaCard, objectStoreCard, driverCard],
};
