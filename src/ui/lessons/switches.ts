// The planted bugs that the lab offers (sim/checks/mutants.ts), each with the rule whose monitor
// catches it, and the tape of a run with some of them.

import type { MutantName, Mutants } from '../../core/kernel/mutants.ts';
import { ENGINE } from '../../sim/engine.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { printTape } from '../../sim/tape-print.ts';
import { makeTape, ownClusterOf } from '../../sim/tape-run.ts';
import { mutants } from '../../stacks/mutants.ts';
import { stackOf } from '../../stacks/preset-names.ts';
import { findPreset } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import type { PlainKey } from '../i18n/i18n.ts';

export interface MutantSwitch {
  readonly name: MutantName;
  readonly label: PlainKey;
  /** Of runs of this architecture only; the others are of all that have a replicated log. */
  readonly stack?: 'postdb-v4' | 'polardb';
}

/** Of the planted bugs those that a person can follow on the screen, in the order of the panel. */
export const switches: readonly MutantSwitch[] = [
  { name: 'store.ack-before-durable', label: 'rulesOff.ackBeforeSync' },
  { name: 'writer.ack-at-vw-minus-one', label: 'rulesOff.ackOneLess' },
  { name: 'writer.commit-at-vcl', label: 'rulesOff.commitAtVcl' },
  { name: 'writer.vcl-is-min-pgcl', label: 'rulesOff.vclIsMin' },
  { name: 'store.no-token-check', label: 'rulesOff.noTokenCheck' },
  { name: 'store.no-truncate', label: 'rulesOff.noTruncate' },
  { name: 'hole.not-clipped', label: 'rulesOff.aboveSgcl' },
  { name: 'hole.sent-lost-on-split', label: 'rulesOff.sentLost' },
  { name: 'recovery.read-before-token', label: 'rulesOff.readFirst' },
  { name: 'store.token-in-memory-only', label: 'rulesOff.tokenVolatile' },
  { name: 'recovery.opens-at-one', label: 'rulesOff.opensAtOne' },
  { name: 'compute.evict-above-vdl', label: 'rulesOff.evictDirty' },
  { name: 'compute.reads-unconfirmed', label: 'rulesOff.readsUnconfirmed', stack: 'postdb-v4' },
  { name: 'compute.ignores-lease', label: 'rulesOff.ignoresLease', stack: 'postdb-v4' },
  { name: 'pcs.steps-without-acks', label: 'rulesOff.stepsUnheard', stack: 'postdb-v4' },
  { name: 'pcs.elects-lowest', label: 'rulesOff.electsLowest', stack: 'postdb-v4' },
  { name: 'attachment.splits-unfrozen', label: 'rulesOff.splitsUnfrozen', stack: 'postdb-v4' },
  { name: 'attachment.takes-old-epoch', label: 'rulesOff.takesOldEpoch', stack: 'postdb-v4' },
  { name: 'compute.gathers-anew', label: 'rulesOff.gathersAnew', stack: 'postdb-v4' },
  { name: 'pcs.removes-undrained', label: 'rulesOff.removesUndrained', stack: 'postdb-v4' },
  { name: 'shared.no-logindex', label: 'rulesOff.noLogIndex', stack: 'polardb' },
  { name: 'shared.no-flush-gate', label: 'rulesOff.noFlushGate', stack: 'polardb' },
  { name: 'shared.no-outdate', label: 'rulesOff.noOutdate', stack: 'polardb' },
  { name: 'shared.page-before-wal', label: 'rulesOff.pageBeforeWal', stack: 'polardb' },
  { name: 'shared.acks-before-sync', label: 'rulesOff.ackBeforeWal', stack: 'polardb' },
  { name: 'shared.checkpoint-at-durable', label: 'rulesOff.checkpointAtDurable', stack: 'polardb' },
  { name: 'shared.consistent-passes-replay', label: 'rulesOff.passesReplay', stack: 'polardb' },
  { name: 'pfs.leader-first', label: 'rulesOff.leaderFirst', stack: 'polardb' },
];

/** Those that a run of this preset may have. */
export function switchesOf(preset: string): readonly MutantSwitch[] {
  const own = stackOf({ preset });
  return switches.filter(({ stack }) => stack === own || (stack === undefined && own !== 'polardb'));
}

/** The rule whose monitor catches it, usually. */
export const caughtBy = (name: string): string =>
  mutants.find((mutant) => mutant.name === name)?.caughtBy[0] ?? '';

/** The first minute keeps its rules. */
export const isHook = (preset: string): boolean => preset.startsWith('hook');

/** `live`: the tape of the run that is on, which lays out its cluster where no preset does. */
export function mutantTape(
  preset: string,
  seed: number,
  mutants: Mutants,
  live: string | null = null,
): string {
  const parsed = live === null ? null : parseTape(tapes, live);
  const found = parsed?.ok ? ownClusterOf(parsed.tape) : findPreset(preset);
  if (found === null) throw new Error(`unknown preset ${preset}`);
  return printTape(tapes, makeTape(found, { engine: ENGINE, seed, mutants }));
}
