// What a tape's text may be: its version, how it is known, and how much of everything it holds at most.

import { PARAMS_MAX, STATEMENT_BYTES_MAX } from '../core/sql/limits.ts';

export const TAPE_VERSION = 1;

/** What the text means to be; a cluster's lines begin otherwise (cluster-file.ts). */
export const isTape = (text: string): boolean => text.trimStart().startsWith('postdb-tape');

/** Limits of T05 (docs: reliability), checked before and while parsing. `bytes`: of its lines, and of its text, which may be packed. */
export const TAPE_LIMITS = {
  bytes: 192 * 1024 * 1024,
  actions: 1_200_000,
  textBytes: STATEMENT_BYTES_MAX,
  nodesPerAction: 64,
  changes: 200,
  marks: 1_000,
  params: PARAMS_MAX,
  stamps: 256,
} as const;

/** Longest run: 24 virtual hours. */
export const LONGEST_RUN_US = 86_400_000_000;
