// Glossary of PolarDB: shared storage, LogIndex, readers, the file system and its chunks.

import '../../../words/polardb/terms.en.json';
import { termsOf } from '../../rules/term.ts';

export const sharedTerms = termsOf({
  durableLsn: { ids: ['LI-3', 'LI-41'], source: 'S004', lens: null },
  oldestApplyLsn: { ids: ['LI-1', 'LI-40'], source: 'S004', lens: null },
  consistentLsn: { ids: ['LI-1', 'LI-45', 'LI-47'], source: 'PG-DOC', lens: null },
  bgReplayedLsn: { ids: ['LI-39'], source: 'PG-DOC', lens: null },
  logIndex: { ids: ['LI-20', 'LI-30'], source: 'S004', lens: null },
  outdate: { ids: ['LI-34', 'LI-36'], source: 'S004', lens: null },
  futurePage: { ids: ['LI-40'], source: 'S004', lens: null },
  flushList: { ids: ['LI-42'], source: 'PG-DOC', lens: null },
  chunk: { ids: ['FS-1', 'FS-70'], source: 'S003', lens: null },
  chunkLeader: { ids: ['FS-71'], source: 'VLDB18', lens: null },
  block: { ids: ['FS-1', 'FS-2'], source: 'S003', lens: null },
});
