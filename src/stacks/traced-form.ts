// The form in which the events of every stack go into a node's running hash.

import type { TracedForm } from '../sim/runner-state.ts';
import { moments } from './crash-moments.ts';
import { trace } from './trace.ts';

export const tracedForm: TracedForm = {
  writeTraceEvent: trace.writeTraceEvent,
  isMomentOf: moments.isMomentOf,
};
