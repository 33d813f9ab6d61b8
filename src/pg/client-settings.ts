// Parameters of a connection (SET, SHOW, RESET, options of the start-up, set_config): their names, what they begin with, and the values that
// they take, as PostgreSQL 15 has them. The lab has one encoding, style of dates and time zone: what is another one is refused by name.
// Of the others some only are taken, so that programs that set them run; what they would change is not there (docs/sql.md).

import { unreachable } from '../base/assert.ts';
import { asciiLower } from '../core/sql/ascii.ts';
import { SERVER_VERSION } from '../core/sql/catalog-functions.ts';
import { fail } from '../core/sql/failure.ts';
import { INTEGER_MAX, type Quantity, readQuantity, showQuantity } from '../core/sql/quantities.ts';
import { DEFAULT_SETTINGS, readBoolean, readPath, readSetting, showSetting } from '../core/sql/settings.ts';
import { MORE_SETTINGS, type MoreSetting } from './more-settings.ts';

export interface ClientSetting {
  /** As PostgreSQL spells it, and in small letters. */
  readonly name: string;
  readonly key: string;
  /** As SHOW gives it, before anybody has set it. */
  readonly value: string;
  /** The client is sent it at its start, and of each change. */
  readonly isReported: boolean;
  /** Values of SET as SHOW gives them, or a SqlFailure. Absent: it cannot be changed (55P02). */
  readonly read?: (values: readonly string[]) => string;
}

type Read = NonNullable<ClientSetting['read']>;

const fixed = (name: string, value: string, isReported = false): ClientSetting => ({
  name,
  key: asciiLower(name),
  value,
  isReported,
});
const changing = (name: string, value: string, read: Read, isReported = false): ClientSetting => ({
  ...fixed(name, value, isReported),
  read,
});

const invalid = (name: string, value: string): never =>
  fail('22023', `invalid value for parameter "${name}": "${value}"`);

/** A list in one text, as SET writes it. */
const listed = (values: readonly string[]): string => values.join(', ');

function single(name: string, [first, second]: readonly string[]): string {
  if (first === undefined || second !== undefined)
    return fail('22023', `SET ${name} takes only one argument`);
  return first;
}

/** `has`: what the lab has of it, and what it is shown as. `known`: what only PostgreSQL has. */
const oneOf = (
  name: string,
  value: string,
  { has, known }: { readonly has: (text: string) => string | null; readonly known: RegExp },
  isReported = false,
): ClientSetting =>
  changing(
    name,
    value,
    (values) => {
      const text = listed(values).trim();
      const found = has(text);
      if (found !== null) return found;
      if (known.test(text)) fail('0A000', `${name} "${text}" is not supported: the lab has ${value}`);
      return invalid(name, text);
    },
    isReported,
  );

const matching =
  (pattern: RegExp, value: string) =>
  (text: string): string | null =>
    pattern.test(text) ? value : null;

/** Of the engine: it reads and shows them, and is told with each statement (leading-notes.ts). */
const ofEngine = (name: string, isReported = false): ClientSetting =>
  changing(
    name,
    showSetting(name, DEFAULT_SETTINGS),
    (values) => showSetting(name, { ...DEFAULT_SETTINGS, ...readSetting(name, values) }),
    isReported,
  );

const bool = (name: string, value: 'on' | 'off'): ClientSetting =>
  changing(name, value, (values) => (readBoolean(name, single(name, values)) ? 'on' : 'off'));

const quantity = (name: string, value: number, range: Quantity): ClientSetting =>
  changing(name, showQuantity(value, range), (values) =>
    showQuantity(readQuantity(name, single(name, values), range), range),
  );

const real = (name: string, value: number, min: number, max: number): ClientSetting =>
  changing(name, String(value), (values) => {
    const text = single(name, values);
    const found = Number(text);
    if (text.trim() === '' || Number.isNaN(found)) return invalid(name, text);
    if (found < min || found > max)
      fail('22023', `${found} is outside the valid range for parameter "${name}" (${min} .. ${max})`);
    return String(found);
  });

const word = (name: string, words: readonly string[]): ClientSetting =>
  changing(name, words[0] ?? '', (values) => {
    const text = asciiLower(single(name, values));
    return words.includes(text) ? text : invalid(name, text);
  });

const text = (name: string, value: string): ClientSetting => changing(name, value, listed);

/** A byte that is none of ASCII's is a question mark. */
const inAscii = (value: string): string =>
  Array.from(new TextEncoder().encode(value), (byte) =>
    byte < 0x20 || byte > 0x7e ? '?' : String.fromCharCode(byte),
  ).join('');

/** Letters and digits count: 'utf-8', UTF8 and "'utf_8'" are one. */
const encodingOf = (name: string): string => asciiLower(name).replace(/[^a-z0-9]/g, '');

function encoding(name: string): string | null {
  const plain = encodingOf(name);
  if (plain === 'utf8' || plain === 'unicode') return 'UTF8';
  return plain === 'sqlascii' ? 'SQL_ASCII' : null;
}

const ZERO = /^(?:\+|-)?00?(?::?00)*$/;

/** Zones that are UTC by any of their names, or an offset of nothing. */
function utcName(zone: string): string | null {
  const lower = asciiLower(zone);
  if (/^(?:default|local|utc)$/.test(lower)) return 'UTC';
  if (/^(?:gmt|uct|zulu|universal|z|utc0|gmt0)$/.test(lower)) return zone;
  if (/^etc\/(?:utc|uct|gmt|zulu|universal|greenwich)$/.test(lower)) return zone;
  return ZERO.test(lower) ? zone : null;
}

/** What stands in a start-up without a hint that it is wanted: a driver sends its machine's zone. */
export const isForeignZone = (name: string, value: string): boolean =>
  name === 'timezone' && utcName(value) === null && ZONES.test(value);

const ZONES =
  /^(?:(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)\/|<?[+-]?\d|[A-Z]{3,4}\d?$)/i;

/** One that is only checked and shown. */
function checked(more: MoreSetting): ClientSetting {
  const { name } = more;
  switch (more.kind) {
    case 'bool':
      return bool(name, more.value);
    case 'quantity':
      return quantity(name, more.value, { max: INTEGER_MAX, ...more });
    case 'real':
      return real(name, more.value, more.min, more.max);
    case 'word':
      return word(name, more.words);
    case 'text':
      return text(name, more.value);
    case 'fixed':
      return fixed(name, more.value);
    default:
      return unreachable(more);
  }
}

const SETTINGS: readonly ClientSetting[] = [
  fixed('server_version', SERVER_VERSION, true),
  fixed('server_version_num', '150000'),
  fixed('server_encoding', 'UTF8', true),
  oneOf(
    'client_encoding',
    'UTF8',
    {
      has: encoding,
      known:
        /^\W*(?:latin\d+|iso\W?8859\W?\d+|win\d+|koi8\w?|euc\w*|sjis|shift\w+|big5|gbk|gb18030|uhc|johab|mule\w*|abc|tcvn\w*|alt)\W*$/i,
    },
    true,
  ),
  oneOf(
    'DateStyle',
    'ISO, MDY',
    {
      has: matching(/^(?:default|(?:iso)?(?:,?\s*(?:mdy|us|noneuropean))?)$/i, 'ISO, MDY'),
      known: /^(?:(?:iso|sql|german|postgres)\b|dmy|ymd|european|euro)/i,
    },
    true,
  ),
  oneOf('TimeZone', 'UTC', { has: utcName, known: ZONES }, true),
  oneOf(
    'IntervalStyle',
    'postgres',
    { has: matching(/^postgres$/i, 'postgres'), known: /^(?:postgres_verbose|sql_standard|iso_8601)$/i },
    true,
  ),
  fixed('integer_datetimes', 'on', true),
  oneOf(
    'standard_conforming_strings',
    'on',
    { has: matching(/^(?:on|true|yes|1)$/i, 'on'), known: /^(?:off|false|no|0)$/i },
    true,
  ),
  fixed('is_superuser', 'on', true),
  oneOf(
    'session_authorization',
    'postgres',
    { has: (name) => (name === 'default' ? 'postgres' : name), known: /^$/ },
    true,
  ),
  fixed('in_hot_standby', 'off', true),
  oneOf('bytea_output', 'hex', { has: matching(/^hex$/i, 'hex'), known: /^escape$/i }),
  changing('search_path', DEFAULT_SETTINGS.searchPath, readPath),
  changing('application_name', '', (values) => inAscii(single('application_name', values)), true),
  ...[
    'statement_timeout',
    'lock_timeout',
    'default_transaction_isolation',
    'default_transaction_read_only',
  ].map((name) => ofEngine(name)),
  oneOf('role', 'none', { has: matching(/^(?:none|postgres|default)$/, 'none'), known: /^\w+$/ }),
  ...MORE_SETTINGS.map(checked),
];

const BY_NAME: ReadonlyMap<string, ClientSetting> = new Map(
  SETTINGS.map((setting) => [setting.key, setting]),
);

/** What a program keeps for itself, by a name in two parts. */
const isOfProgram = (name: string): boolean => /^[a-z_][\w$]*(?:\.[a-z_][\w$]*)+$/i.test(name);

/** By its name in any case; null: there is none. One of a program's own is there once it was set. */
export function settingOf(name: string, isSet = false): ClientSetting | null {
  const known = BY_NAME.get(asciiLower(name));
  if (known !== undefined) return known;
  return isSet && isOfProgram(name) ? text(name, '') : null;
}

export const settingKey = asciiLower;
export const reportedSettings: readonly ClientSetting[] = SETTINGS.filter(({ isReported }) => isReported);
/** For SHOW ALL, in the order of their names. */
export const allSettings: readonly ClientSetting[] = SETTINGS.toSorted((a, b) => (a.key < b.key ? -1 : 1));

/** A text of a start-up or of set_config, as values of SET: names of schemas are several. */
export const namesIn = (name: string, text: string): readonly string[] =>
  settingKey(name) === 'search_path' ? splitNames(text) : [text];

/** Names between commas; one in quotes may have any character in it. */
function splitNames(text: string): readonly string[] {
  const names: string[] = [];
  const part = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(?:,|$)/y;
  while (part.lastIndex < text.length) {
    const found = part.exec(text);
    if (found === null) return fail('22023', `invalid value for parameter "search_path": "${text}"`);
    names.push(found[1]?.replaceAll('""', '"') ?? asciiLower((found[2] ?? '').trim()));
  }
  return names;
}
