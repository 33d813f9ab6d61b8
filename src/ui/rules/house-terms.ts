// Glossary of what every architecture has: the lab, its clients and its time.

import '../../words/terms.en.json';
import { termsOf } from './term.ts';

export const houseTerms = termsOf({
  range: { ids: ['HOLE-4'], source: 'D', lens: null },
  tape: { ids: ['PRE-1'], source: 'D', lens: 'spaceTime' },
  undo: { ids: ['PRE-1'], source: 'D', lens: null },
  modelled: { ids: ['PRE-1'], source: 'D', lens: null },
  seed: { ids: ['PRE-3'], source: 'D', lens: null },
  virtualTime: { ids: ['PRE-4'], source: 'D', lens: 'spaceTime' },
  zone: { ids: ['WAL-14'], source: 'A17', lens: null },
  pov: { ids: ['HOLE-14'], source: 'D', lens: 'wal' },
  rto: { ids: ['WAL-58'], source: 'D', lens: 'spaceTime' },
  rpo: { ids: ['WAL-55'], source: 'D', lens: 'checks' },
  outcome: { ids: ['FENCE-43'], source: 'D', lens: 'checks' },
  runState: { ids: ['PRE-4'], source: 'D', lens: null },
  rulesOff: { ids: ['PRE-6'], source: 'D', lens: 'checks' },
  sqlstate: { ids: ['FENCE-43'], source: 'D', lens: 'checks' },
});
