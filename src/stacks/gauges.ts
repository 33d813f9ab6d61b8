// The gauges of every stack.

import { type Gauges, makeGauges } from '../run-model/gauges/gauges.ts';
import { stacks } from './registry.ts';

export const gauges: Gauges = makeGauges(stacks);
