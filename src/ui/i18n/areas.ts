// Types of the catalogues that load on demand: one line an area.

import type { commandTexts } from '../commands/texts.ts';
import type { dockTexts } from '../dock/texts.ts';
import type { faultTexts } from '../faults/texts.ts';

import type { inspectorTexts } from '../inspector/texts.ts';

export type AreaTexts = typeof inspectorTexts &
  typeof dockTexts &
  typeof commandTexts &
  typeof faultTexts &
  typeof frameTexts;
