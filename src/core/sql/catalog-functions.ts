// Functions by which clients ask what they are connected to: their values are constants of the lab, or follow from their arguments
// alone. A name or an object that the lab does not have is null or said to be so, as in PostgreSQL.

import type { ColumnType, Value } from './access.ts';
import { CATALOG_IDS } from './catalog-ids.ts';
import { fail } from './failure.ts';
import { nameText } from './name-text.ts';
import { big, num } from './narrow.ts';
import { readNameParts } from './relation-name.ts';
import { elementOf, GIVEN_TYPES, isMoment, typeId, typeName, typeText } from './types.ts';

/** Whose catalog and functions these are. */
export const SERVER_VERSION = '15.0';
export const DATABASE = 'lab';
/** The one role; trust is the only authentication. */
export const ROLE = 'postgres';
/** Whose the schema public is. */
export const DATABASE_OWNER = 'pg_database_owner';
export const DATABASE_OWNER_ID = 6171n;

/** Functions without arguments. */
export const CATALOG_CONSTANTS: ReadonlyMap<string, readonly [ColumnType, Value]> = new Map<
  string,
  readonly [ColumnType, Value]
>([
  ['version', ['text', `PostgreSQL ${SERVER_VERSION} (PostDB Lab)`]],
  ['current_database', ['text', DATABASE]],
  ['current_user', ['text', ROLE]],
  ['session_user', ['text', ROLE]],
  ['pg_my_temp_schema', ['int8', 0n]],
  ['pg_is_in_recovery', ['bool', false]],
  ['pg_is_wal_replay_paused', ['bool', false]],
  ['inet_server_addr', ['text', null]],
]);

/** What `current_setting` gives of parameters that nobody changes. */
export const FIXED_SETTINGS: ReadonlyMap<string, string> = new Map([
  ['server_version', SERVER_VERSION],
  ['server_version_num', '150000'],
  ['server_encoding', 'UTF8'],
  ['client_encoding', 'UTF8'],
  ['datestyle', 'ISO, MDY'],
  ['timezone', 'UTC'],
  ['intervalstyle', 'postgres'],
  ['integer_datetimes', 'on'],
  ['standard_conforming_strings', 'on'],
  ['is_superuser', 'on'],
  ['bytea_output', 'hex'],
  ['max_identifier_length', '63'],
  ['max_index_keys', '32'],
  ['block_size', '8192'],
]);

const TYPES_BY_ID: ReadonlyMap<number, ColumnType> = new Map(GIVEN_TYPES.map((type) => [typeId(type), type]));
/** PostgreSQL counts four bytes to the length of a varchar. */
const LENGTH_HEADER = 4;

/** format_type of a type that is always there, else null: the type's name as SQL writes it, with its length or precision. */
function formatType(id: number, typmod: number): string | null {
  const type = TYPES_BY_ID.get(id);
  if (type === undefined) return id === 0 ? '-' : null;
  const element = elementOf(type);
  const isLong = element === 'varchar' || element === 'bpchar';
  const isDeclared = isMoment(element)
    ? typmod >= 0
    : typmod >= LENGTH_HEADER && (isLong || element === 'numeric');
  if (!isDeclared) return typeName(type);
  return typeText({ type, typmod: isLong ? typmod - LENGTH_HEADER : typmod });
}

/** Items of an array, or of a vector (`1 2`), in its text form, which is all that the lab has of them; none of them is quoted. */
const itemsOf = (list: Value): readonly string[] => {
  const text = String(list);
  const items = text.startsWith('{') ? text.slice(1, -1).split(',') : text.split(' ');
  return items.filter((item) => item !== '');
};

/** acldefault, by its kind of object: the rights of all and of the owner, who has granted them. */
const DEFAULT_RIGHTS: Readonly<Record<string, readonly [all: string, owner: string]>> = {
  c: ['', ''],
  r: ['', 'arwdDxt'],
  s: ['', 'rwU'],
  d: ['Tc', 'CTc'],
  f: ['X', 'X'],
  l: ['U', 'U'],
  L: ['', 'rw'],
  n: ['', 'UC'],
  p: ['', 'sA'],
  t: ['', 'C'],
  F: ['', 'U'],
  S: ['', 'U'],
  T: ['U', 'U'],
};

function defaultRights(kind: string, owner: Value): string {
  const found = DEFAULT_RIGHTS[kind] ?? fail('XX000', `unrecognized object type abbreviation: ${kind}`);
  const name = String(CATALOG_BUILTINS.ownerName(owner));
  const [all, own] = found.map((rights, i) =>
    rights === '' ? [] : [`${i === 0 ? '' : name}=${rights}/${name}`],
  );
  return `{${[...(all ?? []), ...(own ?? [])].join(',')}}`;
}

const MISSING_STATES: Readonly<Record<string, string>> = { relation: '42P01', schema: '3F000' };

/** A name of nothing in the catalog; the catalogs themselves have no rows among the names. */
function missing(kind: Value, name: Value): bigint {
  const own = kind === 'relation' ? CATALOG_IDS.get(readNameParts(String(name))?.at(-1) ?? '') : undefined;
  if (own !== undefined) return BigInt(own);
  const said = String(name).replaceAll('"', '');
  return fail(MISSING_STATES[String(kind)] ?? '42704', `${kind} "${said}" does not exist`);
}

const nameInText = (name: string): string =>
  (readNameParts(name) ?? fail('42602', 'invalid name syntax')).map(nameText).join('.');

export const CATALOG_BUILTINS = {
  missingId: (kind: Value, name: Value): Value => missing(kind, name),
  missingText: (kind: Value, name: Value): Value => String(missing(kind, name)),
  idDigits: (id: Value): Value => (big(id) === 0n ? '-' : String(big(id))),
  nameInText: (name: Value): Value => nameInText(String(name)),
  formatType: (id: Value, typmod: Value): Value => formatType(Number(big(id)), num(typmod)),
  lastName: (name: Value): Value => readNameParts(String(name))?.at(-1) ?? '',
  ownerName: (id: Value): Value => (big(id) === DATABASE_OWNER_ID ? DATABASE_OWNER : ROLE),
  defaultRights: (kind: Value, owner: Value): Value => defaultRights(String(kind), owner),
  isVisible: (_: Value): Value => true,
  mayUse: (_: Value, __: Value): Value => true,
  noPlace: (_: Value): Value => '',
  quoteIdentifier: (name: Value): Value => nameText(String(name)),
  noDescription: (_: Value): Value => null,
  givenText: (text: Value): Value => text,
  encodingName: (id: Value): Value => (num(id) === 6 ? 'UTF8' : ''),
  noBytes: (_: Value): Value => 0n,
  listPosition: (list: Value, item: Value): Value => {
    const at = itemsOf(list).indexOf(String(item));
    return at < 0 ? null : at + 1;
  },
  listLength: (list: Value, _: Value): Value => itemsOf(list).length,
  listItem: (list: Value, place: Value): Value => itemsOf(list)[num(place) - 1] ?? null,
  listWithout: (list: Value, item: Value): Value =>
    `{${itemsOf(list)
      .filter((one) => one !== item)
      .join(',')}}`,
  listToText: (list: Value, between: Value): Value => itemsOf(list).join(String(between)),
  setConfig: (_: Value, __: Value, ___: Value): Value =>
    fail('0A000', 'set_config is not supported but in a query of nothing else'),
};
