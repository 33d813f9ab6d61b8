// What the test world's role adds to the page.

import type { StackUi } from '../stack-ui.ts';
import { toyCard } from './card.tsx';

export const toyUi: StackUi = { id: 'toy', cards: [toyCard] };
