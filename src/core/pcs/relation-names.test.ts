// A relation's name stands once, whatever made it (docs/spec/pcs.md PCS-85), as PostgreSQL has it: 42P07.

import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { NewIndex } from '../sql/access.ts';
import { plainKeys } from '../sql/table-def.ts';
import { describeTable } from '../sql/tablets.ts';
import { makeLeaderBench } from './leader-fixture.ts';
import { namesIn } from './relation-names.ts';

const columns = [{ name: 'k', type: 'int4' as const, notNull: true }];

/** Makes and drops tables, each step at once. */
function defined() {
  const { state, apply } = makeLeaderBench([nodeId('n1')]);
  const settle = (result: { readonly kind: string }) => {
    const { sharding } = state.content;
    if (sharding?.open) apply({ kind: 'activateTable', version: sharding.schemaVersion });
    return result;
  };
  return {
    names: () => [...namesIn(state.content.sharding?.tables ?? [])],
    create: (name: string, key: string | null = null) => {
      const index: NewIndex = { name: key, keys: plainKeys([0]), isUnique: true, constraint: 'primary' };
      const rest = { checks: [], foreignKeys: [], ifNotExists: false, sequences: [] };
      const { definition } = describeTable({ name, columns, indexes: [index], ...rest });
      return settle(apply({ kind: 'prepareTable', what: 'create', name, definition, bounds: [] }));
    },
    drop: (name: string) =>
      settle(apply({ kind: 'prepareTable', what: 'drop', name, definition: '', bounds: [] })),
  };
}

test('PCS-85 a table takes no name that is of an index', () => {
  const { create, names } = defined();
  create('t');
  expect(create('t_pkey')).toMatchObject({ kind: 'tableRefused', code: 'EXISTS' });
  expect(create('t')).toMatchObject({ kind: 'tableRefused', code: 'EXISTS' });
  expect(names()).toEqual(['t', 't_pkey']);
});

test('PCS-85 the index of a primary key that is not named gets a name that is free', () => {
  const { create, names } = defined();
  create('t_pkey');
  create('u', 't_pkey1');
  create('t');
  expect(names()).toEqual(['t_pkey', 't_pkey_pkey', 'u', 't_pkey1', 't', 't_pkey2']);
});

test.each([
  ['a table', 't'],
  ['an index', 't_pkey'],
  ['the table itself', 'u'],
])('PCS-85 a primary key does not take the name of %s', (_, key) => {
  const { create, names } = defined();
  create('t');
  expect(create('u', key)).toMatchObject({ kind: 'tableRefused', code: 'KEY_EXISTS' });
  expect(names()).toEqual(['t', 't_pkey']);
});

test('PCS-85 the names of a table that was dropped are free', () => {
  const { create, drop, names } = defined();
  create('t');
  drop('t');
  create('t_pkey');
  expect(names()).toEqual(['t_pkey', 't_pkey_pkey']);
});
