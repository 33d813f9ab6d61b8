// The nodes of a cluster of toys.

import type { AnyNodes, StackNodes } from '../../sim/programs.ts';
import { toyProgram } from './toy-program.ts';

export const toyNodes: StackNodes = { id: 'toy', nodes: toyProgram as unknown as AnyNodes };
