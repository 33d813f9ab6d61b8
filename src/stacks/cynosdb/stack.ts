// The architecture of CynosDB for PostgreSQL: a writer over a replicated log store.

import type { AnyProgram, Stack } from '../../sim/stack.ts';
import { monitors, rules } from './monitors.ts';
import { cynosdbNodes } from './nodes.ts';
import { cynosdbPresets } from './presets.ts';
import { sweep } from './sweep.ts';

export const cynosdb: Stack = {
  id: 'cynosdb',
  nodes: cynosdbNodes as unknown as AnyProgram,
  trace: {},
  presets: cynosdbPresets,
  monitors,
  rules,
  sweep,
};
