// The gauges of every stack.

import { type Gauges, makeGauges } from '../sim/gauges.ts';
import { stacks } from './registry.ts';

export const gauges: Gauges = makeGauges(stacks);
