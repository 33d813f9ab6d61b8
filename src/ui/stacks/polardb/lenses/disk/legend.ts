// Every mark of the lens "Shared disk" with its rules.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/polardb/disk.en.json';

export const diskLegend: readonly LegendEntry[] = [
  { label: 'diskMark.block', text: 'diskMark.blockText', rules: ['pfs.fsck-clean'], ids: ['FS-1', 'FS-4'] },
  { label: 'diskMark.chain', text: 'diskMark.chainText', rules: [], ids: ['FS-7', 'FS-22'] },
  {
    label: 'diskMark.ring',
    text: 'diskMark.ringText',
    rules: ['pfs.journal-atomic'],
    ids: ['FS-50', 'FS-52', 'FS-56', 'FS-62'],
  },
  {
    label: 'diskMark.leader',
    text: 'diskMark.leaderText',
    rules: ['chunk.majority', 'chunk.token-order'],
    ids: ['FS-70', 'FS-71', 'FS-80'],
  },
  {
    label: 'diskMark.index',
    text: 'diskMark.indexText',
    rules: ['logidx.complete'],
    ids: ['LI-20', 'LI-25', 'LI-27'],
  },
];
