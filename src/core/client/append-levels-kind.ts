// List-append at every isolation level (Elle, VLDB 2020): each transaction draws its level, reads lists and appends a mark to some of
// them. A list that is read shows all its versions so far, so what its level permits, and nothing else, may show as a cycle (sim/checks).

import { nextBelow } from '../../base/prng.ts';
import { lists, pickLists } from './countable-kinds.ts';
import { type Kind, LOAD_BATCH, valuesList } from './workload-kind.ts';

/** As keys of operations name them, in the order of the statements that begin them. */
const LEVELS = ['read-committed', 'repeatable-read', 'serializable'] as const;
const [READ_FIRST, READ_SECOND, APPEND_FIRST, APPEND_SECOND, COMMIT] = [6, 7, 8, 9, 10];

/** What a transaction does with the first list (`a`) and the second (`b`), as statements and as its key says it. */
const SHAPES: readonly { readonly statements: readonly number[]; readonly steps: string }[] = [
  { statements: [READ_FIRST, READ_SECOND, APPEND_FIRST], steps: 'ra rb wa' },
  { statements: [READ_FIRST, READ_SECOND, APPEND_SECOND], steps: 'ra rb wb' },
  { statements: [APPEND_FIRST, READ_SECOND, READ_FIRST], steps: 'wa rb ra' },
  { statements: [APPEND_FIRST, APPEND_SECOND], steps: 'wa wb' },
  { statements: [READ_SECOND, READ_FIRST], steps: 'rb ra' },
];

export const appendLevels: Kind = {
  readsAtWriter: true,
  texts: [
    'CREATE TABLE IF NOT EXISTS levels (k int PRIMARY KEY, v text)',
    `INSERT INTO levels VALUES ${valuesList(LOAD_BATCH, 2)}`,
    'INSERT INTO levels VALUES ($1, $2)',
    'BEGIN ISOLATION LEVEL READ COMMITTED',
    'BEGIN ISOLATION LEVEL REPEATABLE READ',
    'BEGIN ISOLATION LEVEL SERIALIZABLE',
    'SELECT v FROM levels WHERE k = $1',
    'SELECT v FROM levels WHERE k = $2',
    'UPDATE levels SET v = v || $3 WHERE k = $1',
    'UPDATE levels SET v = v || $3 WHERE k = $2',
    'COMMIT',
  ],
  load: (spec) => lists(spec).count,
  loadRequest: (spec, index) => lists(spec).request(index),
  next: (spec, client, prng) => {
    const [a, b] = pickLists(spec, client, prng);
    const level = nextBelow(prng, LEVELS.length);
    const { statements, steps } = SHAPES[nextBelow(prng, SHAPES.length)] as (typeof SHAPES)[number];
    const value = `${client.ordinal}.${client.begun.toString(36)}`;
    const named = steps.replace(/([rw])([ab])/g, (_, kind, list) => `${kind} levels/${list === 'a' ? a : b}`);
    return {
      statements: [3 + level, ...statements, COMMIT],
      params: [a, b, `,${value}`],
      operation: { kind: 'txn', key: `at ${LEVELS[level] ?? ''} ${named}`, value },
      more: false,
    };
  },
};
