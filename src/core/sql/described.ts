// EXPLAIN (DESCRIBE), the lab's own: what a statement takes and gives, without running it. Connections of clients ask it, the analysis
// answers it.

import type { Column } from '../kernel/client-calls.ts';

/** Before the statement's text. */
export const DESCRIBE = 'EXPLAIN (DESCRIBE) ';

/** A row for each parameter, or several of one type that follow each other (`$1-$3`), and for each column of the result. */
export const DESCRIPTION: readonly Column[] = ['kind', 'name', 'type'].map((name) => ({
  name,
  type: 'text',
}));

/** A result has fewer rows than a statement may have parameters. */
export function parameterRows(types: readonly string[]): readonly (readonly [string, string, string])[] {
  const rows: [string, string, string][] = [];
  for (let first = 0; first < types.length; ) {
    const type = types[first] ?? '';
    let last = first;
    while (types[last + 1] === type) last++;
    const name = last === first ? `$${first + 1}` : `$${first + 1}-$${last + 1}`;
    rows.push(['parameter', name, type]);
    first = last + 1;
  }
  return rows;
}

/** Of a row the number of parameters that it is of. */
export function parametersOf(name: string): number {
  const [, first = '', last = first] = /^\$(\d+)(?:-\$(\d+))?$/.exec(name) ?? [];
  return Number(last) - Number(first) + 1;
}
