// The metadata's nodes in a lesson on several of them: who leads, who votes, what everybody has applied.

import type { LibraryLesson } from './format.ts';

export const pcsNodes = ['pcs-1', 'pcs-2', 'pcs-3'] as const;

/** Two clients move money through the writer while the metadata's nodes are disturbed. */
export const underLoad: LibraryLesson['start'] = {
  preset: 'cynosdb-pcs',
  tape: [
    '45.000 workload d1 kind=transfer rows=8 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
  ],
  ms: 100,
  lens: 'pcs',
  speed: 2000,
};

/** Every voter is up, follows the same leader and has applied what is committed there. */
export const isWhole = 'nodes meta.leader={leader} meta.applied={leader meta.commit} >= leader meta.voters';
