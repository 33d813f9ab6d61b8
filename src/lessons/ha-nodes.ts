// The start of lessons with an HA group: clients write while a standby and a reader follow the writer's log.

import type { LibraryLesson } from './format.ts';

export const underWrites: LibraryLesson['start'] = {
  preset: 'cynosdb-ha',
  tape: [
    '0.000 workload d1 kind=kv-insert rows=0 clients=3 thinkUs=2500 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
  ],
  ms: 150,
  lens: 'recovery',
  speed: 1000,
};
