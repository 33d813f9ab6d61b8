// Types that CREATE TYPE … AS ENUM makes. The type of a column or expression says all that is known of it (its ids, name and labels), so
// that whoever has the type needs no catalog; ALTER TYPE writes the definitions of the tables that have columns of it anew.
// A value is stored as the order of its label, which no other label of the type ever has and which never changes: a label that
// comes between two others lies halfway.

import type { EnumType, EnumValue } from './access.ts';
import { fail } from './failure.ts';
import { nameText } from './name-text.ts';
import { ownName, PUBLIC, schemaOf } from './relation-name.ts';

export interface EnumDef {
  /** Of its entry among the relations; its object id is beyond those of PostgreSQL's types (types.ts). */
  readonly id: number;
  /** Of the arrays of it. */
  readonly arrayId: number;
  /** With its schema, if that is not `public` (relation-name.ts). */
  readonly name: string;
  /** In their order. */
  readonly labels: readonly EnumLabel[];
}

/** CREATE TYPE … AS ENUM. */
export interface CreateType {
  readonly name: string;
  readonly labels: readonly string[];
}

export type EnumLabel = readonly [text: string, order: number];

/** Characters before the definition. */
const HEAD = 'enum ';

export const isEnum = (type: string): type is EnumType => type.startsWith(HEAD) && !type.endsWith('[]');

export const enumType = ({ id, arrayId, name, labels }: EnumDef): EnumType =>
  `${HEAD}${JSON.stringify([id, arrayId, name, labels])}`;

const known = new Map<EnumType, EnumDef>();
const KNOWN_MAX = 256;

export function enumOf(type: EnumType): EnumDef {
  let def = known.get(type);
  if (def === undefined) {
    const [id, arrayId, name, labels] = JSON.parse(type.slice(HEAD.length)) as [
      number,
      number,
      string,
      readonly EnumLabel[],
    ];
    def = { id, arrayId, name, labels };
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(type, def);
  }
  return def;
}

export const labelValue = ([text, order]: EnumLabel): EnumValue => ({ kind: 'enum', order, text });

export function parseEnum(type: EnumType, text: string, at: number): EnumValue {
  const { labels } = enumOf(type);
  const label = labels.find(([one]) => one === text);
  if (label === undefined)
    return fail('22P02', `invalid input value for enum ${enumName(type)}: "${text}"`, at);
  return labelValue(label);
}

/** The value of an order; one that was never committed has no label any more. */
export function valueAt(type: EnumType, order: number): EnumValue {
  const label = enumOf(type).labels.find(([, one]) => one === order);
  return { kind: 'enum', order, text: label?.[0] ?? '' };
}

/** As SQL writes it. */
export function enumName(type: EnumType): string {
  const { name } = enumOf(type);
  const own = nameText(ownName(name));
  return schemaOf(name) === PUBLIC ? own : `${nameText(schemaOf(name))}.${own}`;
}

/** Bytes of a label. */
const LABEL_BYTES_MAX = 63;

const encoder = new TextEncoder();

export function checkLabel(label: string): string {
  if (encoder.encode(label).length > LABEL_BYTES_MAX) fail('42602', `invalid enum label "${label}"`);
  return label;
}
