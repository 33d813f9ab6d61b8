// Events of every node, made by its runner and the world (trace-table.ts says what a tag and a rank are).

import type { TraceTable } from './trace-table.ts';

export const kernelTrace = {
  'node.open': { tag: 0, rank: 3, fields: { life: 'int' } },
  'node.boot': { tag: 1, rank: 2, fields: { bootEpoch: 'int' } },
  'net.corrupt': { tag: 2, rank: 2, fields: { from: 'text', error: 'text' } },
  'disk.error': { tag: 3, rank: 2, fields: { error: 'text' } },
  'world.action': {
    tag: 53,
    rank: 3,
    fields: { action: 'text', text: 'text', isUndo: 'bool', hadEffect: 'bool' },
  },
  'node.down': { tag: 54, rank: 3, fields: { life: 'int', mode: 'text' } },
} as const satisfies TraceTable;
