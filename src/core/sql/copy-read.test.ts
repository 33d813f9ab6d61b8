// COPY's formats by worked vectors, back and forth, and on damaged data.

import { expect, test } from 'vitest';
import { type CopyFormat, copyLine } from './copy-format.ts';
import { copyFields, nextCopyLine, startCopy } from './copy-read.ts';
import { SqlFailure } from './failure.ts';

const TEXT: CopyFormat = {
  isCsv: false,
  delimiter: '\t',
  quote: '"',
  escapeChar: '"',
  nullText: '\\N',
  header: 'no',
};
const CSV: CopyFormat = { ...TEXT, isCsv: true, delimiter: ',', nullText: '' };

/** All lines' fields, or what is wrong and in which line. */
function read(data: string, format: CopyFormat): readonly (readonly (string | null)[])[] | string {
  const cursor = startCopy();
  try {
    const rows: (string | null)[][] = [];
    for (let line = nextCopyLine(data, cursor, format); line !== null; ) {
      rows.push(copyFields(line, format).map(({ text }) => text));
      line = nextCopyLine(data, cursor, format);
    }
    return rows;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    return `${error.sqlstate} line ${cursor.line}: ${error.message}`;
  }
}

test.each<[string, CopyFormat, string, ReturnType<typeof read>]>([
  ['an empty text', TEXT, '', []],
  [
    'a last line without its end',
    TEXT,
    '1\ta\n2\tb',
    [
      ['1', 'a'],
      ['2', 'b'],
    ],
  ],
  ['an empty line', TEXT, '\n', [['']]],
  ['an empty last field', TEXT, '1\t\n', [['1', '']]],
  ['null and its letters', TEXT, '\\N\t\\\\N\t\\n\n', [[null, '\\N', '\n']]],
  ['all letters', TEXT, '\\b\\f\\n\\r\\t\\v\\q', [['\b\f\n\r\t\vq']]],
  ['octal and hexadecimal digits', TEXT, '\\101\\x42\\x4g\\xg\\1019', [['AB\x04gxgA9']]],
  ['bytes of a character', TEXT, '\\xc3\\xa9\\303\\251', [['éé']]],
  ['bytes of none', TEXT, 'a\\xc3', '22021 line 1: invalid byte sequence for encoding "UTF8"'],
  ['a zero byte', TEXT, '\\0', '22021 line 1: invalid byte sequence for encoding "UTF8"'],
  ['a byte order mark', TEXT, '\\xef\\xbb\\xbfa', [['\ufeffa']]],
  ['a line end and a delimiter behind a backslash', TEXT, 'a\\\nb\\\tc\td\n', [['a\nb\tc', 'd']]],
  ['a backslash at the end', TEXT, 'a\\', [['a']]],
  ['the end of data', TEXT, '1\n\\.\n2\n', [['1']]],
  [
    'the end of data behind a value',
    TEXT,
    '1\\.\n',
    '22P04 line 1: end-of-copy marker is not alone on its line',
  ],
  ['ends of one kind', TEXT, 'a\r\nb\r\n', [['a'], ['b']]],
  ['carriage returns alone', TEXT, 'a\rb\r', [['a'], ['b']]],
  ['another end', TEXT, 'a\nb\r\n', '22P04 line 2: literal carriage return found in data'],
  ['and the other way', TEXT, 'a\r\nb\n', '22P04 line 2: literal newline found in data'],
  ['CSV: null and an empty text', CSV, ',""\n', [[null, '']]],
  ['CSV: quotes, doubled and in the middle', CSV, '"a""b",c"d,"e\n', [['a"b', 'cd,e']]],
  [
    'CSV: an end of line in quotes does not count while no end is known',
    CSV,
    '"a\n\nb",1\n"',
    '22P04 line 2: unterminated CSV quoted field',
  ],
  ['CSV: an escape of its own', { ...CSV, escapeChar: '\\' }, '"a\\"b\\\\"\n', [['a"b\\']]],
  [
    'CSV: another end outside of quotes',
    CSV,
    '"\r\n"\na\r\n',
    '22P04 line 3: unquoted carriage return found in data',
  ],
])('%s', (_, format, data, expected) => {
  expect(read(data, format)).toEqual(expected);
});

test.each<[string, CopyFormat, readonly (string | null)[], readonly boolean[], string]>([
  ['text', TEXT, ['a\tb\\\n\b\x01', null, ''], [], 'a\\tb\\\\\\n\\b\x01\t\\N\t'],
  ['a delimiter', { ...TEXT, delimiter: '|' }, ['a|b\t'], [], 'a\\|b\\t'],
  ['CSV', CSV, ['a,b', 'a"b', 'a\nb', '', null, 'x'], [], '"a,b","a""b","a\nb","",,x'],
  ['CSV: the end of data alone', CSV, ['\\.'], [], '"\\."'],
  ['CSV: the end of data beside another', CSV, ['\\.', 'a'], [], '\\.,a'],
  ['CSV: forced, but no null', CSV, ['a', null], [true, true], '"a",'],
  ['CSV: an escape of its own', { ...CSV, escapeChar: '\\' }, ['"\\', '\\'], [], '"\\"\\\\",\\'],
])('%s is written', (_, format, values, forced, line) => {
  expect(copyLine(format, values, forced)).toBe(line);
});

/** A small generator of its own: which numbers does not matter. */
function makeDraw(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

const PIECES = [
  'a',
  '1',
  ',',
  '\t',
  '"',
  '\\',
  '\n',
  '\r',
  '.',
  'N',
  '\\N',
  '\\.',
  'é',
  '\u{1f600}',
  '|',
  "'",
  '',
];

test('what is written is read again, in any format', () => {
  const draw = makeDraw(1);
  let quoted = 0;
  for (let i = 0; i < 2000; i++) {
    const isCsv = draw(2) === 0;
    const base = isCsv ? CSV : TEXT;
    const delimiter = ['\t', ',', '|', ';'][draw(4)] ?? ',';
    const escapeChar = draw(2) === 0 ? '"' : "'";
    const format = { ...base, delimiter, escapeChar, nullText: draw(2) === 0 ? base.nullText : 'null' };
    const rows = Array.from({ length: 1 + draw(4) }, () =>
      Array.from({ length: 1 + draw(3) }, () =>
        draw(6) === 0 ? null : Array.from({ length: draw(5) }, () => PIECES[draw(PIECES.length)]).join(''),
      ),
    );
    // A null alone on a line of the CSV format is an empty line, which is read as one null.
    const data = rows.map((row) => `${copyLine(format, row)}\n`).join('');
    if (data.includes('"')) quoted += 1;
    expect(read(data, format)).toEqual(rows);
  }
  expect(quoted).toBeGreaterThan(500);
});

test('damaged data is read or refused', () => {
  const draw = makeDraw(2);
  let refused = 0;
  for (let i = 0; i < 5000; i++) {
    const data = Array.from({ length: draw(30) }, () => PIECES[draw(PIECES.length)]).join('');
    const found = read(data, draw(2) === 0 ? CSV : TEXT);
    if (typeof found === 'string') {
      expect(found).toMatch(/^(?:22P04|22021) line \d+: /);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(500);
});
