// How far a reader is behind, and where that is not known.

import { expect, test } from 'vitest';
import { t } from '../i18n/i18n.ts';
import { lagText, readerLag } from './reader-lag.ts';

test.each([
  ['of a reader that is starting nothing is known', { applyLsn: -1, vdl: -1 }, 301, '–'],
  ['nor where nobody knows VDL', { applyLsn: 12, vdl: -1 }, -1, '–'],
  ['by the writer, whose VDL is newer', { applyLsn: 290, vdl: 295 }, 301, '11 LSNs'],
  ['by what it heard itself, where the writer is gone', { applyLsn: 290, vdl: 295 }, -1, '5 LSNs'],
  ['nothing', { applyLsn: 301, vdl: 301 }, 301, '0 LSNs'],
] as const)('READ-24 %s', (_, reader, known, said) => {
  expect(lagText(readerLag(reader, known), t)).toBe(said);
});
