// Types of the catalogues that load on demand: one line an area.

import type { frameTexts } from '../frame/texts.ts';

export type AreaTexts = typeof frameTexts;
