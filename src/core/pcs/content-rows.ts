// Metadata as lines of text (docs/spec/pcs.md PCS-32): what each entity is, of what, and the value of each of its fields, so that
// two versions can be laid side by side. It walks plain data: an entity that joins the content is listed without a line here.

/** `entity`: the list it stands in; `of`: its name, with those it stands in before it. */
export interface ContentRow {
  readonly entity: string;
  readonly of: string;
  readonly field: string;
  readonly value: string;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What names an entity within its list, the first that it has. */
const nameFields = ['name', 'id', 'group', 'node', 'volume', 'client', 'from', 'object'] as const;

const nameOf = (fields: Fields, place: number): readonly [field: string | null, name: string] => {
  const field = nameFields.find((one) => typeof fields[one] === 'string' && fields[one] !== '');
  return field === undefined ? [null, String(place + 1)] : [field, String(fields[field])];
};

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return '–';
  return value.every(Array.isArray) ? value.map(textOf).join(' | ') : value.map(textOf).join(', ');
}

function walk(rows: ContentRow[], entity: string, of: string, fields: Fields, named: string | null): void {
  for (const [field, value] of Object.entries(fields)) {
    if (field === named) continue;
    if (isFields(value)) walk(rows, entity, of, prefixed(field, value), null);
    else if (Array.isArray(value) && value.some(isFields)) walkList(rows, field, of, value);
    else rows.push({ entity, of, field, value: textOf(value) });
  }
}

const prefixed = (start: string, fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [`${start}.${field}`, value]));

function walkList(rows: ContentRow[], entity: string, of: string, list: readonly unknown[]): void {
  for (const [place, one] of list.filter(isFields).entries()) {
    const [field, name] = nameOf(one, place);
    walk(rows, entity, of === '' ? name : `${of} ${name}`, one, field);
  }
}

/** Fields that stand in no list are of the entity `top`. */
export function contentRows(content: Fields, top: string, without: readonly string[]): ContentRow[] {
  const rows: ContentRow[] = [];
  walk(
    rows,
    top,
    '',
    Object.fromEntries(Object.entries(content).filter(([field]) => !without.includes(field))),
    null,
  );
  return rows;
}

/** Fields in one line, for an entry of the log. */
export const fieldsLine = (fields: Fields, without: readonly string[]): string =>
  contentRows(fields, '', without)
    .map(({ of, field, value }) => `${of === '' ? '' : `${of} `}${field} ${value}`)
    .join(', ');
