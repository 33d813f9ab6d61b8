import { expect, test } from 'vitest';
import { comparedRows } from './rows.ts';

const chinese = /[\u4e00-\u9fff]/;

test('rows have words in both languages, and calculated ones say how', () => {
  const rows = comparedRows([]);
  expect(rows.filter(({ calc }) => calc !== null).map(({ id }) => id)).toEqual([
    'calcCopied',
    'calcStart',
    'calcStored',
  ]);
  for (const { means, calc } of rows)
    expect(
      [means, calc].every(
        (one) => one === null || (one.en !== '' && chinese.test(one.zh) && !chinese.test(one.en)),
      ),
    ).toBe(true);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
});
