// Damaged and forged syntax trees: whatever a client sends, analysis answers by value, and what it accepts runs.

import { expect, test } from 'vitest';
import { makePrng, nextBelow, nextChance, type Prng } from '../base/prng.ts';
import { analyse } from '../core/sql/analyse.ts';
import { TREE_BYTES_MAX } from '../core/sql/limits.ts';
import { makeGenerator, nextStatement } from '../core/sql/testing/generator.ts';
import { schemaStatements } from '../core/sql/testing/generator-schema.ts';
import { makeMemoryDatabase, memoryCatalog } from '../core/sql/testing/memory-database.ts';
import { type MemorySession, makeMemorySession, runStatement } from '../core/sql/testing/memory-session.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function startSession(): Promise<MemorySession> {
  await loadSqlParser();
  const session = makeMemorySession(makeMemoryDatabase());
  for (const sql of [...schemaStatements(), "insert into items values (1, 2, 3, 'x', 4, true)"])
    for (const statement of parseSql(sql)) runStatement(session, statement);
  return session;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Values that a forger would try. */
const FORGERIES: readonly Json[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  2 ** 53,
  '',
  'nope',
  '\0',
  '__proto__',
  'constructor',
  [],
  {},
  [null],
  { String: {} },
  { List: { items: [{}] } },
  { A_Const: { ival: { ival: 1e300 } } },
  { A_Const: { fval: { fval: '1e999999' } } },
  { A_Const: { fval: { fval: 'abc' } } },
  { ParamRef: { number: 4000000000 } },
  { ColumnRef: { fields: [{ A_Star: {} }] } },
  { ColumnRef: { fields: [] } },
  { FuncCall: { funcname: [{ String: { sval: 'toString' } }] } },
  { A_Expr: { kind: 'AEXPR_OP', name: [], rexpr: {} } },
];

/** All places in a tree: the container and the key in it. */
function placesOf(root: Json): { holder: Json[] | { [key: string]: Json }; key: string }[] {
  if (root === null || typeof root !== 'object') return [];
  return Object.entries(root).flatMap(([key, value]) => [
    { holder: root as { [key: string]: Json }, key },
    ...placesOf(value as Json),
  ]);
}

function mutate(prng: Prng, tree: Json): void {
  const places = placesOf(tree);
  const place = places[nextBelow(prng, places.length)];
  const other = places[nextBelow(prng, places.length)];
  if (place === undefined || other === undefined) return;
  const holder = place.holder as { [key: string]: Json };
  switch (nextBelow(prng, 5)) {
    case 0:
      delete holder[place.key];
      break;
    case 1:
      holder[place.key] = structuredClone(FORGERIES[nextBelow(prng, FORGERIES.length)] ?? null);
      break;
    case 2:
      holder[place.key] = structuredClone((other.holder as { [key: string]: Json })[other.key] ?? null);
      break;
    case 3:
      holder[other.key] = structuredClone(holder[place.key] ?? null);
      break;
    default:
      holder.extra = 1;
  }
}

test('mutated trees are answered by value and run without a fault', async () => {
  const session = await startSession();
  const generator = makeGenerator(81);
  const prng = makePrng(77, 'sql-fuzz');
  const counts = { refused: 0, ran: 0 };
  const [rollback] = parseSql('rollback');
  for (let i = 0; i < 2000; i++) {
    // In a failed block nothing runs: it is left at once.
    if (session.failed && rollback) runStatement(session, rollback);
    const { sql } = nextStatement(generator);
    for (const statement of parseSql(sql)) {
      const tree = JSON.parse(decoder.decode(statement.tree)) as Json;
      const times = 1 + nextBelow(prng, 3);
      for (let k = 0; k < times; k++) mutate(prng, tree);
      const result = runStatement(session, { text: sql, tree: encoder.encode(JSON.stringify(tree)) }, [
        '1',
        '2',
        '3',
      ]);
      if (result.kind === 'error') {
        expect(result.sqlstate).toMatch(/^[0-9A-Z]{5}$/);
        expect(result.message).not.toBe('');
        counts.refused += 1;
      } else counts.ran += 1;
    }
  }
  expect(counts.refused).toBeGreaterThan(1000);
  expect(counts.ran).toBeGreaterThan(100);
});

test('damaged bytes are answered by value', async () => {
  const session = await startSession();
  const catalog = memoryCatalog(session.db);
  const prng = makePrng(78, 'sql-fuzz');
  const [statement] = parseSql("select a, upper(c) from items where id in (1, 2) and c like 'x%' order by 1");
  if (statement === undefined) throw new Error('no statement');
  let refused = 0;
  for (let i = 0; i < 5000; i++) {
    const bytes = statement.tree.slice(
      0,
      nextChance(prng, 1, 4) ? nextBelow(prng, statement.tree.length) : undefined,
    );
    for (let k = 0; k <= nextBelow(prng, 4); k++) bytes[nextBelow(prng, bytes.length)] = nextBelow(prng, 256);
    if (!analyse(statement.text, bytes, [], catalog).ok) refused += 1;
  }
  expect(refused).toBeGreaterThan(3000);
});

const treeOf = (json: string): Uint8Array => encoder.encode(json);
const select = (expression: string): string =>
  `{"stmts":[{"stmt":{"SelectStmt":{"targetList":[{"ResTarget":{"val":${expression}}}]}}}]}`;

const FORGED: readonly (readonly [string, Uint8Array, string])[] = [
  ['empty', new Uint8Array(0), '08P01'],
  ['not an object', treeOf('[1]'), '08P01'],
  ['no statement', treeOf('{"stmts":[]}'), '08P01'],
  ['two statements', treeOf('{"stmts":[{"stmt":{"A":{}}},{"stmt":{"A":{}}}]}'), '08P01'],
  ['not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), '08P01'],
  ['brackets without end', treeOf('['.repeat(100_000)), '54001'],
  ['too large', new Uint8Array(TREE_BYTES_MAX + 1).fill(0x20), '54000'],
  ['inherited names', treeOf(select('{"toString":{}}')), '0A000'],
  ['a prototype', treeOf('{"__proto__":{"stmts":[]},"stmts":[{"stmt":{"__proto__":{}}}]}'), '0A000'],
  ['two tags', treeOf(select('{"A_Const":{},"ColumnRef":{}}')), '08P01'],
  ['an unknown field', treeOf(select('{"A_Const":{"ival":{"ival":1},"evil":true}}')), '0A000'],
  ['an integer too large', treeOf(select('{"A_Const":{"ival":{"ival":3000000000}}}')), '08P01'],
  ['a column of nothing', treeOf(select('{"ColumnRef":{"fields":[]}}')), '08P01'],
  [
    'a deep expression',
    treeOf(
      select(
        '{"A_Expr":{"kind":"AEXPR_OP","name":[{"String":{"sval":"-"}}],"rexpr":'.repeat(70) +
          '{}' +
          '}}'.repeat(70),
      ),
    ),
    '54001',
  ],
];

test.each(FORGED)('a forged tree, %s, is refused', async (_, tree, sqlstate) => {
  const session = await startSession();
  const result = analyse('select 1', tree, [], memoryCatalog(session.db));
  expect(result).toMatchObject({ ok: false, error: { sqlstate } });
});
