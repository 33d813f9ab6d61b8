// How the lines of a COPY are written, as far as the protocol's edge has to know: where a row ends, and how many fields it has.

import { nodesOf, optionalText, type TreeNode } from '../core/sql/tree.ts';

export interface CopyText {
  readonly isCsv: boolean;
  readonly hasHeader: boolean;
  readonly quote: string;
  readonly delimiter: string;
}

/** By the options of a COPY statement. */
export function copyTextOf({ fields }: TreeNode): CopyText {
  const values = new Map<string, string>();
  for (const { fields: option } of nodesOf(fields, 'options')) {
    const found = /"(?:sval|ival|boolval)":\s*(?:"((?:[^"\\]|\\.)*)"|([^"}]+))/.exec(
      JSON.stringify(option.arg ?? {}),
    );
    const text = found?.[1] === undefined ? found?.[2] : String(JSON.parse(`"${found[1]}"`));
    values.set(optionalText(option, 'defname') ?? '', text ?? 'true');
  }
  const isCsv = values.get('format') === 'csv';
  return {
    isCsv,
    hasHeader: !['false', 'off', '0'].includes(values.get('header') ?? 'false'),
    quote: values.get('quote') ?? '"',
    delimiter: values.get('delimiter') ?? (isCsv ? ',' : '\t'),
  };
}

/** Fields of a line. In text format a delimiter within a value is never written as itself. */
export function countFields({ isCsv, quote, delimiter }: CopyText, line: string): number {
  if (!isCsv) return line.split(delimiter).length;
  let fields = 1;
  let isQuoted = false;
  for (const char of line) {
    if (char === quote) isQuoted = !isQuoted;
    else if (char === delimiter && !isQuoted) fields++;
  }
  return fields;
}
