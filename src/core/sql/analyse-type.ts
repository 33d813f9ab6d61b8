// CREATE TYPE … AS ENUM and ALTER TYPE of such a type: labels that are added or renamed, and another name.

import type { EnumType, TableDef } from './access.ts';
import { type AlterTable, NOTHING_TO_ALTER } from './analyse-alter.ts';
import { type Analysis, findNamedType, type NameParts, newRelation } from './analysis.ts';
import { type CreateType, checkLabel, type EnumDef, type EnumLabel, enumOf, enumType } from './enum-type.ts';
import { fail, unsupported } from './failure.ts';
import { besideName } from './relation-name.ts';
import {
  type Fields,
  flagOf,
  listItems,
  nameOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalText,
  type TreeNode,
  textOf,
} from './tree.ts';

const CREATE_ENUM = new Set(['typeName', 'vals']);
const ALTER_ENUM = new Set([
  'typeName',
  'oldVal',
  'newVal',
  'newValNeighbor',
  'newValIsAfter',
  'skipIfNewValExists',
]);

const textsIn = (nodes: readonly TreeNode[]): readonly string[] =>
  nodes.map(({ fields }) => optionalText(fields, 'sval') ?? '');

/** The schema, null where there is none, and the name. */
function namePartsIn(nodes: readonly TreeNode[]): NameParts {
  const names = textsIn(nodes);
  if (names.length > 2) unsupported('a cross-database reference');
  return [names.length === 2 ? (names[0] ?? null) : null, names.at(-1) ?? ''];
}

export function analyseCreateType(analysis: Analysis, fields: Fields): CreateType {
  onlyFields(fields, CREATE_ENUM, 'CREATE TYPE');
  const parts = namePartsIn(nodesOf(fields, 'typeName'));
  const name = newRelation(analysis, parts);
  if (analysis.findType(name) !== null || analysis.findTable(name) !== null)
    fail('42710', `type "${parts[1]}" already exists`);
  const labels = textsIn(nodesOf(fields, 'vals')).map(checkLabel);
  if (new Set(labels).size < labels.length)
    fail('23505', 'duplicate key value violates unique constraint "pg_enum_typid_label_index"');
  return { name, labels };
}

/** The entry of the type that is altered. */
function altered(analysis: Analysis, nodes: readonly TreeNode[]): TableDef & { readonly enum: EnumType } {
  const parts = namePartsIn(nodes);
  const entry = findNamedType(analysis, parts);
  if (entry?.enum !== undefined) return { ...entry, enum: entry.enum };
  return fail('42704', `type "${textsIn(nodes).join('.')}" does not exist`);
}

const withLabels = (entry: TableDef, def: EnumDef, labels: readonly EnumLabel[]): TableDef => ({
  ...entry,
  enum: enumType({ ...def, labels }),
});

/** ADD VALUE and RENAME VALUE. */
export function analyseAlterEnum(analysis: Analysis, fields: Fields): AlterTable {
  onlyFields(fields, ALTER_ENUM, 'ALTER TYPE');
  const tag = 'ALTER TYPE';
  const from = altered(analysis, nodesOf(fields, 'typeName'));
  const def = enumOf(from.enum);
  const { labels } = def;
  const made = checkLabel(optionalText(fields, 'newVal') ?? '');
  const placeOf = (label: string): number => {
    const place = labels.findIndex(([text]) => text === label);
    return place < 0 ? fail('22023', `"${label}" is not an existing enum label`) : place;
  };
  const old = optionalText(fields, 'oldVal');
  const at = old === null ? -1 : placeOf(old);
  if (labels.some(([text]) => text === made)) {
    if (flagOf(fields, 'skipIfNewValExists')) return { ...NOTHING_TO_ALTER, tag };
    fail('42710', `enum label "${made}" already exists`);
  }
  const to =
    at >= 0
      ? labels.map(([text, order], i): EnumLabel => [i === at ? made : text, order])
      : withLabel(labels, made, placeOf, fields);
  return { ...NOTHING_TO_ALTER, from, to: withLabels(from, def, to), tag };
}

function withLabel(
  labels: readonly EnumLabel[],
  made: string,
  placeOf: (label: string) => number,
  fields: Fields,
): readonly EnumLabel[] {
  const neighbour = optionalText(fields, 'newValNeighbor');
  const at =
    neighbour === null ? labels.length : placeOf(neighbour) + (flagOf(fields, 'newValIsAfter') ? 1 : 0);
  const [before, after] = [labels[at - 1]?.[1], labels[at]?.[1]];
  const order =
    before === undefined ? (after ?? 2) - 1 : after === undefined ? before + 1 : (before + after) / 2;
  if (order === before || order === after)
    fail('54000', `no more labels fit between two labels of type "${textOf(fields, 'newVal')}"`);
  return [...labels.slice(0, at), [made, order], ...labels.slice(at)];
}

const RENAME = new Set(['renameType', 'relationType', 'object', 'newname', 'behavior']);

export function analyseRenameType(analysis: Analysis, fields: Fields): AlterTable {
  onlyFields(fields, RENAME, 'ALTER TYPE … RENAME');
  const from = altered(analysis, listItems(nodeOf(fields, 'object')));
  const name = besideName(from.name, nameOf(fields, 'newname'));
  if (analysis.findType(name) !== null || analysis.findTable(name) !== null)
    fail('42710', `type "${nameOf(fields, 'newname')}" already exists`);
  const to = { ...from, name, enum: enumType({ ...enumOf(from.enum), name }) };
  return { ...NOTHING_TO_ALTER, from, to, tag: 'ALTER TYPE' };
}
