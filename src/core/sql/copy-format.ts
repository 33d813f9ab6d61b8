// The text and CSV formats of COPY as PostgreSQL writes them (CopyAttributeOutText, CopyAttributeOutCSV): values in text form
// become a line of data. Reading is copy-read.ts.

export interface CopyFormat {
  readonly isCsv: boolean;
  /** One byte each, as `quote` and `escapeChar`, which only CSV has. */
  readonly delimiter: string;
  readonly quote: string;
  readonly escapeChar: string;
  /** What stands for null, unquoted. */
  readonly nullText: string;
  /** `match`: it must name the columns; of COPY FROM only. */
  readonly header: 'no' | 'yes' | 'match';
}

/** What the text format writes by a letter. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['\b', 'b'],
  ['\f', 'f'],
  ['\n', 'n'],
  ['\r', 'r'],
  ['\t', 't'],
  ['\v', 'v'],
]);

/** One line without its end; `forced` (FORCE_QUOTE): columns whose values are quoted anyhow. */
export function copyLine(
  format: CopyFormat,
  values: readonly (string | null)[],
  forced: readonly boolean[] = [],
): string {
  const isOnly = values.length === 1;
  return values
    .map((value, i) => {
      if (value === null) return format.nullText;
      return format.isCsv ? csvField(format, value, forced[i] === true, isOnly) : textField(format, value);
    })
    .join(format.delimiter);
}

function textField({ delimiter }: CopyFormat, value: string): string {
  let field = '';
  for (const char of value) {
    const letter = LETTERS.get(char);
    if (letter !== undefined) field += `\\${letter}`;
    else if (char === '\\' || char === delimiter) field += `\\${char}`;
    else field += char;
  }
  return field;
}

function csvField(
  { delimiter, quote, escapeChar, nullText }: CopyFormat,
  value: string,
  isForced: boolean,
  isOnly: boolean,
): string {
  const isQuoted =
    isForced ||
    value === nullText ||
    // Alone on a line it would end the data.
    (isOnly && value === '\\.') ||
    [delimiter, quote, '\n', '\r'].some((char) => value.includes(char));
  if (!isQuoted) return value;
  let field = quote;
  for (const char of value) field += char === quote || char === escapeChar ? escapeChar + char : char;
  return field + quote;
}
