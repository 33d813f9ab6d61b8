// Links of comparisons: what is chosen comes back, any text is answered, and a cluster that is none is refused at its field.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sayCluster } from '../sim/say-cluster.ts';
import { drawCluster } from '../sim/sweep/draw-cluster.ts';
import { comparedColumn, comparedStacks } from '../stacks/compared.ts';
import { presets } from '../stacks/presets.ts';
import { type LinkedResult, linkOfComparison, readCompareLink } from './compare-link.ts';
import { encodeTape } from './share.ts';

const read = (hash: string): LinkedResult | null =>
  readCompareLink(
    new Map(
      hash
        .split('&')
        .slice(1)
        .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
    ),
  );
const withColumns = (columns: string): LinkedResult | null => read(`#/compare&columns=${columns}`);

/** Lines of a drawn cluster of each architecture. */
const drawnWith = (seed: number): readonly string[] =>
  comparedStacks.map(({ id }) => sayCluster(presets, drawCluster(presets, id, seed)));

function columnOf(said: string) {
  const column = comparedColumn(said);
  if ('error' in column) throw new Error(column.error);
  return column;
}

describe('links of comparisons', () => {
  test('PRE-9: columns come back, presets and drawn clusters alike', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const columns = ['cynosdb-6', ...drawnWith(seed)].map(columnOf);
      const choice = { load: 'inserts', fault: 'powerCut', seed } as const;
      expect(read(linkOfComparison({ ...choice, columns }))).toEqual({ ok: true, ...choice, columns });
    }
  });

  test('what is left out is as usual, and an address without any of it asks for nothing', () => {
    expect(read('#/compare')).toBeNull();
    expect(read('#/compare&seed=3')).toMatchObject({
      ok: true,
      seed: 3,
      fault: 'killWriter',
      columns: [{ name: 'cynosdb-ha' }, { name: 'postdb-v4' }, { name: 'polardb' }],
    });
  });

  const drawn = drawnWith(1);
  const [shared = ''] = drawn;
  const broken = shared.replace(/^(group \S+ write=)\d+/m, '$11');
  test.each<[string, string, RegExp]>([
    ['a fault that there is none of', 'fault=meteor', /^fault: meteor is none of killWriter, /],
    ['a load that there is none of', 'load=', /^load: {2}is none of transfers, /],
    ['a seed that is no number', 'seed=x', /^seed: x is no whole number/],
    ['a preset that there is none of', 'columns=cynosdb-ha,oracle', /^column 2: unknown preset oracle/],
    ['a stack that is not compared', 'columns=toy', /^column 1: toy is not compared$/],
    ['a column twice', 'columns=polardb,polardb', /^column 2: polardb stands there already$/],
    [
      'too many',
      `columns=${Array.from({ length: 7 }, () => 'polardb').join()}`,
      /^columns: there are 7, at most 6$/,
    ],
    ['a damaged cluster', 'columns=1.AAAA', /^column 1: the link is (damaged|cut off)/],
    ['a quorum too small', `columns=${encodeTape(broken)}`, /^column 1: line \d+, group g1: /],
    [
      'a line that is none',
      `columns=${encodeTape(`${shared}nodes d1\n`)}`,
      /^column 1: line \d+: unknown line nodes/,
    ],
    [
      'a preset’s name inside',
      `columns=${encodeTape(shared.replace(/^cluster .*$/m, 'cluster polardb'))}`,
      /^column 1: line 1, cluster: /,
    ],
  ])('PRE-9, B19: %s is refused by name', (_, parameters, error) => {
    const result = read(`#/compare&${parameters}`);
    expect(result?.ok === false ? result.why.error : result).toMatch(error);
  });

  test('B19: any text, and any change of a cluster’s lines, is answered with a cluster or with what is wrong', () => {
    let [taken, refused] = [0, 0];
    const look = (result: LinkedResult | null): boolean => {
      if (result === null) return false;
      if (result.ok) taken++;
      else refused++;
      return result.ok || result.why.error !== '';
    };
    fc.assert(
      fc.property(fc.string(), (text) => look(withColumns(text.replaceAll('&', '')))),
      { seed: 7 },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 }),
        fc.nat(),
        fc.nat(3),
        fc.string({ maxLength: 4 }),
        (which, at, length, put) => {
          const said = drawn[which] ?? shared;
          const from = at % said.length;
          const changed = `${said.slice(0, from)}${put}${said.slice(from + length)}`;
          return look(withColumns(encodeTape(changed)));
        },
      ),
      { numRuns: 500, seed: 7 },
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(20);
  });
});
