// Drawn data in drawn formats, copied into a table of two databases and out again: rows, tags, SQLSTATEs, and line and column of what
// is wrong must be the same.

import { makePrng, nextBelow, nextChance, type Prng } from '../../base/prng.ts';
import type { StatementResult } from '../../core/kernel/client-calls.ts';
import type { Run } from './postgres-run.ts';

const SCHEMA =
  "create table copied (id int primary key, t text, n numeric(5,2) default 3.5, v varchar(3), f boolean, d date not null default '2026-01-01', check (id <> 13))";
const COLUMNS = ['id', 't', 'n', 'v', 'f', 'd'];
const GOOD: Readonly<Record<string, readonly string[]>> = {
  t: [
    '',
    'a',
    'a b',
    'x,y',
    'x|y',
    'say "hi"',
    "it's",
    'é\u{1f600}',
    '\\\\',
    'a\\tb',
    '\\x41',
    '\\N',
    'null',
  ],
  n: ['1', '-2.345', '12.5', ' 7 ', '\\N', '', '1e2'],
  v: ['abc', 'ab', '', 'abc  ', '\\N'],
  f: ['t', 'false', 'on', '0', '\\N'],
  d: ['2026-11-23', 'infinity', '2000-02-29'],
};
const BAD = [
  'x',
  'abcd',
  '1000',
  '\\N',
  '',
  '2026-02-30',
  'a\\.',
  '"',
  '\\xff',
  '"a"b',
  '\\',
  '\r',
  '\t',
  '\\.x',
];
const DELIMITERS = [',', '|', ';', '\t'];

const pick = <T>(prng: Prng, list: readonly T[]): T => list[nextBelow(prng, list.length)] as T;

function optionsOf(prng: Prng): readonly string[] {
  const options: string[] = [];
  if (nextChance(prng, 1, 2)) options.push('format csv');
  if (nextChance(prng, 1, 2)) options.push(`delimiter '${pick(prng, DELIMITERS)}'`);
  if (nextChance(prng, 1, 4)) options.push(`null '${pick(prng, ['', 'null', '-', '\\N'])}'`);
  if (nextChance(prng, 1, 4)) options.push(pick(prng, ['header', 'header false', 'header match']));
  if (nextChance(prng, 1, 6)) options.push(`quote ''''`);
  if (nextChance(prng, 1, 6)) options.push(`escape '${pick(prng, ['\\', '"', "''"])}'`);
  return options;
}

const columnsOf = (prng: Prng): readonly string[] => {
  const rest = COLUMNS.slice(1).filter(() => nextChance(prng, 1, 2));
  return nextChance(prng, 1, 8) ? COLUMNS : ['id', ...rest];
};

function copyFrom(prng: Prng): string {
  const options = optionsOf(prng);
  const columns = columnsOf(prng);
  const isCsv = options.includes('format csv');
  const delimiter = /delimiter '(.)'/.exec(options.join())?.[1] ?? (isCsv ? ',' : '\t');
  const isGood = nextChance(prng, 2, 3);
  const end = nextChance(prng, 1, 5) ? '\r\n' : '\n';
  const lines = Array.from({ length: nextBelow(prng, 5) }, () => {
    const values = columns.map((name) => {
      if (!isGood && nextChance(prng, 1, 8)) return pick(prng, BAD);
      const value = name === 'id' ? String(nextBelow(prng, 40)) : pick(prng, GOOD[name] ?? ['']);
      return isCsv && /[,|;"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
    });
    if (!isGood && nextChance(prng, 1, 10)) values.pop();
    if (!isGood && nextChance(prng, 1, 10)) values.push('more');
    return values.join(delimiter) + (isGood || nextChance(prng, 9, 10) ? end : '\r');
  });
  if (options.some((option) => option === 'header' || option === 'header match'))
    lines.unshift((isGood || nextChance(prng, 1, 2) ? columns : [...columns, 'z']).join(delimiter) + end);
  const where = nextChance(prng, 1, 6) ? ' where id > 5' : '';
  const list = options.length > 0 ? ` (${options.join(', ')})` : '';
  return `copy copied (${columns.join(', ')}) from stdin${list}${where};\n${lines.join('')}\\.\n`;
}

function copyTo(prng: Prng): string {
  const drawn = optionsOf(prng).filter((option) => option !== 'header match');
  const options = nextChance(prng, 1, 4) ? [...drawn, 'force_quote *'] : drawn;
  const columns = columnsOf(prng);
  const list = options.length > 0 ? ` (${options.join(', ')})` : '';
  return `copy (select ${columns.join(', ')} from copied order by id) to stdout${list}`;
}

interface CopyReport {
  readonly differences: readonly string[];
  readonly rows: number;
  readonly errors: ReadonlyMap<string, number>;
}

export async function runCopyDifferential(
  seed: number,
  count: number,
  expected: Run,
  actual: Run,
): Promise<CopyReport> {
  const prng = makePrng(seed, 'copy-differential');
  const differences: string[] = [];
  const errors = new Map<string, number>();
  let rows = 0;
  await expected(SCHEMA, []);
  await actual(SCHEMA, []);
  for (let i = 0; i < count; i++) {
    const sql = i % 25 === 24 ? 'delete from copied' : nextChance(prng, 2, 3) ? copyFrom(prng) : copyTo(prng);
    const right = await expected(sql, []);
    const ours = await actual(sql, []);
    if (shown(right) !== shown(ours))
      differences.push(`${JSON.stringify(sql)}\n  ${shown(right)}\n  ${shown(ours)}`);
    if (right.kind === 'error') errors.set(right.sqlstate, (errors.get(right.sqlstate) ?? 0) + 1);
    else rows += Number(right.tag.split(' ')[1] ?? 0);
  }
  return { differences, rows, errors };
}

/** An answer without the words of its message, but with where in the data it is. */
function shown(result: StatementResult): string {
  if (result.kind === 'rows') return `${result.tag} ${result.rows.map(([line]) => line).join('\n')}`;
  if (result.kind === 'done') return result.tag;
  return `${result.sqlstate} ${result.message.split('\nCONTEXT:  ')[1] ?? ''}`;
}
