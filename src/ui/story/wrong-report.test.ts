import { expect, test } from 'vitest';
import { parseTape } from '../../sim/tape-parse.ts';
import { tapes } from '../../stacks/tapes.ts';
import { wrongReport } from './wrong-report.ts';

const TAPE = `postdb-tape 1
engine 0.1.0
preset cynosdb
profile demo
seed 7

10.000 crash store-1
`;

test('a report of what is wrong is a tape, with sentence, moment and claim before it', () => {
  const said = {
    text: 'VDL of v1 moves\nfrom 3 to 9',
    claims: [{ kind: 'health', node: 'n1', is: 'live' } as const],
  };
  const report = wrongReport(said, 12_345, TAPE);
  expect(report.split('\n').slice(0, 4)).toEqual([
    '# this is wrong: VDL of v1 moves from 3 to 9',
    '# at 12.345 ms',
    '# claim {"kind":"health","node":"n1","is":"live"}',
    'postdb-tape 1',
  ]);
  const read = parseTape(tapes, report);
  expect(read.ok && read.tape.actions.map(({ kind }) => kind)).toEqual(['crash']);
});
