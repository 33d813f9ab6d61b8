// Planted bugs that show in serializable transactions over tables whose definitions change (the load `serial-tables`).

import type { MutantName } from '../../core/kernel/mutants.ts';
import type { Mutant } from '../../sim/checks/mutants.ts';

const plantedInSerial = (id: string, name: MutantName): Mutant => ({
  id,
  name,
  caughtBy: ['client.isolation'],
  counted: 'serial',
});

export const serialMutants: readonly Mutant[] = [
  // takes a serializable transaction whose commit is not durable yet for a committed one, which a reader may come before
  plantedInSerial('M219', 'engine.pending-is-committed'),
  // takes what a transaction has written for seen by all snapshots from its commit record on, before that is durable
  plantedInSerial('M221', 'engine.pending-is-seen'),
  // looks a foreign key's parent up as of now, whatever the transaction's snapshot sees
  plantedInSerial('M188', 'engine.parents-as-of-now'),
  // TRUNCATE and DROP TABLE meet nobody who has read the rows that go, and what was read goes with them
  plantedInSerial('M189', 'engine.rewrites-unwatched'),
  // what was read by an index that goes is forgotten with it
  plantedInSerial('M190', 'engine.forgets-readers-of-index'),
];
