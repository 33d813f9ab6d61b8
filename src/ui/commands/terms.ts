// The glossary: names that the screen uses, each explained in one line (docs/spec/terms.md has them in full).

import type { PlainKey } from '../i18n/i18n.ts';
import './term-texts.ts';

export interface Term {
  readonly name: string;
  readonly key: PlainKey;
}

export const terms: readonly Term[] = [
  { name: 'LSN', key: 'term.lsn' },
  { name: '[a,b)', key: 'term.range' },
  { name: 'MTR, CPL', key: 'term.cpl' },
  { name: 'SCN', key: 'term.scn' },
  { name: 'group / 组', key: 'term.group' },
  { name: 'replica / 副本', key: 'term.replica' },
  { name: 'N/Vw/Vr', key: 'term.quorum' },
  { name: 'SCL', key: 'term.scl' },
  { name: 'NCL', key: 'term.ncl' },
  { name: 'NWL', key: 'term.nwl' },
  { name: 'PGCL', key: 'term.pgcl' },
  { name: 'SGCL', key: 'term.sgcl' },
  { name: 'VCL', key: 'term.vcl' },
  { name: 'VDL', key: 'term.vdl' },
  { name: 'LAL', key: 'term.lal' },
  { name: 'hole / 空洞', key: 'term.hole' },
  { name: 'token / 令牌', key: 'term.token' },
];

const isNamed = (name: string, text: string): boolean =>
  name.startsWith('[')
    ? /\[\d+,\w+\)/.test(text)
    : /[^\x20-\x7e]/.test(name)
      ? text.includes(name)
      : new RegExp(`(^|[^A-Za-z])${name}s?(?![A-Za-z])`).test(text);

/** The terms that are short for something and stand in a text, and those that explain these. */
export function termsIn(text: string, explain: (key: PlainKey) => string): readonly Term[] {
  const found = new Set<Term>();
  const look = (where: string): void => {
    for (const term of terms) {
      // Everyday words say enough by themselves.
      if (found.has(term) || /group|replica/.test(term.name)) continue;
      if (!term.name.split(/, | \/ /).some((name) => isNamed(name, where))) continue;
      found.add(term);
      look(explain(term.key));
    }
  };
  look(text);
  return terms.filter((term) => found.has(term));
}
