// What the toy cluster brings to the screen.

import type { StackTables } from '../stack-tables.ts';
import { toyCaptions } from './captions.ts';

export const toyTables: StackTables = {
  id: 'toy',
  captions: toyCaptions,
};
