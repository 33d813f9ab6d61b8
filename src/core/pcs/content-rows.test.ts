// Metadata as lines of text: lists by what names their entities, nested ones with the names they stand in.

import { expect, test } from 'vitest';
import { contentRows, fieldsLine } from './content-rows.ts';

const lines = (content: Readonly<Record<string, unknown>>): string[] =>
  contentRows(content, 'cluster', ['applied']).map(
    ({ entity, of, field, value }) => `${entity}/${of}/${field}=${value}`,
  );

test.each([
  [{ applied: 4, mapBase: 0 }, ['cluster//mapBase=0']],
  [{ empty: null, none: [], unsaid: '' }, ['cluster//empty=–', 'cluster//none=–', 'cluster//unsaid=–']],
  [
    {
      volumes: [
        { name: 'v1', token: 2, groups: [{ group: 'g1', sets: [['a', 'b'], ['c']], learners: [] }] },
        { name: 'v2', token: 1, groups: [] },
      ],
    },
    [
      'volumes/v1/token=2',
      'groups/v1 g1/sets=a, b | c',
      'groups/v1 g1/learners=–',
      'volumes/v2/token=1',
      'volumes/v2/groups=–',
    ],
  ],
  [{ history: [{ term: 1 }, { term: 3 }] }, ['history/1/term=1', 'history/2/term=3']],
  [{ config: { value: { limit: 5 } } }, ['cluster//config.value.limit=5']],
])('PCS-32 %j', (content, rows) => {
  expect(lines(content)).toEqual(rows);
});

test('an operation in one line, without the numbers of its request', () => {
  const operation = { kind: 'grantToken', from: 'rw-1', boot: 1, reqId: 4, volume: 'v1', expect: null };
  expect(fieldsLine(operation, ['kind', 'boot', 'reqId'])).toBe('from rw-1, volume v1, expect –');
});
