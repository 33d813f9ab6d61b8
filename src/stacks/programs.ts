// What every stack runs, by its id or by a cluster of one of its presets.

import { makePrograms, type Programs } from '../sim/programs.ts';
import { moments } from './crash-moments.ts';
import { presets } from './presets.ts';
import { runtimes } from './runtimes.ts';
import { trace } from './trace.ts';

export const programs: Programs = makePrograms(runtimes, presets, {
  writeTraceEvent: trace.writeTraceEvent,
  isMomentOf: moments.isMomentOf,
});
export const { programOf, runtimeOf } = programs;
