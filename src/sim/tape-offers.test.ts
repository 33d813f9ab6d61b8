import { describe, expect, test } from 'vitest';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import { findPreset } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { exampleOf, nearestAt, offersAt } from './tape-offers.ts';
import { parseAction } from './tape-parse.ts';

const clusterOf = (preset: string): ClusterSpec => {
  const found = findPreset(preset);
  if (found === null) throw new Error(preset);
  return found.cluster;
};
const cynosdb = clusterOf('cynosdb');
const at = (line: string): readonly string[] => offersAt(tapes, cynosdb, line, line.length).words;

describe('what an editor offers is what the reader of the tape takes', () => {
  test.each([
    ['crash ', ['rw-1', 'store-1', 'd1'], ['|', 'g1', 'first 1']],
    ['crash store-1 ', ['loseAll', 'tornLast', 'for'], ['store-2', 'ms']],
    ['crash store-1 tornLast for ', ['6.000 ms'], ['tornLast', 'rw-1']],
    ['wipeDisk ', ['store-1'], ['d1']],
    ['cut rw-1 ', ['|', '>', 'store-1'], ['rw-1', 'for', ':']],
    ['cut rw-1 | ', ['store-1'], ['|', ':']],
    ['cut rw-1 | store-1 ', ['for', 'store-2'], [':', '|']],
    ['latency rw-1 | store-1 ', [':'], ['for']],
    ['latency rw-1 | store-1 : ', ['5.000 ms'], ['for', 'store-2']],
    ['moveReplica store-1 ', ['store-2'], ['for']],
    ['pauseHoles store-1 ', ['for'], ['rw-1']],
    ['sql ', ['d1'], ['rw-1', 'store-1']],
  ])('%s', (line, offered, not) => {
    const words = at(line);
    for (const word of offered) expect(words).toContain(word);
    for (const word of not) expect(words).not.toContain(word);
  });

  test('an action by its first letters, from where its word begins', () => {
    expect(offersAt(tapes, cynosdb, 'cra', 3)).toMatchObject({
      from: 0,
      words: expect.arrayContaining(['crash']),
    });
    expect(offersAt(tapes, cynosdb, 'crash sto', 9).from).toBe(6);
    expect(at('crash "sto')).toEqual([]);
  });

  test('the nearest right word for one that is wrong', () => {
    const near = (line: string, column: number) => nearestAt(tapes, cynosdb, line, column);
    expect(near('crahs store-1', 0)).toEqual({ from: 0, end: 5, word: 'crash' });
    expect(near('crash store-9', 6)).toMatchObject({ from: 6, word: expect.stringMatching(/^store-/) });
    expect(near('crash store-1 tornLats', 14)).toEqual({ from: 14, end: 22, word: 'tornLast' });
    expect(near('crash store-1', 6)).toBeNull();
  });

  test.each(['cynosdb-ro', 'postdb-v4', 'polardb'])(
    'every action has an example that reads back (%s)',
    (preset) => {
      for (const name of tapes.names) {
        const example = exampleOf(tapes, name, clusterOf(preset));
        const read = parseAction(tapes, `0.000 ${example}`);
        expect(read, example).not.toHaveProperty('error');
      }
    },
  );
});
