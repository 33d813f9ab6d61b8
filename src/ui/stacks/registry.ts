// What every architecture adds to the page, one line each. Nothing outside a stack's own folder imports that folder but
// this file.

import { cynosdbUi } from './cynosdb/stack-ui.ts';
import { polardbUi } from './polardb/stack-ui.ts';
import { postdbV4Ui } from './postdb-v4/stack-ui.ts';
import type { StackUi } from './stack-ui.ts';
import { tallyUi } from './tally/stack-ui.tsx';
import { toyUi } from './toy/stack-ui.ts';

export const uiStacks: readonly StackUi[] = [cynosdbUi, postdbV4Ui, polardbUi, toyUi, tallyUi];
