// The glossary in one line each: names that the screen uses (docs/spec/terms.md has them in full).

import type { Term } from '../../rules/terms.ts';
import './term-texts.ts';

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
