// What PolarDB adds to the page: nothing yet. Its nodes have the cards of their roles, and the lenses of every architecture.

import type { StackUi } from '../stack-ui.ts';

export const polardbUi: StackUi = { id: 'polardb' };
