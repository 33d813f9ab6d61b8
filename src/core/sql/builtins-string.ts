// Functions of texts and bytes beyond those of builtins-text.ts, a line each.

import type { Numeric, Value } from './access.ts';
import { asciiLower, asciiUpper } from './ascii.ts';
import { checkLength } from './builtins-text.ts';
import { bytesOfHex, hexOfBytes } from './bytes-form.ts';
import { fail } from './failure.ts';
import { define, type TableFunction } from './function-table.ts';
import { md5, sha224, sha256, sha384, sha512 } from './hashes.ts';
import { nameText } from './name-text.ts';
import { big, dec, hex, num, str } from './narrow.ts';
import { compareNumeric, formatNumeric, numericOf } from './numeric.ts';
import { absolute } from './numeric-arithmetic.ts';
import { wholeQuotient } from './numeric-functions.ts';
import { formatValue } from './text-form.ts';

const utf8 = new TextEncoder();
const hashed = (name: string, hash: (bytes: Uint8Array) => Uint8Array): TableFunction =>
  define(name, 'bytea', 'bytea', (a) => ({ kind: 'bytea', hex: hexOfBytes(hash(bytesOfHex(hex(a)))) }));

const capitals = (text: string): string =>
  text.replace(/[0-9A-Za-z]+/g, (word) => asciiUpper(word.charAt(0)) + asciiLower(word.slice(1)));

function translated(text: string, from: string, to: string): string {
  const targets = [...to];
  const by = new Map<string, string>();
  [...from].forEach((character, i) => {
    if (!by.has(character)) by.set(character, targets[i] ?? '');
  });
  return [...text].map((character) => by.get(character) ?? character).join('');
}

function overlaid(text: string, part: string, from: number, count: number): string {
  if (from <= 0) fail('22011', 'negative substring length not allowed');
  if (from + count > 2_147_483_647) fail('22003', 'integer out of range');
  const characters = [...text];
  return checkLength(
    characters.slice(0, from - 1).join('') + part + characters.slice(Math.max(0, from + count - 1)).join(''),
  );
}

/** As a constant of a statement. */
function quoted(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}

/** A unit, below how many of it none of the next is said, and its size as a power of two. */
const SIZES: readonly (readonly [name: string, limit: bigint, bits: bigint])[] = [
  ['bytes', 10n * 1024n, 0n],
  ['kB', 20n * 1024n - 1n, 10n],
  ['MB', 20n * 1024n - 1n, 20n],
  ['GB', 20n * 1024n - 1n, 30n],
  ['TB', 20n * 1024n - 1n, 40n],
  ['PB', 20n * 1024n - 1n, 50n],
];

/** Halves are kept until the last unit, in which they are rounded away from zero. */
function sizeText(bytes: Numeric): string {
  let size = bytes;
  for (const [i, [name, limit, bits]] of SIZES.entries()) {
    const next = SIZES[i + 1];
    const isHalves = i > 0;
    if (next === undefined || compareNumeric(absolute(size), numericOf(limit)) < 0) {
      if (!isHalves) return `${formatNumeric(size)} ${name}`;
      const whole = size.digits + (size.digits < 0n ? -1n : 1n);
      return `${whole / 2n} ${name}`;
    }
    const by = next[2] - bits - 1n + (isHalves ? 1n : 0n);
    size = wholeQuotient(size, numericOf(1n << by));
  }
  return '';
}

const inBase =
  (base: number) =>
  (a: Value): Value =>
    typeof a === 'bigint' ? BigInt.asUintN(64, a).toString(base) : (num(a) >>> 0).toString(base);

export const STRINGS = {
  textMd5: define('md5', 'text', 'text', (a) => hexOfBytes(md5(utf8.encode(str(a))))),
  byteaMd5: define('md5', 'bytea', 'text', (a) => hexOfBytes(md5(bytesOfHex(hex(a))))),
  byteaSha224: hashed('sha224', sha224),
  byteaSha256: hashed('sha256', sha256),
  byteaSha384: hashed('sha384', sha384),
  byteaSha512: hashed('sha512', sha512),
  textCapitals: define('initcap', 'text', 'text', (a) => capitals(str(a))),
  textTranslate: define('translate', 'text text text', 'text', (a, from, to) =>
    translated(str(a), str(from), str(to)),
  ),
  textOverlay: define('overlay', 'text text int4', 'text', (a, part, from) =>
    overlaid(str(a), str(part), num(from), [...str(part)].length),
  ),
  textOverlayCount: define('overlay', 'text text int4 int4', 'text', (a, part, from, count) =>
    overlaid(str(a), str(part), num(from), num(count)),
  ),
  textBits: define('bit_length', 'text', 'int4', (a) => utf8.encode(str(a)).length * 8),
  byteaBits: define('bit_length', 'bytea', 'int4', (a) => hex(a).length * 4),
  textToUtf8: define('convert_to', 'text text', 'bytea', (a, encoding) => ({
    kind: 'bytea',
    hex: hexOfBytes(utf8.encode(inUtf8(str(a), str(encoding), 'destination'))),
  })),
  utf8ToText: define('convert_from', 'bytea text', 'text', (a, encoding) => {
    inUtf8('', str(encoding), 'source');
    return readUtf8(bytesOfHex(hex(a)));
  }),
  int4ToHex: define('to_hex', 'int4', 'text', inBase(16)),
  int8ToHex: define('to_hex', 'int8', 'text', inBase(16)),
  int4ToOctal: define('to_oct', 'int4', 'text', inBase(8)),
  int8ToOctal: define('to_oct', 'int8', 'text', inBase(8)),
  int4ToBinary: define('to_bin', 'int4', 'text', inBase(2)),
  int8ToBinary: define('to_bin', 'int8', 'text', inBase(2)),
  int8SizeText: define('pg_size_pretty', 'int8', 'text', (a) => sizeText(numericOf(big(a)))),
  numericSizeText: define('pg_size_pretty', 'numeric', 'text', (a) => sizeText(dec(a))),
} satisfies Readonly<Record<string, TableFunction>>;

function inUtf8(text: string, encoding: string, which: 'source' | 'destination'): string {
  if (!/^utf-?8$|^unicode$/i.test(encoding))
    fail('0A000', `conversion from or to encoding "${encoding}" is not supported (${which})`);
  return text;
}

function readUtf8(bytes: Uint8Array): string {
  try {
    const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? '\ufeff' : '';
    return mark + new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fail('22021', 'invalid byte sequence for encoding "UTF8"');
  }
}

/** A placeholder of format(): its argument's place, minus, width (or `*` and its place), and kind. */
const PLACEHOLDER = /%(?:(%)|(?:(\d+)\$)?(-?)(?:(\d+)|\*(?:(\d+)\$)?())?(.?))/gsu;

function formatted(values: readonly Value[]): Value {
  const [pattern = null] = values;
  if (pattern === null) return null;
  let used = 0;
  const argument = (place: string | undefined): Value => {
    if (place !== undefined && Number(place) === 0)
      fail('22023', 'format specifies argument 0, but arguments are numbered from 1');
    used = place === undefined ? used + 1 : Number(place);
    if (used >= values.length) fail('22023', 'too few arguments for format()');
    return values[used] ?? null;
  };
  const text = str(pattern).replace(
    PLACEHOLDER,
    (_, percent, place, minus, width, widthPlace, star, kind: string) => {
      if (percent !== undefined) return '%';
      const asked = star === undefined ? width : formatValue(argument(widthPlace));
      if (kind === '') fail('22023', 'unterminated format() type specifier');
      const value = argument(place);
      if (!/[sIL]/.test(kind)) fail('22023', `unrecognized format() type specifier "${kind}"`);
      const shown = formatValue(value);
      if (shown === null && kind === 'I')
        fail('22004', 'null values cannot be formatted as an SQL identifier');
      const own =
        kind === 's'
          ? (shown ?? '')
          : kind === 'I'
            ? nameText(shown ?? '')
            : shown === null
              ? 'NULL'
              : quoted(shown);
      const size = Number(asked ?? 0);
      const spaces = ' '.repeat(Math.max(0, Math.min(Math.abs(size), 1 << 20) - [...own].length));
      return minus === '-' || size < 0 ? own + spaces : spaces + own;
    },
  );
  return checkLength(text);
}

/** Functions that take nulls. */
export const STRING_VARIADICS = {
  format: formatted,
  quoteLiteral: ([value = null]: readonly Value[]): Value =>
    value === null ? null : quoted(formatValue(value) ?? ''),
  quoteNullable: ([value = null]: readonly Value[]): Value =>
    value === null ? 'NULL' : quoted(formatValue(value) ?? ''),
  countNulls: (values: readonly Value[]): Value => values.filter((value) => value === null).length,
  countValues: (values: readonly Value[]): Value => values.filter((value) => value !== null).length,
};
