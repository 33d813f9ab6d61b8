// EXPLAIN (DESCRIBE), the lab's own: what a statement takes and gives, without running it. Connections of clients ask it, the analysis
// answers it.

import type { Column } from '../kernel/client-calls.ts';

/** Before the statement's text. */
export const DESCRIBE = 'EXPLAIN (DESCRIBE) ';

/** A row for each parameter and each column of the result. */
export const DESCRIPTION: readonly Column[] = ['kind', 'name', 'type'].map((name) => ({
  name,
  type: 'text',
}));
