// The stack of the world's own tests: nodes that only count (toy-program.ts).

import type { AnyProgram, Stack } from '../../sim/stack.ts';
import { toy } from './presets.ts';
import { toyProgram } from './toy-program.ts';
import { toyTrace } from './trace.ts';

export const toyStack: Stack = {
  id: 'toy',
  nodes: toyProgram as unknown as AnyProgram,
  trace: toyTrace,
  presets: [toy],
  monitors: [],
  rules: {},
  sweep: null,
};
