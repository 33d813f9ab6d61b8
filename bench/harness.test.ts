import { expect, test } from 'vitest';
import { alternate, formatTable, summarise } from './harness.ts';

test('a sample is a median with its interquartile spread', () => {
  expect(summarise([5, 1, 3, 2, 4])).toEqual({ median: 3, spread: 2 / 3, runs: [5, 1, 3, 2, 4] });
  expect(summarise([2, 4]).median).toBe(3);
  expect(summarise([0, 0]).spread).toBe(0);
});

test('measures alternate, and warm-up rounds do not count', async () => {
  const order: string[] = [];
  const note = (name: string) => () => order.push(name);
  const samples = await alternate({ ours: note('ours'), theirs: note('theirs') }, { rounds: 2, warmups: 1 });
  expect(order).toEqual(['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs']);
  expect(samples.ours.runs).toEqual([3, 5]);
  expect(samples.theirs.runs).toEqual([4, 6]);
});

test('the table has one line per row under its titles', () => {
  const table = formatTable([
    {
      id: 'P8',
      name: 'in order',
      value: 2_500_000,
      unit: '/s',
      spread: 0.01,
      reach: '≥ 1 M/s',
      isReached: true,
    },
    {
      id: 'P2',
      name: 'events',
      value: 120,
      unit: '/s',
      spread: 0,
      reference: 60,
      referenceName: 'bare',
      ratio: 2,
    },
  ]);
  const lines = table.split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[2]).toContain('2.50 M /s');
  expect(lines[2]).toContain('≥ 1 M/s yes');
  expect(lines[3]).toContain('2.00 x');
});
