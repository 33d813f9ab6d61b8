// Planted bugs of shared storage (docs/checkers.md): each shows on a tape of its own.

import type { Mutant } from '../../sim/checks/mutants.ts';

const onTape = (untilMs: number, actions: readonly string[], mutant: Mutant): Mutant => ({
  ...mutant,
  tape: { preset: 'polardb', untilMs, changes: [], actions },
});

export const polardbMutants: readonly Mutant[] = [
  onTape(400, [], { id: 'M153', name: 'shared.page-before-wal', caughtBy: ['wal.before-data'] }),
  onTape(400, [], { id: 'M154', name: 'shared.acks-before-sync', caughtBy: ['shared.ack-after-sync'] }),
];
