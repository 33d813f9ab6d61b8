// The break-the-protocol switches that the engine has (docs/checkers.md, Broken variants), each with the rule whose
// monitor catches it, and the tape of a run with some of them.

import { findPreset } from '../../presets/topologies.ts';
import type { RuleSlug } from '../../sim/checks/rules.ts';
import { ENGINE } from '../../sim/run-setup.ts';
import { printTape } from '../../sim/tape-print.ts';
import { makeTape } from '../../sim/tape-run.ts';
import type { PlainKey } from '../i18n/i18n.ts';

export interface BrokenSwitch {
  readonly name: string;
  readonly label: PlainKey;
  readonly caughtBy: RuleSlug;
}

export const switches: readonly BrokenSwitch[] = [
  {
    name: 'store.ack-before-durable',
    label: 'rulesOff.ackBeforeSync',
    caughtBy: 'wal.ack-after-durable',
  },
  { name: 'writer.ack-at-vw-minus-one', label: 'rulesOff.ackOneLess', caughtBy: 'wal.pgcl-true' },
  { name: 'writer.commit-at-vcl', label: 'rulesOff.commitAtVcl', caughtBy: 'wal.vdl-is-cpl' },
  { name: 'store.no-truncate', label: 'rulesOff.noTruncate', caughtBy: 'wal.truncated-removed' },
  {
    name: 'recovery.read-before-token',
    label: 'rulesOff.readFirst',
    caughtBy: 'recovery.token-before-read',
  },
  { name: 'hole.sent-lost-on-split', label: 'rulesOff.sentLost', caughtBy: 'hole.one-live-request' },
  { name: 'store.token-in-memory-only', label: 'rulesOff.tokenVolatile', caughtBy: 'fence.token-monotone' },
  { name: 'compute.evict-above-vdl', label: 'rulesOff.evictDirty', caughtBy: 'buffer.evict-below-vdl' },
];

/** The first minute keeps its rules. */
export const isHook = (preset: string): boolean => preset.startsWith('hook');

export function brokenTape(preset: string, seed: number, broken: readonly string[]): string {
  const found = findPreset(preset);
  if (found === null) throw new Error(`unknown preset ${preset}`);
  return printTape(makeTape(found, { engine: ENGINE, seed, broken }));
}
