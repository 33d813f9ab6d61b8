// Planted bugs of shared storage (docs/checkers.md): each shows on a tape of its own.

import type { Mutant } from '../../sim/checks/mutants.ts';

const onTape = (untilMs: number, actions: readonly string[], mutant: Mutant): Mutant => ({
  ...mutant,
  tape: { preset: 'polardb', untilMs, changes: [], actions },
});

/** Reads while the writer goes on; each reader is cut off from it for less than its lease. */
const CUT: readonly string[] = [
  ...Array.from(
    { length: 30 },
    (_, i) => `${300 + i * 12}.000 sql d1 r${i} "SELECT sum(balance) FROM accounts"`,
  ),
  '310.500 cut rw-1 | ro-1 for 35.000 ms',
  '380.500 cut rw-1 | ro-2 for 35.000 ms',
].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b));

/** A chunk server loses its disk. */
const WIPED: readonly string[] = ['300.000 wipeDisk cs-2 for 20.000 ms'];

/** The writer dies while a reader has not heard of its newest log. */
const KILLED: readonly string[] = ['330.000 cut rw-1 | ro-1 ro-2 for 25.000 ms', '350.000 crash rw-1'];

/** Two changes of the writer, the second soon after the first. */
const REPLAYING: readonly string[] = [
  '330.000 cut rw-1 | ro-1 ro-2 for 35.000 ms',
  '350.000 crash rw-1 for 150.000 ms',
  '520.000 crash ro-1 for 20.000 ms',
];

export const polardbMutants: readonly Mutant[] = [
  onTape(400, [], { id: 'M153', name: 'shared.page-before-wal', caughtBy: ['wal.before-data'] }),
  onTape(400, [], { id: 'M154', name: 'shared.acks-before-sync', caughtBy: ['shared.ack-after-sync'] }),
  onTape(700, [], { id: 'M156', name: 'shared.checkpoint-at-durable', caughtBy: ['checkpoint.covers'] }),
  onTape(600, KILLED, { id: 'M158', name: 'shared.promote-skips-tail', caughtBy: ['redo.whole'] }),
  onTape(700, REPLAYING, {
    id: 'M38',
    name: 'shared.consistent-passes-replay',
    caughtBy: ['logidx.complete'],
  }),
  onTape(700, CUT, { id: 'M36', name: 'shared.copies-forgotten', caughtBy: ['ro.page-at-lsn'] }),
  onTape(450, WIPED, { id: 'M157', name: 'chunk.starts-unasked', caughtBy: ['chunk.made-once'] }),
  onTape(700, CUT, { id: 'M30', name: 'shared.no-flush-gate', caughtBy: ['page.flush-gate'] }),
  onTape(700, CUT, { id: 'M155', name: 'shared.no-logindex', caughtBy: ['logidx.complete'] }),
  onTape(700, CUT, { id: 'M32', name: 'shared.outdate-forgotten', caughtBy: ['ro.page-at-lsn'] }),
];
