// Tablets (docs/spec/placement.md PCS-36): a table cut by the first column of its primary key. Each tablet has adjacent relation ids of its
// own for rows and indexes, so a range of keys is a range of pages. Which tablets a statement touches follows from its plan and its
// parameters alone; whoever routes it (the driver) and whoever carries it out read the same definitions.

import type { Row, TableDef, TabletRange, Value } from './access.ts';
import type { CreateTable } from './analyse-ddl.ts';
import { decodeTable, encodeTable } from './catalog-row.ts';
import { compareValues } from './compare.ts';
import { nextCopied, startReader } from './copy-source.ts';
import { evaluate, NO_SURROUNDINGS } from './evaluate.ts';
import { bindParams } from './execute.ts';
import { type Expr, someExpr } from './expression.ts';
import { fail, SqlFailure } from './failure.ts';
import { keyRanges } from './key-range.ts';
import type { AccessPath, CopyFromPlan, InsertPlan, ScanPlan } from './plan-types.ts';
import type { Analysed, PlanNode } from './statement.ts';
import { chooseIndexName, makeTableDef } from './table-def.ts';
import { formatValue, parseValue } from './text-form.ts';

/** Tablets of a table. */
const TABLETS_MAX = 64;

/** What the metadata keeps of a table that is cut: relations count from the first of each tablet. */
export interface CutTable {
  readonly name: string;
  readonly definition: string;
  /** `from`: its least key, in text form; of the first tablet empty. */
  readonly tablets: readonly { readonly relation: number; readonly from: string }[];
}

/** The text of a definition, and where its tablets begin but for the first. */
export function describeTable({ name, columns, indexes, checks, foreignKeys, splitAt }: CreateTable): {
  readonly definition: string;
  readonly bounds: readonly string[];
} {
  const [primary, ...others] = indexes;
  if (primary?.constraint !== 'primary')
    return fail('0A000', `table "${name}" needs a primary key: rows are placed by it`);
  if (others.length > 0) fail('0A000', 'UNIQUE is not supported: a tablet knows only its own rows');
  if (checks.length + foreignKeys.length > 0)
    fail('0A000', 'CHECK and REFERENCES are not supported: the metadata keeps columns and the primary key');
  const index = {
    ...primary,
    name: chooseIndexName(name, columns, primary, (one) => one === name),
    relation: 1,
    since: 0,
  };
  const table = makeTableDef(0, name, columns, [index]);
  return { definition: JSON.stringify(encodeTable(table)), bounds: readBounds(table, splitAt) };
}

function readBounds(table: TableDef, splitAt = ''): readonly string[] {
  const type = table.columns[table.primaryKey[0] ?? -1]?.type ?? 'text';
  const parts = splitAt.split(',').map((part) => part.trim());
  const values = parts.filter((part) => part !== '').map((part) => parseValue(type, part));
  if (values.length >= TABLETS_MAX) fail('54000', `a table has at most ${TABLETS_MAX} tablets`);
  values.forEach((value, i) => {
    const before = values[i - 1];
    if (before !== undefined && compareValues(before, value) >= 0)
      fail('22023', 'split_at must be in ascending order');
  });
  return values.map((value) => formatValue(value) ?? '');
}

const parsed: Map<string, TableDef> = new Map();
const PARSED_MAX = 256;

/** Which definitions are kept shows in no result. */
function definitionOf({ definition }: CutTable): TableDef {
  let table = parsed.get(definition);
  if (table === undefined) {
    if (parsed.size >= PARSED_MAX) parsed.clear();
    table = decodeTable(JSON.parse(definition) as Row);
    parsed.set(definition, table);
  }
  return table;
}

const made: Map<string, TableDef> = new Map();

/** The table as the volume of one tablet has it: the same object for the same definition, relation and keys, while it is kept. */
export function tabletTable(cut: CutTable, relation: number): TableDef {
  const at = tabletAt(cut, relation);
  const name = `${relation} ${JSON.stringify([cut.tablets[at]?.from, cut.tablets[at + 1]?.from])} ${cut.definition}`;
  let table = made.get(name);
  if (table === undefined) {
    const whole = definitionOf(cut);
    const indexes = whole.indexes.map((index) => ({ ...index, relation: relation + index.relation }));
    const range = { from: boundAt(cut, at), below: boundAt(cut, at + 1) };
    table = { ...whole, relation, keyRelation: relation + whole.keyRelation, indexes, tablet: range };
    if (made.size >= PARSED_MAX) made.clear();
    made.set(name, table);
  }
  return table;
}

const tabletAt = ({ tablets }: CutTable, relation: number): number =>
  tablets.findIndex((one) => one.relation === relation);

/** Its keys; of a relation that is none of its tablets all. */
export function rangeOf(cut: CutTable, relation: number): TabletRange {
  const at = tabletAt(cut, relation);
  return { from: boundAt(cut, at), below: boundAt(cut, at + 1) };
}

function boundAt(cut: CutTable, at: number): Value {
  const from = at <= 0 ? '' : (cut.tablets[at]?.from ?? '');
  const table = definitionOf(cut);
  const type = table.columns[table.primaryKey[0] ?? -1]?.type ?? 'text';
  return from === '' ? null : parseValue(type, from);
}

export const isInTablet = ({ from, below }: TabletRange, key: Value): boolean =>
  (from === null || compareValues(key, from) >= 0) && (below === null || compareValues(key, below) < 0);

/**
 * The first relations of the tablets that a statement reads or writes, of any of the tables, each with the first of its keys that the
 * statement names (null: it names none, as a read of all rows); may throw SqlFailure.
 */
export function tabletsOf(
  plan: PlanNode,
  params: readonly (string | null)[],
  tables: readonly CutTable[],
): ReadonlyMap<number, Value> {
  const used = new Map<number, Value>();
  const binding: Binding = { params: bindParams(plan, params), tables, used };
  visitPlan(plan, (part) => {
    if (part.kind === 'scan') useScan(binding, part);
    else if (part.kind === 'insert') useInsert(binding, part);
    else useCopied(binding, part);
  });
  return used;
}

/**
 * The tablets that a statement is for, as `tabletsOf`: EXPLAIN is for those of what it explains. A table that is named and of which
 * nothing is touched (WHERE false, a description) has one all the same, for who carries the statement out has to know the table: `near`
 * where it is a tablet of it, else its first.
 */
export function tabletsFor(
  { plan, explains, tables: named }: Extract<Analysed, { kind: 'plan' }>,
  params: readonly (string | null)[],
  tables: readonly CutTable[],
  near: number | null,
): ReadonlyMap<number, Value> {
  const used = new Map(tabletsOf(explains ?? plan, params, tables));
  for (const { name } of named) {
    const relations =
      tables.find((table) => table.name === name)?.tablets.map(({ relation }) => relation) ?? [];
    if (relations.some((relation) => used.has(relation))) continue;
    const one = relations.find((relation) => relation === near) ?? relations[0];
    if (one !== undefined) used.set(one, null);
  }
  return used;
}

interface Binding {
  readonly params: Row;
  readonly tables: readonly CutTable[];
  readonly used: Map<number, Value>;
}

/** Plans hold their parts as plain data, subqueries of expressions too. */
export function visitPlan(part: unknown, meet: (part: ScanPlan | InsertPlan | CopyFromPlan) => void): void {
  if (typeof part !== 'object' || part === null) return;
  if (Array.isArray(part)) {
    for (const one of part) visitPlan(one, meet);
    return;
  }
  if ('kind' in part && part.kind === 'scan' && 'path' in part) meet(part as ScanPlan);
  else if ('kind' in part && part.kind === 'insert' && 'table' in part) meet(part as InsertPlan);
  else if ('kind' in part && part.kind === 'copyFrom' && 'source' in part) meet(part as CopyFromPlan);
  for (const [name, inner] of Object.entries(part)) if (name !== 'table') visitPlan(inner, meet);
}

const cutOf = ({ tables }: Binding, { name }: TableDef): CutTable | null =>
  tables.find((table) => table.name === name) ?? null;

const use = ({ used }: Binding, relation: number, key: Value): void =>
  void used.set(relation, used.get(relation) ?? key);

function useAll(binding: Binding, cut: CutTable): void {
  for (const { relation } of cut.tablets) use(binding, relation, null);
}

/** The same whichever row is looked at, and known before the statement runs. */
const isGiven = (e: Expr): boolean =>
  !someExpr(
    e,
    ({ kind }) =>
      kind === 'column' ||
      kind === 'aggregate' ||
      kind === 'ambient' ||
      kind === 'outer' ||
      kind === 'subquery',
  );

function useInsert(binding: Binding, { table, input }: InsertPlan): void {
  const cut = cutOf(binding, table);
  if (cut === null) return;
  const column = table.primaryKey[0] ?? -1;
  const keys = input.kind === 'rows' ? input.rows.map((row) => row[column]) : [undefined];
  for (const key of keys) {
    if (key === undefined || !isGiven(key)) {
      useAll(binding, cut);
      return;
    }
    const value = evaluate(key, [], { ...NO_SURROUNDINGS, params: binding.params });
    useKey(binding, cut, value);
  }
}

/** Rows of data up to the first that cannot be read: it fails where it is carried out. */
function useCopied(binding: Binding, { table, source, exprs }: CopyFromPlan): void {
  const cut = cutOf(binding, table);
  const key = exprs[table.primaryKey[0] ?? -1];
  if (cut === null || key === undefined) return;
  if (key.kind !== 'column' && !isGiven(key)) {
    useAll(binding, cut);
    return;
  }
  const surroundings = { ...NO_SURROUNDINGS, params: binding.params };
  const reader = startReader(source);
  try {
    for (let row = nextCopied(reader, surroundings); row !== null; row = nextCopied(reader, surroundings))
      useKey(binding, cut, evaluate(key, row, surroundings));
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
  }
  const [first] = cut.tablets;
  if (first && !cut.tablets.some(({ relation }) => binding.used.has(relation)))
    use(binding, first.relation, null);
}

function useKey(binding: Binding, cut: CutTable, key: Value): void {
  const found = cut.tablets.find(({ relation }) => isInTablet(rangeOf(cut, relation), key));
  if (found) use(binding, found.relation, key);
}

/** The ranges of keys are known before the statement runs. */
export const isFixedPath = ({ prefix, list, low, high }: Extract<AccessPath, { kind: 'key' }>): boolean =>
  [...prefix, ...(list ?? []), ...[low, high].flatMap((bound) => bound?.expr ?? [])].every(isGiven);

function useScan(binding: Binding, { table, path }: ScanPlan): void {
  const cut = cutOf(binding, table);
  if (cut === null || path.kind === 'nothing') return;
  if (path.kind !== 'key' || path.index.constraint !== 'primary') {
    useAll(binding, cut);
    return;
  }
  if (!isFixedPath(path)) {
    useAll(binding, cut);
    return;
  }
  for (const range of keyRanges(table, path, { ...NO_SURROUNDINGS, params: binding.params }))
    for (const { relation } of cut.tablets) {
      const tablet = rangeOf(cut, relation);
      const least = range.low?.values[0] ?? null;
      if (meets(tablet, range))
        use(binding, relation, least !== null && isInTablet(tablet, least) ? least : null);
    }
}

function meets({ from, below }: TabletRange, { low, high }: ReturnType<typeof keyRanges>[number]): boolean {
  const least = low?.values[0];
  const most = high?.values[0];
  if (least !== undefined && below !== null && compareValues(least, below) >= 0) return false;
  if (most === undefined || from === null) return true;
  const order = compareValues(most, from);
  return order > 0 || (order === 0 && (high?.inclusive === true || (high?.values.length ?? 0) > 1));
}
