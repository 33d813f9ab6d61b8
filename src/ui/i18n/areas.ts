// Types of the catalogues that load on demand: two lines an area.

import type { commandTexts } from '../commands/texts.ts';
import type { dockTexts } from '../dock/texts.ts';
import type { faultTexts } from '../faults/texts.ts';
import type { inspectorTexts } from '../inspector/texts.ts';

export type AreaTexts = typeof commandTexts & typeof dockTexts & typeof faultTexts & typeof inspectorTexts;
