// The glossary: names that the screen uses, each explained in one line (docs/spec/terms.md has them in full).

import type { PlainKey } from '../i18n/i18n.ts';

export interface Term {
  readonly name: string;
  readonly key: PlainKey;
}

export const terms: readonly Term[] = [
  { name: 'LSN', key: 'term.lsn' },
  { name: 'MTR, CPL', key: 'term.cpl' },
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
