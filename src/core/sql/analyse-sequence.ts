// CREATE and ALTER SEQUENCE, the options of identity columns, and the functions that draw from sequences. A sequence that a
// function names is looked up when the statement is analysed, as PostgreSQL does with a constant; any other name is 0A000.

import type { TableDef } from './access.ts';
import { analyseExpression } from './analyse-expression.ts';
import { type Analysis, createdName, meantRelation, type NameParts, relationName } from './analysis.ts';
import { coerce } from './coerce.ts';
import type { Expr, SequenceExpr } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { readTypeName } from './read-type.ts';
import { readNameParts } from './relation-name.ts';
import { isSequenceType, type SequenceOptions, type SequenceType } from './sequence.ts';
import { parseValue } from './text-form.ts';
import {
  checkName,
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  integerOf,
  listItems,
  locationOf,
  nodeOf,
  nodesOf,
  onlyFields,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { isString, typeName } from './types.ts';

/** A column by the names of its table and itself. */
export interface ColumnName {
  readonly table: string;
  readonly column: string;
}

/** A statement's list of options; `owner` null: OWNED BY NONE. */
export interface SequenceClauses {
  readonly options: SequenceOptions;
  readonly owner?: ColumnName | null;
  /** Of an identity column: what its sequence is to be called. */
  readonly name?: NameParts;
}

export interface CreateSequence extends Omit<SequenceClauses, 'name'> {
  readonly name: string;
  readonly ifNotExists: boolean;
}

export interface AlterSequence extends Omit<SequenceClauses, 'name'> {
  readonly name: string;
  readonly ifExists: boolean;
}

const CREATE_SEQUENCE = new Set(['sequence', 'options', 'if_not_exists']);
const ALTER_SEQUENCE = new Set(['sequence', 'options', 'missing_ok']);

export function analyseCreateSequence(analysis: Analysis, fields: Fields): CreateSequence {
  onlyFields(fields, CREATE_SEQUENCE, 'CREATE SEQUENCE');
  const relation = fieldsOf(fields, 'sequence');
  if (textOf(relation, 'relpersistence') === 'u') unsupported('an unlogged sequence', locationOf(relation));
  const name = createdName(analysis, relation);
  const ifNotExists = flagOf(fields, 'if_not_exists');
  const isTaken = analysis.findTable(name) !== null || analysis.findIndex(name) !== null;
  // Of a name that is taken, that is what counts.
  const clauses =
    ifNotExists && isTaken ? { options: {} } : readClauses(analysis, nodesOf(fields, 'options'));
  return { ...clauses, name, ifNotExists };
}

export function analyseAlterSequence(analysis: Analysis, fields: Fields): AlterSequence {
  onlyFields(fields, ALTER_SEQUENCE, 'ALTER SEQUENCE');
  const name = relationName(analysis, fieldsOf(fields, 'sequence'));
  const ifExists = flagOf(fields, 'missing_ok');
  const found = analysis.findTable(name);
  if (found === null && analysis.findIndex(name) === null && ifExists) return { options: {}, name, ifExists };
  if (found === null && analysis.findIndex(name) === null) fail('42P01', `relation "${name}" does not exist`);
  if (found?.sequence === undefined) fail('42809', `cannot open relation "${name}"`);
  return { ...readClauses(analysis, nodesOf(fields, 'options')), name, ifExists };
}

export function readClauses(analysis: Analysis, nodes: readonly TreeNode[]): SequenceClauses {
  let options: SequenceOptions = {};
  let owner: ColumnName | null | undefined;
  let name: NameParts | undefined;
  const seen = new Set<string>();
  for (const { fields } of nodes) {
    const option = textOf(fields, 'defname');
    const at = locationOf(fields);
    if (seen.has(option)) fail('42601', 'conflicting or redundant options', at);
    seen.add(option);
    if (option === 'owned_by') owner = readOwner(analysis, fields);
    else if (option === 'sequence_name') name = partsOf(namesIn(fields));
    else options = { ...options, ...readOption(option, fields, at) };
  }
  return { options, ...(owner !== undefined && { owner }), ...(name !== undefined && { name }) };
}

function readOption(option: string, fields: Fields, at: number): SequenceOptions {
  const value = (): bigint => wholeNumber(fields);
  switch (option) {
    case 'as':
      return { type: readSequenceType(nodeOf(fields, 'arg').fields) };
    case 'increment':
      return { increment: value() };
    case 'start':
      return { start: value() };
    case 'cache':
      return { cache: value() };
    case 'minvalue':
      return { min: has(fields, 'arg') ? value() : null };
    case 'maxvalue':
      return { max: has(fields, 'arg') ? value() : null };
    case 'restart':
      return { restart: has(fields, 'arg') ? value() : null };
    case 'cycle':
      return { cycles: flagOf(nodeOf(fields, 'arg').fields, 'boolval') };
    default:
      return unsupported(`the option ${option} of a sequence`, at);
  }
}

function readSequenceType(fields: Fields): SequenceType {
  const { type } = readTypeName(null, fields);
  if (!isSequenceType(type)) return fail('22023', 'sequence type must be smallint, integer, or bigint');
  return type;
}

function wholeNumber(fields: Fields): bigint {
  const { tag, fields: arg } = nodeOf(fields, 'arg');
  if (tag === 'Integer') return BigInt(integerOf(arg, 'ival'));
  const value = parseValue('int8', textOf(arg, 'fval'));
  return typeof value === 'bigint' ? value : fail('42601', 'a number is expected');
}

const namesIn = (fields: Fields): readonly string[] =>
  listItems(nodeOf(fields, 'arg')).map((part) => checkName(textOf(part.fields, 'sval')));

/** The parts of `name` or `schema.name`. */
function partsOf(parts: readonly string[]): NameParts {
  if (parts.length > 2) return unsupported('a cross-database reference');
  return parts.length === 1 ? [null, parts[0] ?? ''] : [parts[0] ?? '', parts[1] ?? ''];
}

function readOwner(analysis: Analysis, fields: Fields): ColumnName | null {
  const parts = namesIn(fields);
  const column = parts.at(-1) ?? '';
  if (parts.length > 1)
    return { table: meantRelation(analysis, partsOf(parts.slice(0, -1)), 'schema'), column };
  if (column === 'none') return null;
  return fail('42601', 'invalid OWNED BY option');
}

/** The functions, with the types of what follows the sequence, and how many of these may be left out. */
export const SEQUENCE_FUNCTIONS: ReadonlyMap<string, readonly ('int8' | 'bool')[]> = new Map([
  ['nextval', []],
  ['currval', []],
  ['lastval', []],
  ['setval', ['int8', 'bool']],
]);

export const isSequenceFunction = (name: string): name is SequenceExpr['fn'] => SEQUENCE_FUNCTIONS.has(name);

export function analyseSequenceCall(
  analysis: Analysis,
  fields: Fields,
  fn: SequenceExpr['fn'],
  at: number,
): Expr {
  const nodes = nodesOf(fields, 'args');
  if (['agg_star', 'agg_distinct', 'agg_filter', 'over'].some((name) => has(fields, name)))
    unsupported(`${fn} with a clause of aggregates`, at);
  const types = SEQUENCE_FUNCTIONS.get(fn) ?? [];
  const [named, ...rest] = nodes;
  const most = fn === 'lastval' ? 0 : 1 + types.length;
  const least = fn === 'setval' ? 2 : most;
  if (nodes.length < least || nodes.length > most) return noSuchCall(analysis, fn, nodes, at);
  const table = named === undefined ? null : findSequence(analysis, named, fn, at);
  const args = rest.map((node, i) => {
    const arg = analyseExpression(analysis, node);
    const type = types[i] ?? 'int8';
    if (arg.type !== 'unknown' && !fits(arg.type, type)) noSuchCall(analysis, fn, nodes, at);
    return coerce(analysis, arg, type);
  });
  return makeSequenceExpr(analysis, fn, table, args, at);
}

const fits = (type: Expr['type'], wanted: 'int8' | 'bool'): boolean =>
  wanted === 'bool' ? type === 'bool' : type === 'int2' || type === 'int4' || type === 'int8';

function noSuchCall(analysis: Analysis, fn: string, nodes: readonly TreeNode[], at: number): never {
  const types = nodes.map((node) => typeName(analyseExpression(analysis, node).type));
  return fail('42883', `function ${fn}(${types.join(', ')}) does not exist`, at);
}

/** The statement draws from the sequence or sets it, and locks it for that. */
export function makeSequenceExpr(
  analysis: Analysis,
  fn: SequenceExpr['fn'],
  table: TableDef | null,
  args: readonly Expr[],
  at: number,
): SequenceExpr {
  if (table !== null) analysis.sequences.add(table.relation);
  if (fn === 'nextval' || fn === 'setval') {
    // Elsewhere the planner may evaluate an expression more often than once a row, or not at all.
    const { level, clause } = analysis;
    const isOwn = clause === 'VALUES' || clause === 'UPDATE' || clause === 'DEFAULT expressions';
    if (
      !isOwn &&
      (clause !== 'targets' ||
        (level !== null && level.parent !== null && level.parent !== analysis.sourceOf))
    )
      unsupported(clause === 'targets' ? `${fn} in a query within another` : `${fn} in ${clause}`, at);
    if (analysis.definesView || analysis.views.length > 0) unsupported(`${fn} in a view`, at);
    analysis.draws ??= fn;
  }
  return { kind: 'sequence', type: 'int8', fn, table, args, at };
}

function findSequence(analysis: Analysis, node: TreeNode, fn: string, at: number): TableDef {
  const constant = constantName(node);
  if (constant === null) {
    const { type } = analyseExpression(analysis, node);
    if (type !== 'unknown' && !isString(type) && !isSequenceType(type))
      fail('42883', `function ${fn}(${typeName(type)}) does not exist`, at);
    return unsupported(`${fn} of a sequence that no constant names`, at);
  }
  const name = meantRelation(
    analysis,
    partsOf(readNameParts(constant.text) ?? fail('42602', 'invalid name syntax', constant.at)),
    'relation',
  );
  const table = analysis.findTable(name);
  if (table === null) {
    if (analysis.findIndex(name) !== null) fail('42809', `"${name}" is not a sequence`);
    return fail('42P01', `relation "${constant.text}" does not exist`, constant.at);
  }
  if (table.sequence === undefined) return fail('42809', `"${name}" is not a sequence`);
  return table;
}

const NAME_TYPES: ReadonlySet<string> = new Set(['regclass', 'text']);

/** A string constant, or one cast to regclass or text. */
function constantName({ tag, fields }: TreeNode): { readonly text: string; readonly at: number } | null {
  if (tag === 'TypeCast') {
    const names = stringsOf(fieldsOf(fields, 'typeName'), 'names');
    return NAME_TYPES.has(names.at(-1) ?? '') ? constantName(nodeOf(fields, 'arg')) : null;
  }
  if (tag !== 'A_Const' || !has(fields, 'sval')) return null;
  return { text: textOf(fieldsOf(fields, 'sval'), 'sval'), at: firstLocation(fields, 0) };
}
