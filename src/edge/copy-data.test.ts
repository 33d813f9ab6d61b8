// Where data lines begin and end in a text of SQL.

import { beforeAll, expect, test } from 'vitest';
import { cutCopyData, statementsOf } from './copy-data.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';

beforeAll(loadSqlParser);

const dataOf = (text: string) => cutCopyData(text).data.map(({ data }) => data);

test.each<[string, string, readonly string[]]>([
  ['no COPY', "select 'copy t from stdin;\n1\n'", []],
  ['up to the mark', 'copy t from stdin;\n1\n2\n\\.\nselect 1', ['1\n2\n']],
  ['up to the end of the text', 'copy t from stdin;\n1\n2', ['1\n2']],
  ['with other line ends', 'copy t from stdin;\r\n1\r\n\\.\r\nselect 1', ['1\r\n']],
  ['no data', 'copy t from stdin;\n\\.\n', ['']],
  ['no semicolon', 'copy t from stdin', ['']],
  ['options, columns and a comment', 'COPY "t;"(a) /* ; */ FROM -- ;\nSTDIN (null \';\');\n1\n', ['1\n']],
  ['two of them', 'copy t from stdin;\na\n\\.\nbegin;copy u from stdin;\nb\n\\.\ncommit', ['a\n', 'b\n']],
  [
    'semicolons, quotes and SQL in the data',
    "copy t from stdin;\n';\ncopy u from stdin;\n\\.\n",
    ["';\ncopy u from stdin;\n"],
  ],
  ['within a query', 'copy (select 1 from stdin) to stdout;\n1', []],
  ['out', 'copy t to stdout;\nselect 1', []],
  ['in a string', "select e'\\'copy t from stdin;\n', $x$;copy t from stdin;\n$x$", []],
])('%s', (_, text, data) => {
  expect(dataOf(text)).toEqual(data);
});

test('positions behind the data stay, and the data knows its own', () => {
  const text = "select 'é';copy t from stdin;\nß\u{1f600}\n\\.\nselect 2";
  const [, copy, last] = parseSql(text).map(({ text: own, tree }) => ({
    own,
    ...(JSON.parse(new TextDecoder().decode(tree)) as { offset: number; copy?: unknown }),
  }));
  expect(copy).toMatchObject({
    own: 'copy t from stdin',
    offset: 11,
    copy: { data: 'ß\u{1f600}\n', at: 30 },
  });
  expect(last).toMatchObject({ own: 'select 2', offset: 36 });
});

test('each COPY FROM STDIN that the parser finds has its data', () => {
  const pieces = [
    'copy t from stdin',
    'copy t to stdout',
    ';\n',
    '1\t2\n',
    '\\.\n',
    "';'",
    'select 1',
    ' -- ',
    '/* ',
    ' */',
    '$$',
  ];
  let state = 7;
  let copies = 0;
  for (let i = 0; i < 3000; i++) {
    let text = '';
    for (let n = 0; n < 10; n++) {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      text += pieces[(state >>> 8) % pieces.length];
    }
    for (const { tree } of parseSql(text)) {
      const { stmts, copy } = JSON.parse(new TextDecoder().decode(tree)) as {
        stmts?: { stmt: { CopyStmt?: { is_from?: boolean } } }[];
        copy?: unknown;
      };
      const isFrom = stmts?.[0]?.stmt.CopyStmt?.is_from === true;
      expect(copy !== undefined, text).toBe(isFrom);
      if (isFrom) copies += 1;
    }
  }
  expect(copies).toBeGreaterThan(20);
});

test('the statements of a script, each with its line and its data', () => {
  const script = `-- a dump
SET a = 'x;y';

/* what
follows */ CREATE TABLE t (a int, b text DEFAULT ';');
COPY public.t (a, b) FROM stdin;
1\tone; two
2\t\\N
\\.

SELECT $$;$$
`;
  expect(statementsOf(script)).toEqual([
    { text: "SET a = 'x;y'", line: 2, data: null },
    { text: "CREATE TABLE t (a int, b text DEFAULT ';')", line: 5, data: null },
    { text: 'COPY public.t (a, b) FROM stdin', line: 6, data: '1\tone; two\n2\t\\N\n' },
    { text: 'SELECT $$;$$', line: 11, data: null },
  ]);
  expect(statementsOf('-- nothing\n;;')).toEqual([]);
});
