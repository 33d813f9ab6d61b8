// Sentences of docs/spec stand once under a mark: with the rule that names them, else by themselves.

import { expect, test } from 'vitest';
import { idsBeside, type LegendEntry } from './legend.ts';

test.each<readonly [readonly string[] | undefined, readonly (readonly string[])[], readonly string[]]>([
  [undefined, [], []],
  [['WAL-1', 'WAL-3'], [], ['WAL-1', 'WAL-3']],
  [['WAL-1', 'WAL-3'], [['WAL-1', 'WAL-3']], []],
  [['WAL-15', 'WAL-20'], [['WAL-15'], ['WAL-16']], ['WAL-20']],
])('%j beside %j', (ids, rules, left) => {
  const entry: LegendEntry = {
    label: 'lens.wal',
    text: 'lens.wal',
    rules: [],
    ...(ids === undefined ? {} : { ids }),
  };
  expect(
    idsBeside(
      entry,
      rules.map((own) => ({ ids: own })),
    ),
  ).toEqual(left);
});
