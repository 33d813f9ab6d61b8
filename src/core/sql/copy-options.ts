// The options of COPY as PostgreSQL 18 reads and judges them (ProcessCopyOptions), in its order; what the lab does not have is refused
// by name.

import { asciiLower, asciiUpper } from './ascii.ts';
import type { CopyFormat } from './copy-format.ts';
import { fail, unsupported } from './failure.ts';
import {
  type Fields,
  firstLocation,
  has,
  listItems,
  nodeOf,
  own,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';

/** Columns by name; `all`: `*`. */
export type CopyColumns = readonly string[] | 'all' | null;

export interface CopyOptions {
  readonly format: CopyFormat;
  readonly forceQuote: CopyColumns;
  readonly forceNotNull: CopyColumns;
  readonly forceNull: CopyColumns;
}

interface Found {
  isCsv: boolean;
  header: CopyFormat['header'];
  readonly texts: Map<string, string>;
  readonly lists: Map<string, CopyColumns>;
}

export function readCopyOptions(nodes: readonly TreeNode[], isFrom: boolean): CopyOptions {
  const found: Found = { isCsv: false, header: 'no', texts: new Map(), lists: new Map() };
  const seen = new Set<string>();
  for (const { fields } of nodes) {
    const name = textOf(fields, 'defname');
    if (seen.has(name)) fail('42601', 'conflicting or redundant options', firstLocation(fields, 0));
    seen.add(name);
    readOption(found, name, fields, isFrom);
  }
  return checked(found, isFrom);
}

function readOption(found: Found, name: string, fields: Fields, isFrom: boolean): void {
  const at = firstLocation(fields, 0);
  switch (name) {
    case 'format': {
      const format = argumentOf(fields, name);
      if (format === 'binary') unsupported('COPY in binary format', at);
      if (format !== 'csv' && format !== 'text') fail('22023', `COPY format "${format}" not recognized`, at);
      found.isCsv = format === 'csv';
      return;
    }
    case 'delimiter':
    case 'null':
    case 'quote':
    case 'escape':
      found.texts.set(name, argumentOf(fields, name));
      return;
    case 'header':
      found.header = headerOf(fields, isFrom);
      return;
    case 'force_quote':
    case 'force_not_null':
    case 'force_null':
      found.lists.set(name, columnsOf(fields, name, at));
      return;
    case 'encoding':
      if (!UTF8.has(asciiUpper(argumentOf(fields, name)))) unsupported('an ENCODING other than UTF8', at);
      return;
    case 'freeze':
      return; // rows are as visible as any: nothing here is frozen
    case 'default':
    case 'on_error':
    case 'log_verbosity':
    case 'reject_limit':
    case 'convert_selectively':
      unsupported(`COPY with ${asciiUpper(name)}`, at);
      return;
    default:
      fail('42601', `option "${name}" not recognized`, at);
  }
}

const UTF8: ReadonlySet<string> = new Set(['UTF8', 'UTF-8', 'UNICODE', 'UTF_8']);

/** The argument as text, as defGetString has it. */
function argumentOf(fields: Fields, name: string): string {
  if (!has(fields, 'arg')) fail('42601', `${name} requires a parameter`);
  const { tag, fields: argument } = nodeOf(fields, 'arg');
  switch (tag) {
    case 'String':
      return textOf(argument, 'sval');
    case 'Float':
      return textOf(argument, 'fval');
    case 'Integer':
      return String(own(argument, 'ival') ?? 0);
    case 'Boolean':
      return own(argument, 'boolval') === true ? 'true' : 'false';
    case 'A_Star':
      return '*';
    default:
      return stringsOf(argument, tag === 'List' ? 'items' : 'names').join('.');
  }
}

function headerOf(fields: Fields, isFrom: boolean): CopyFormat['header'] {
  const word = has(fields, 'arg') ? asciiLower(argumentOf(fields, 'header')) : 'true';
  if (word === '1' || word === 'true' || word === 'on') return 'yes';
  if (word === '0' || word === 'false' || word === 'off') return 'no';
  if (word !== 'match') return fail('42601', 'header requires a Boolean value or "match"');
  return isFrom ? 'match' : fail('0A000', 'cannot use "match" with HEADER in COPY TO');
}

function columnsOf(fields: Fields, name: string, at: number): CopyColumns {
  const argument = has(fields, 'arg') ? nodeOf(fields, 'arg') : null;
  if (argument?.tag === 'A_Star') return 'all';
  if (argument?.tag === 'List') return listItems(argument).map(({ fields: item }) => textOf(item, 'sval'));
  return fail('22023', `argument to option "${name}" must be a list of column names`, at);
}

const isByte = (text: string): boolean => text.length === 1 && text.charCodeAt(0) < 0x80;
const hasLineEnd = (text: string): boolean => /[\r\n]/.test(text);
/** What the text format means otherwise. */
const TEXT_ALONE = /^[\\.a-z0-9]/;

function checked({ isCsv, header, texts, lists }: Found, isFrom: boolean): CopyOptions {
  const delimiter = texts.get('delimiter') ?? (isCsv ? ',' : '\t');
  const nullText = texts.get('null') ?? (isCsv ? '' : '\\N');
  const quote = texts.get('quote') ?? '"';
  const escapeChar = texts.get('escape') ?? quote;
  if (!isByte(delimiter)) fail('0A000', 'COPY delimiter must be a single one-byte character');
  if (hasLineEnd(delimiter)) fail('22023', 'COPY delimiter cannot be newline or carriage return');
  if (hasLineEnd(nullText)) fail('22023', 'COPY null representation cannot use newline or carriage return');
  if (!isCsv && TEXT_ALONE.test(delimiter)) fail('22023', `COPY delimiter cannot be "${delimiter}"`);
  if (!isCsv && texts.has('quote')) fail('0A000', 'COPY QUOTE requires CSV mode');
  if (isCsv && !isByte(quote)) fail('0A000', 'COPY quote must be a single one-byte character');
  if (isCsv && delimiter === quote) fail('22023', 'COPY delimiter and quote must be different');
  if (!isCsv && texts.has('escape')) fail('0A000', 'COPY ESCAPE requires CSV mode');
  if (isCsv && !isByte(escapeChar)) fail('0A000', 'COPY escape must be a single one-byte character');
  for (const [name, wrongWay, sqlstate] of LISTS) {
    if (!lists.has(name)) continue;
    const option = asciiUpper(name);
    if (!isCsv) fail('0A000', `COPY ${option} requires CSV mode`);
    if (isFrom === (wrongWay === 'FROM'))
      fail(sqlstate, `COPY ${option} cannot be used with COPY ${wrongWay}`);
  }
  if (nullText.includes(delimiter))
    fail('22023', 'COPY delimiter character must not appear in the NULL specification');
  if (isCsv && nullText.includes(quote))
    fail('22023', 'CSV quote character must not appear in the NULL specification');
  return {
    format: { isCsv, delimiter, quote, escapeChar, nullText, header },
    forceQuote: lists.get('force_quote') ?? null,
    forceNotNull: lists.get('force_not_null') ?? null,
    forceNull: lists.get('force_null') ?? null,
  };
}

const LISTS = [
  ['force_quote', 'FROM', '0A000'],
  ['force_not_null', 'TO', '22023'],
  ['force_null', 'TO', '22023'],
] as const;
