// What CynosDB adds to the page: cards of its roles, lenses.

import type { StackUi } from '../stack-ui.ts';
import { computeCard } from './compute-card.tsx';
import { driverCard } from './driver-card.tsx';
import { cynosdbLenses, Provenance } from './lenses.ts';
import { metaCard } from './meta-card.tsx';
import { objectStoreCard } from './object-store-card.tsx';
import { storeCard } from './store-card.tsx';

export const cynosdbUi: StackUi = {
  id: 'cynosdb',
  cards: [computeCard, storeCard, metaCard, objectStoreCard, driverCard],
  lenses: cynosdbLenses,
  Provenance,
};
