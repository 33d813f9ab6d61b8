// What is lost by what clients know, and the words of every meaning.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import { addToHistory, type History, makeHistory } from '../../sim/checks/history.ts';
import type { TracedEvent } from '../../sim/types.ts';
import { comparedStacks } from '../../stacks/compared.ts';
import { offeredPresets, stackOfPreset } from '../../stacks/preset-names.ts';
import { findPreset } from '../../stacks/presets.ts';
import { comparedFaults, comparedLoads } from './compared.ts';
import { lostOf, type Rows } from './lost.ts';

interface Call {
  readonly operation: string;
  readonly key: string;
  readonly value: string;
  readonly outcome: string | null;
}

/** One call after the other; without an outcome it stays open. */
function historyOf(calls: readonly Call[]): History {
  const history = makeHistory();
  const take = (event: TraceEvent, at: number): void =>
    addToHistory(history, {
      event,
      at,
      node: 'd1',
      ordinal: at,
      causeNode: null,
      causeOrdinal: 0,
    } as TracedEvent);
  calls.forEach(({ operation, key, value, outcome }, op) => {
    take({ kind: 'op.invoke', client: 'main/0', op, operation, key, value }, 2 * op);
    if (outcome === null) return;
    take({ kind: 'op.return', client: 'main/0', op, outcome, value: '', scn: 1 }, 2 * op + 1);
  });
  return history;
}

const insert = (id: number, outcome: string | null): Call => ({
  operation: 'insert',
  key: `kv/${id}`,
  value: `v${id}`,
  outcome,
});
const transfer = (from: number, to: number, amount: number, outcome: string | null): Call => ({
  operation: 'transfer',
  key: `accounts/${from}-${to}`,
  value: String(amount),
  outcome,
});
const write = (key: number, value: string, outcome: string | null): Call => ({
  operation: 'write',
  key: `registers/${key}`,
  value,
  outcome,
});

describe('acknowledged and lost', () => {
  test.each<[string, readonly Call[], Rows, number | null]>([
    [
      'every insert is there',
      [insert(1, 'ok'), insert(2, 'ok')],
      [
        ['1', 'v1'],
        ['2', 'v2'],
      ],
      0,
    ],
    ['an acknowledged insert is not there', [insert(1, 'ok'), insert(2, 'ok')], [['1', 'v1']], 1],
    ['one that failed, or was never answered, is none', [insert(1, 'error'), insert(2, null)], [], 0],
  ])('FENCE-56: %s', (_, calls, rows, count) => {
    expect(lostOf('inserts', historyOf(calls), rows).count).toBe(count);
  });

  test.each<[string, readonly Call[], Rows, number]>([
    [
      'balances are as acknowledged',
      [transfer(1, 2, 5, 'ok')],
      [
        ['1', '995'],
        ['2', '1005'],
      ],
      0,
    ],
    [
      'one of two transfers is not there',
      [transfer(1, 2, 5, 'ok'), transfer(1, 2, 7, 'ok')],
      [
        ['1', '995'],
        ['2', '1005'],
      ],
      1,
    ],
    [
      'an unknown one is there',
      [transfer(1, 2, 5, 'unknown')],
      [
        ['1', '995'],
        ['2', '1005'],
      ],
      0,
    ],
    [
      'an unknown one is not there',
      [transfer(1, 2, 5, 'unknown')],
      [
        ['1', '1000'],
        ['2', '1000'],
      ],
      0,
    ],
    ['a row is gone', [transfer(1, 2, 5, 'ok')], [['1', '995']], 1],
  ])('FENCE-56: %s', (_, calls, rows, count) => {
    expect(lostOf('transfers', historyOf(calls), rows).count).toBe(count);
  });

  test.each<[string, string, number]>([
    ['the last write is there', 'b', 0],
    ['the write before it is there in its place', 'a', 1],
  ])('FENCE-56: %s', (_, value, count) => {
    const calls = [write(1, 'a', 'ok'), write(1, 'b', 'ok')];
    expect(lostOf('registers', historyOf(calls), [['1', value]]).count).toBe(count);
  });

  test('rows that cannot be read are no proof', () => {
    expect(lostOf('inserts', historyOf([]), null).count).toBeNull();
  });

  test('the number is that of the answer that acknowledged it', () => {
    expect(lostOf('inserts', historyOf([insert(1, 'ok'), insert(2, 'ok')]), [['1', 'v1']]).first).toBe(3);
  });
});

describe('words', () => {
  const isComplete = ({ en, zh }: { readonly en: string; readonly zh: string }): boolean =>
    en !== '' && /[\u4e00-\u9fff]/.test(zh) && !/[\u4e00-\u9fff]/.test(en);

  test('every stack says what each fault and load is in each of its clusters, in both languages', () => {
    for (const { id, faults, loads } of comparedStacks) {
      for (const name of offeredPresets.filter((preset) => stackOfPreset(preset) === id))
        for (const fault of comparedFaults) {
          const meaning = faults[fault](present(findPreset(name), name).cluster);
          expect(isComplete('absent' in meaning ? meaning.absent : meaning.means)).toBe(true);
        }
      for (const load of comparedLoads) {
        const { note } = loads[load];
        expect(note === undefined || isComplete(note)).toBe(true);
      }
    }
  });
});
