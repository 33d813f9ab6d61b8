// Events of every node, made by its runner and the world (trace-table.ts says what a tag and a rank are).

import { event, type TraceTable } from './trace-table.ts';

export const kernelTrace = {
  'node.open': event(0, 3, { incarnation: 'int' }),
  'node.boot': event(1, 2, { bootEpoch: 'int' }),
  'net.corrupt': event(2, 2, { from: 'text', error: 'text' }),
  'disk.error': event(3, 2, { error: 'text' }),
  'world.action': event(53, 3, { action: 'text', text: 'text', isUndo: 'bool', hadEffect: 'bool' }),
  'node.down': event(54, 3, { incarnation: 'int', mode: 'text' }),
  /** The node has heard that it is removed, and ends for good. */
  'node.exit': event(159, 2, { bootEpoch: 'int' }),
  /** FENCE-59: an answer to a request of an earlier life of the node came, and is dropped. */
  'answer.late': event(304, 1, { answer: 'text', from: 'text' }),
  'limit.reached': event(109, 1, { limit: 'text' }),
} as const satisfies TraceTable;
