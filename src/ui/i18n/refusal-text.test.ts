// PRE-9, T05: whatever a person types that is refused is refused in the language of the page.

import { afterEach, beforeAll, expect, test } from 'vitest';
import { readCompareLink } from '../../lab/compare-link.ts';
import { runOfLink } from '../../lab/link-run.ts';
import { printReproBundle } from '../../lab/repro-bundle.ts';
import { decodeTape } from '../../lab/share.ts';
import { readTapeFile } from '../../lab/tape-file.ts';
import { makeParams } from '../../presets/parameters.ts';
import { type Refusal, refusal, refusalTexts } from '../../presets/refusals.ts';
import { readCluster } from '../../sim/cluster-file.ts';
import { emptyCluster, readClusterLine } from '../../sim/cluster-lines.ts';
import { clusterSaid } from '../../sim/cluster-said.ts';
import { checkAction } from '../../sim/tape-check.ts';
import { parseAction, parseTape } from '../../sim/tape-parse.ts';
import { BadLine, splitWords } from '../../sim/tape-tokens.ts';
import { comparedColumn } from '../../stacks/compared.ts';
import { findPreset, presets } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { failureText, refusalText } from './refusal-text.ts';
import { languageStore, plainWords } from './texts.ts';

beforeAll(() => languageStore.setState({ language: 'zh-CN' }));
afterEach(() => languageStore.setState({ language: 'zh-CN' }));

/** Chinese, and no English sentence: what is quoted and names of several words aside. */
function expectChinese(why: Refusal): void {
  const said = refusalText(why);
  expect(said, why.error).toMatch(/\p{Script=Han}/u);
  expect(said.replaceAll(/"[^"]*"/g, ''), why.error).not.toMatch(/[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}/);
  expect(said, why.error).not.toMatch(/[{}]|undefined|refused\./);
  languageStore.setState({ language: 'en' });
  expect(refusalText(why)).toBe(why.error);
  languageStore.setState({ language: 'zh-CN' });
}

const five = `cluster five
architecture cynosdb
node d1 driver a
node meta-1 meta a
node rw-1 writer a
node store-1..5 store a,b
group store-1..5 write=4 read=2
link a b base=1.000 jitter=0.200
profile demo
seed 3
load d1 main kind=transfer rows=10 clients=1 thinkUs=1000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true
`;

test.each([
  ['cluster five', 'cluster Five'],
  ['cluster five', 'cluster hook-hole'],
  ['cluster five', 'cluster "five"'],
  ['cluster five', 'cluster five\ncluster six'],
  ['cluster five\n', ''],
  ['cynosdb', 'oracle'],
  ['node d1 driver a', 'node d1 chunk a'],
  ['node d1 driver a', 'node d1 driver A'],
  ['node d1 driver a', 'node d1 driver a priority=1'],
  ['node d1 driver a', 'node d1..d9999 driver a'],
  ['node d1 driver a', 'node d1'],
  ['node d1 driver a', 'node d1 driver a sync=x'],
  ['node d1 driver a', 'node d1 driver a speed=1'],
  ['node meta-1', 'node d1'],
  ['node store-1..5', 'node store-1..2'],
  ['node rw-1 writer a\n', ''],
  ['write=4 read=2', 'write=2 read=4'],
  ['write=4 read=2', 'write=4'],
  ['write=4', 'write=99'],
  ['link a b', 'link a c'],
  ['base=1.000 ', ''],
  ['base=1.000', 'base=0.200'],
  ['base=1.000', 'base=1000000'],
  ['jitter=0.200', 'jitter=0.200 p50=2'],
  ['jitter=0.200', 'p50=0.1'],
  ['jitter=0.200', 'speed=4'],
  ['jitter=0.200', 'jitter=0.200\nlink b a base=4.000'],
  ['profile demo', 'profile quick'],
  ['profile demo', 'profile demo\nset lol 3'],
  ['profile demo', 'profile demo\nset lal 3'],
  ['profile demo', 'profile demo\nset lal 99\nset lal 99'],
  ['seed 3', 'seed three'],
  ['seed 3', 'seed 3 4'],
  ['seed 3', 'seed "3'],
  ['load d1', 'load d2'],
  ['kind=transfer', 'kind=transfers'],
  ['rows=10', 'rows'],
  ['rows=10', 'columns=10'],
  ['rows=10 ', ''],
  ['load=true', 'load=yes'],
  ['group store', 'groups store'],
])('PRE-9 %s as %s is refused in Chinese', (from, to) => {
  const spoilt = five.replace(from, to);
  const result = readCluster(presets, spoilt, 'own');
  if (result.ok) throw new Error('it was not refused');
  expectChinese(result.why);
  const said = clusterSaid(presets, spoilt);
  if (!('error' in said)) throw new Error('it was not refused');
  expectChinese(said);
  const column = comparedColumn(spoilt);
  if (!('error' in column)) throw new Error('it was not refused');
  expectChinese(column);
});

test.each(['p50', 'p50=x', 'p50=0.001', 'p50=9 p40=10', 'p2000=9', 'p50=3 jitter=4 tail=7', 'median=5'])(
  'PRE-9 pasted percentiles %s are refused in Chinese',
  (typed) => {
    const read = (): unknown =>
      readClusterLine(emptyCluster(), 'link', splitWords(`a b base=1.000 ${typed}`), presets.kindsOf, {
        line: 1,
        isFile: true,
      });
    expect(read).toThrow(BadLine);
    try {
      read();
    } catch (error) {
      if (error instanceof BadLine) expectChinese(error.why);
    }
  },
);

test.each([
  ['columns', 'nothing'],
  ['columns', 'toy'],
  ['columns', '1.!!'],
  ['columns', '9.abc'],
  ['columns', '1.abcd'],
  ['columns', 'cynosdb,cynosdb'],
  ['columns', 'a,b,c,d,e,f,g'],
  ['fault', 'none-such'],
  ['load', 'none-such'],
  ['seed', '-1'],
])('PRE-9 a comparison with %s=%s is refused in Chinese', (name, value) => {
  const result = readCompareLink(new Map([[name, value]]));
  if (result === null || result.ok) throw new Error('it was not refused');
  expectChinese(result.why);
});

test('PRE-9 a link that cannot be opened says so in Chinese', () => {
  for (const link of ['', '2.abc', '1.***', '1.AAAA']) {
    const opened = decodeTape(link);
    if (opened.ok) throw new Error(link);
    expectChinese(opened.why);
  }
});

const cluster = (preset: string) => {
  const found = findPreset(preset);
  if (found === null) throw new Error(preset);
  return found;
};

test.each([
  ['cynosdb', 'crush store-1'],
  ['cynosdb', 'crash'],
  ['cynosdb', 'crash store-9'],
  ['cynosdb', 'crash store-1 softly'],
  ['cynosdb', 'crash "store-1"'],
  ['cynosdb', 'crash store-1 for ms'],
  ['cynosdb', 'crash store-1 for 6'],
  ['cynosdb', 'crash store-1 for 6 s'],
  ['cynosdb', 'crash store-1 drawn for 6 ms now'],
  ['cynosdb', 'crashOn store-1'],
  ['cynosdb', 'crashKeeping store-1 most'],
  ['cynosdb', 'crashKeeping store-1 only'],
  ['cynosdb', 'crashLosing store-1 null'],
  ['cynosdb', 'wipeDisk rw-1'],
  ['cynosdb', 'wipeDisk d1'],
  ['cynosdb', 'partition rw-1'],
  ['cynosdb', 'partition rw-1 | rw-1'],
  ['cynosdb', 'cut rw-1 store-1'],
  ['cynosdb', 'cut rw-1 - store-1'],
  ['cynosdb', 'cut rw-1 | rw-1'],
  ['cynosdb', 'cut | store-1'],
  ['cynosdb', 'latency rw-1 | store-1 : 0.010 ms'],
  ['cynosdb', 'latency rw-1 | store-1 5'],
  ['cynosdb', 'loss rw-1 | store-1 : 500 %'],
  ['cynosdb', 'dropMessage nothing'],
  ['cynosdb', 'sql d1 main SELECT'],
  ['cynosdb', 'sql rw-1 main "SELECT 1"'],
  ['cynosdb', 'sql d1 main "SELECT \\x"'],
  ['cynosdb', 'sql d1 main "SELECT \\u12"'],
  ['cynosdb', 'sql d1 main "SELECT 1'],
  ['cynosdb', 'session d1 main ro session'],
  ['cynosdb-ro', 'session d1 main rw-9 session'],
  ['postdb-v4', 'session d1 main rw session'],
  ['cynosdb', 'workload d1 main rows=1'],
  ['cynosdb', 'workloadSet d1 main'],
  ['cynosdb', 'workloadSet d1 main rows=x'],
  ['cynosdb', 'addNode ro-7 reader a'],
  ['cynosdb-ro', 'addNode x-7 reader a'],
  ['cynosdb-ro', 'addNode ro-1 reader a'],
  ['cynosdb-ro', 'addNode ro-7 reader zz'],
  ['cynosdb-ro', 'addNode ro-7 nothing a'],
  ['cynosdb', 'removeNode rw-1'],
  ['cynosdb', 'offline rw-1'],
  ['cynosdb', 'padTo rw-1 100 "x*"'],
  ['cynosdb', 'padTo store-1 100 "g1"'],
  ['cynosdb', 'checkpoint rw-1'],
  ['cynosdb', 'evictPage rw-1 @Vol 3'],
  ['cynosdb', 'revokeReader rw-1 store-1'],
  ['polardb', 'revokeReader rw-1 ro-1'],
  ['cynosdb', 'switchover rw-1'],
  ['cynosdb', 'moveToHa rw-1 1'],
  ['cynosdb', 'pauseHoles store-1 g9'],
  ['cynosdb', 'moveReplica store-1 rw-1'],
  ['cynosdb', 'addPcs meta-1'],
  ['cynosdb', 'addPcs store-1'],
  ['cynosdb', 'nameArchiver store-1'],
  ['cynosdb', 'restore v1 to page 4 as v2'],
  ['cynosdb', 'restore v1 to lsn 4 as v2'],
  ['cynosdb', 'ask store-1 : polka'],
  ['cynosdb', 'splitGroup g1'],
])('T05 in %s the line %s is refused in Chinese', (preset, line) => {
  const { cluster: there, profile, changes } = cluster(preset);
  const made = makeParams(profile, changes, there);
  if (!made.ok) throw new Error(made.error);
  const read = parseAction(tapes, `1.000 ${line}`);
  const why = 'error' in read ? read : checkAction(tapes, read, there, made.params);
  if (why === null) throw new Error('it was not refused');
  expectChinese(why);
});

const HEAD = 'postdb-tape 1\nengine 0\npreset cynosdb\nprofile demo\nseed 1\n';
test.each([
  '',
  'tape',
  'postdb-tape 99',
  `${HEAD}colour blue`,
  HEAD.replace('cynosdb', 'cynosbd'),
  HEAD.replace('seed 1\n', ''),
  HEAD.replace('preset cynosdb\n', ''),
  `${HEAD}cluster five\narchitecture cynosdb`,
  `${HEAD}2.000 healAll\n1.000 healAll`,
  `${HEAD}2.000 healAll\nseed 1`,
  `${HEAD}-1.000 healAll`,
  `${HEAD}mark 1.000 now`,
  `${HEAD}end 1.000 abc`,
  `${HEAD}packed 1 1 00000000`,
  `${HEAD}packed 1 1 00000000 ***`,
  `${HEAD}packed 1 1 00000000 AAAA`,
])('T05 the tape %j is refused in Chinese', (text) => {
  const result = parseTape(tapes, text);
  if (result.ok) throw new Error('it was not refused');
  expectChinese(result.why);
});

const bundle = printReproBundle({
  engine: '1',
  preset: 'cynosdb',
  seed: 1,
  error: { kind: 'engine', node: '', at: 1, rule: '', detail: '' },
  hash: null,
  tape: HEAD,
  trace: ['{}'],
});
test.each([
  bundle.replace('"seed":1', '"seed":-1'),
  bundle.replace('"version":1', '"version":9'),
  bundle.replace('"engine"', 'engine"'),
  bundle.replace('{}', '{"index":1}'),
  bundle.trimEnd().split('\n').slice(0, -1).join('\n'),
  `${bundle}{}\n`,
])('T05 the repro bundle %j is refused in Chinese', (text) => {
  const read = readTapeFile(text);
  if (read.ok || 'code' in read.why) throw new Error('it was not refused');
  expectChinese(read.why);
});

test.each([
  [['preset', 'oracle']],
  [
    ['preset', 'cynosdb'],
    ['seed', '-1'],
  ],
] as const)('T05 a link with %j is refused in Chinese', (...pairs) => {
  const read = runOfLink(new Map(pairs));
  if (read?.ok !== false) throw new Error('it was not refused');
  expectChinese(refusal(read.why.kind, read.why.of));
});

test("T05 what the lab itself refuses has a code, and a worker's own sentence stands as it is", () => {
  const error = 'the cluster is not running';
  expect(failureText({ error, why: { kind: 'notRunning', of: {}, error } })).toBe('集群未在运行');
  expect(failureText({ error: 'no such file' })).toBe('no such file');
});

test('PRE-9 the English of a refusal is one in all its places, and each has Chinese', () => {
  for (const [kind, text] of Object.entries(refusalTexts)) {
    expect(plainWords('en', `refused.${kind}`)).toBe(text.replaceAll(/\{\w+\}/g, '…'));
    expect(plainWords('zh-CN', `refused.${kind}`), kind).toMatch(/\p{Script=Han}/u);
  }
});
