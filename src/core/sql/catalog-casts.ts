// Casts to the types of names of objects (regclass, regtype …), as the queries of the catalog that they stand for: of a name the cast is
// the object id, as a number, and a name of nothing is refused; of an object id it is the name, and of nothing the id's digits.

import { asciiLower } from './ascii.ts';
import { CATALOG_IDS } from './catalog-ids.ts';
import { constantOf, NAMES, serialSequence, TYPES } from './catalog-trees.ts';
import { fail, unsupported } from './failure.ts';
import { POSTGRES_FUNCTIONS } from './postgres-functions.ts';
import { readNameParts } from './relation-name.ts';
import { type Fields, fieldsOf, has, nodeOf, nodesOf, stringsOf, type TreeNode } from './tree.ts';
import { arrayOf, elementOf, FIRST_MADE_ID, OTHER_TYPES, TYPES_BY_NAME, typeId } from './types.ts';
import { callTree, castTree, constantTree, lookupTree, type Tree, treeOf } from './written-tree.ts';

const firstOf = (...args: readonly Tree[]): Tree => ({ CoalesceExpr: { args } });

/** Refused when it is reached; of null it is null. As an id, or as a text. */
const missing = (kind: string, name: Tree, as: 'id' | 'text' = 'id'): Tree =>
  callTree(`lab_missing_${as}`, [constantTree(kind), name]);

/** An object id without an object, by its digits; 0 is no object. */
const digitsOf = (id: Tree): Tree => callTree('lab_digits', [id]);

/** Null: it is no such cast. */
export function catalogCast(fields: Fields): Tree | null {
  const type = fieldsOf(fields, 'typeName');
  const names = stringsOf(type, 'names');
  if (has(type, 'arrayBounds') && names.at(-1) === 'oid')
    return { TypeCast: { ...fields, typeName: { ...type, names: [{ String: { sval: 'int8' } }] } } };
  if (has(type, 'arrayBounds') || (names.length === 2 && names[0] !== 'pg_catalog')) return null;
  return castTo(names.at(-1) ?? '', nodeOf(fields, 'arg'));
}

function castTo(type: string, arg: TreeNode): Tree | null {
  switch (type) {
    case 'oid':
      return castTree(treeOf(arg), 'int8');
    case 'char':
      return castTree(treeOf(arg), 'text');
    case 'regtype':
    case 'regproc':
    case 'regrole':
    case 'regnamespace':
    case 'regclass': {
      const text = constantOf(arg);
      if (text === null) return ofWhatIsRead(type, arg);
      if (text === '-') return castTree(constantTree(0), 'int8');
      return /^\d+$/.test(text) ? castTree(treeOf(arg), 'int8') : NAMED[type](text);
    }
    default:
      return null;
  }
}

type NamingType = 'regtype' | 'regproc' | 'regrole' | 'regnamespace' | 'regclass';

/** The id of what a constant names. */
const NAMED: Readonly<Record<NamingType, (text: string) => Tree>> = {
  regtype: typeNamed,
  regproc: (text) => {
    const name = readName(text).at(-1) ?? '';
    if (POSTGRES_FUNCTIONS.split(' ').some((one) => one.split('(')[0] === name)) unsupported('type regproc');
    return fail('42883', `function "${text}" does not exist`);
  },
  regrole: (text) =>
    firstOf(
      lookupTree('pg_roles', 'oid', [['rolname', constantTree(readName(text)[0] ?? '')]]),
      missing('role', constantTree(readName(text)[0] ?? '')),
    ),
  regnamespace: (text) => {
    const schema = constantTree(readName(text)[0] ?? '');
    return firstOf(lookupTree('pg_namespace', 'oid', [['nspname', schema]]), missing('schema', schema));
  },
  regclass: relationNamed,
};

/** The name of what an id stands for, or the id of what a text names. */
function ofWhatIsRead(type: NamingType, arg: TreeNode): Tree | null {
  const read = treeOf(arg);
  switch (type) {
    case 'regtype': {
      if (!isTextual(arg)) return typeWritten(read);
      const name = callTree('lab_last_name', [read]);
      const found = ['lab_text', 'lab_name'].map((by) => lookupTree(TYPES, 'lab_text', [[by, name]]));
      return firstOf(...found, missing('type', read, 'text'));
    }
    case 'regproc':
      return castTree(read, 'text');
    case 'regrole':
      return firstOf(lookupTree('pg_roles', 'rolname', [['oid', read]]), digitsOf(read));
    case 'regnamespace':
      return firstOf(lookupTree('pg_namespace', 'nspname', [['oid', read]]), digitsOf(read));
    case 'regclass':
      if (arg.tag === 'FuncCall' && serialSequence(arg.fields) !== null)
        return lookupTree(NAMES, 'lab_id', [['lab_full', read]]);
      if (isTextual(arg)) return firstOf(...relationsOf(read), missing('relation', read));
      return firstOf(lookupTree(NAMES, 'lab_shown', [['lab_id', read]]), digitsOf(read));
  }
}

function typeWritten(id: Tree): Tree {
  const given = callTree('lab_format_type', [id, constantTree(-1)]);
  const isGiven = Number((id.A_Const?.ival as Fields | undefined)?.ival ?? FIRST_MADE_ID) < FIRST_MADE_ID;
  const made = isGiven ? [] : [lookupTree(TYPES, 'lab_text', [['lab_id', id]])];
  return firstOf(given, ...made, digitsOf(id));
}

/** What gives a text, by its form: names put together, as mappers of objects do. */
function isTextual({ tag, fields }: TreeNode): boolean {
  if (tag === 'A_Expr') return stringsOf(fields, 'name').at(-1) === '||';
  if (tag === 'TypeCast') return stringsOf(fieldsOf(fields, 'typeName'), 'names').at(-1) === 'text';
  return tag === 'FuncCall' && /^(?:quote_ident|concat)$/.test(stringsOf(fields, 'funcname').at(-1) ?? '');
}

const readName = (text: string): readonly string[] =>
  readNameParts(text) ?? fail('42602', 'invalid name syntax');

/** Of a text that is read: with its schema, or as the search path finds it. */
const relationsOf = (name: Tree): readonly Tree[] =>
  ['lab_full', 'lab_shown'].map((column) =>
    lookupTree(NAMES, 'lab_id', [[column, callTree('lab_name_text', [name])]]),
  );

/** The schema is missed first. */
const inSchema = (schema: string, kind: string, text: string): Tree => ({
  CaseExpr: {
    args: [
      {
        CaseWhen: {
          expr: {
            NullTest: {
              arg: lookupTree('pg_namespace', 'oid', [['nspname', constantTree(schema)]]),
              nulltesttype: 'IS_NULL',
            },
          },
          result: missing('schema', constantTree(schema)),
        },
      },
    ],
    defresult: missing(kind, constantTree(text)),
  },
});

function relationNamed(text: string): Tree {
  const parts = readName(text);
  const [first = text, second] = parts;
  if (parts.length > 2) unsupported('a cross-database reference');
  const own = second === undefined || first === 'pg_catalog' ? CATALOG_IDS.get(second ?? first) : undefined;
  if (own !== undefined) return castTree(constantTree(own), 'int8');
  if (second === undefined)
    return firstOf(
      lookupTree(NAMES, 'lab_id', [['lab_plain', constantTree(first)]]),
      missing('relation', constantTree(first)),
    );
  const found = lookupTree(NAMES, 'lab_id', [
    ['lab_schema', constantTree(first)],
    ['lab_name', constantTree(second)],
  ]);
  return firstOf(found, inSchema(first, 'relation', `${first}.${second}`));
}

/** Names of types that pg_type does not have, as the grammar reads them. */
const SYNONYMS: ReadonlyMap<string, string> = new Map(
  (
    'smallint=int2,int=int4,integer=int4,bigint=int8,decimal=numeric,dec=numeric,real=float4,float=float8,double precision=float8,' +
    'boolean=bool,character varying=varchar,char varying=varchar,character=bpchar,char=bpchar,time without time zone=time,' +
    'timestamp without time zone=timestamp,timestamp with time zone=timestamptz,time with time zone=timetz'
  )
    .split(',')
    .map((pair) => {
      const [said = '', name = ''] = pair.split('=');
      return [said, name];
    }),
);

const TYPE_TEXT =
  /^(.*?)\s*(?:\(\s*\d+(?:\s*,\s*-?\d+)?\s*\))?(\s+with(?:out)? time zone)?\s*((?:\[\d*\])*)$/;

function typeNamed(text: string): Tree {
  const [, said = '', zone = '', bounds = ''] = TYPE_TEXT.exec(text.trim()) ?? [];
  const words = asciiLower(`${said}${zone}`).replaceAll(/\s+/g, ' ');
  const synonym = SYNONYMS.get(words);
  const parts = synonym === undefined ? readName(said) : ['pg_catalog', synonym];
  const [schema, name = ''] = parts.length === 1 ? [null, parts[0]] : parts;
  if (parts.length > 2) unsupported('a cross-database reference');
  const given = schema === null || schema === 'pg_catalog' ? TYPES_BY_NAME.get(name) : undefined;
  if (given !== undefined)
    return castTree(constantTree(typeId(bounds === '' ? given : arrayOf(elementOf(given)))), 'int8');
  if ((schema === null || schema === 'pg_catalog') && OTHER_TYPES.has(name)) unsupported(`type ${name}`);
  const wanted = constantTree(bounds === '' ? name : `_${name}`);
  if (schema === null)
    return firstOf(lookupTree(TYPES, 'lab_id', [['lab_plain', wanted]]), missing('type', constantTree(name)));
  const found = lookupTree(TYPES, 'lab_id', [
    ['lab_schema', constantTree(schema)],
    ['lab_name', wanted],
  ]);
  return firstOf(found, inSchema(schema, 'type', `${schema}.${name}`));
}

/** `to_regclass(name)` and its brothers, which know of nothing null; null: it is no such call. */
export function nameLookup(fields: Fields): Tree | null {
  const name = stringsOf(fields, 'funcname').at(-1);
  const [arg] = nodesOf(fields, 'args');
  const text = arg === undefined ? null : constantOf(arg);
  if (text === null) return null;
  const constant = constantTree(text);
  if (name === 'to_regnamespace')
    return lookupTree('pg_namespace', 'nspname', [['nspname', callTree('lab_last_name', [constant])]]);
  if (name !== 'to_regclass') return null;
  return firstOf(
    ...['lab_full', 'lab_shown', 'lab_plain'].map((column) =>
      lookupTree(NAMES, 'lab_shown', [[column, callTree('lab_name_text', [constant])]]),
    ),
  );
}
