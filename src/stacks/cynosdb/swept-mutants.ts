// Planted bugs of the replicated log store and its engine that only seeds of a sweep show, whose draws were made for such states.
import type { Mutant } from '../../sim/checks/mutants.ts';
import { inSweep } from '../../sim/checks/planted.ts';

export const sweptMutants: readonly Mutant[] = [
  // takes a request for new whose client's entry was displaced from the client table
  inSweep(3, { id: 'M205', name: 'engine.displaced-is-new', caughtBy: ['client.exactly-once'] }),
  // a store that finds a record in two segments, as a compaction leaves it that a crash has ended, takes it in neither
  inSweep(9, { id: 'M206', name: 'store.drops-twice-stored', caughtBy: ['disk.kept-by-crash'] }),
  // splits a page of the index by an MTR that leads to the new page, and another that makes it
  inSweep(11, { id: 'M208', name: 'engine.split-parent-first', caughtBy: ['page.structure'] }),
  // while the metadata's configuration is joint counts by the voters before alone
  inSweep(1, {
    id: 'M210',
    name: 'raft.joint-by-old-set',
    caughtBy: ['raft.commit-rule'],
    preset: 'cynosdb-pcs',
  }),
  // counts the entry that ends the joint configuration by the voters before it
  inSweep(1, {
    id: 'M213',
    name: 'raft.leaves-by-old-set',
    caughtBy: ['raft.commit-rule'],
    preset: 'cynosdb-pcs',
  }),
  // a driver that is told that a transaction was lost with its writer goes on outside of it, and its COMMIT is answered COMMIT
  inSweep(3, { id: 'M217', name: 'driver.forgets-lost', caughtBy: ['client.block-fails'] }),
  // a statement that its timeout ends fails, and its transaction goes on with what it has written
  inSweep(3, {
    id: 'M215',
    name: 'engine.timeout-keeps-block',
    caughtBy: ['client.block-fails', 'client.exactly-once'],
  }),
];
