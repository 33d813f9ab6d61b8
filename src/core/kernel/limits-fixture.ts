// The limits as they usually are, for tests.

import { type Limits, limitNames, limitTable } from './limits.ts';

export const usualLimits: Limits = Object.fromEntries(
  limitNames.map((name) => [name, limitTable[name][0]]),
) as Limits;
