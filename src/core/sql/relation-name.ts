// A relation's name in its database: of the schema `public` its own, of another `schema.name`. A part with a dot or a quote in it stands
// in quotes, so that no two relations have one name. The catalog's rows keep the parts (catalog-row.ts).

import { asciiLower } from './ascii.ts';

export const PUBLIC = 'public';

/** A connection's own schema, for its temporary tables: it stands first in the search path that the connection says. */
export const isTemporarySchema = (schema: string): boolean => schema.startsWith('pg_temp_');
export const isTemporary = (name: string): boolean => isTemporarySchema(schemaOf(name));

const quotedPart = (part: string): string => (/[."]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part);

export const relationNameOf = (schema: string, name: string): string =>
  schema === PUBLIC ? quotedPart(name) : `${quotedPart(schema)}.${quotedPart(name)}`;

/** What a schema is called among the relations: it has a row of the catalog as they have. */
export const schemaEntry = (schema: string): string => relationNameOf(schema, '');

const PARTS = /^(?:("(?:[^"]|"")*"|[^."]*)\.)?("(?:[^"]|"")*"|[^."]*)$/;
const plainPart = (part: string): string =>
  part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;

const splitName = (name: string): readonly [schema: string, own: string] => {
  const [, schema, own = name] = /[."]/.test(name) ? (PARTS.exec(name) ?? []) : [];
  return [schema === undefined ? PUBLIC : plainPart(schema), plainPart(own)];
};

export const schemaOf = (name: string): string => splitName(name)[0];
/** The name without its schema. */
export const ownName = (name: string): string => splitName(name)[1];
/** The name of another relation in the same schema. */
export const besideName = (name: string, other: string): string => relationNameOf(schemaOf(name), other);

/** The parts of a name as it stands in text, between dots: folded to lower case but in quotes; null: it is none. */
export function readNameParts(text: string): readonly string[] | null {
  const parts: string[] = [];
  const part = /\s*(?:"((?:[^"]|"")+)"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*))\s*(\.|$)/y;
  for (let found = part.exec(text); found !== null; found = part.exec(text)) {
    parts.push(found[1]?.replaceAll('""', '"') ?? asciiLower(found[2] ?? ''));
    if (found[3] === '') return parts;
  }
  return null;
}

/** Schemas in which a name without one is looked for, as SET and SHOW write them. */
export function readSearchPath(path: string): readonly string[] {
  const schemas: string[] = [];
  const part = /\s*(?:"((?:[^"]|"")*)"|([^\s",]+))\s*(?:,|$)/y;
  while (part.lastIndex < path.length) {
    const found = part.exec(path);
    if (found === null) break;
    const schema = found[1]?.replaceAll('""', '"') ?? asciiLower(found[2] ?? '');
    if (schema !== '') schemas.push(schema === '$user' ? 'postgres' : schema);
  }
  return schemas;
}
