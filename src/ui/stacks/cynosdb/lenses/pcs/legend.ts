// Every mark of the PCS lens with its rules.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/cynosdb/pcs.en.json';

export const pcsLegend: readonly LegendEntry[] = [
  {
    label: 'pcsMark.cell',
    text: 'pcsMark.cellText',
    rules: ['raft.log-matching', 'raft.one-leader'],
    ids: ['PCS-32'],
  },
  { label: 'pcsMark.durable', text: 'pcsMark.durableText', rules: [], ids: ['PCS-8', 'PCS-15'] },
  {
    label: 'pcsMark.commit',
    text: 'pcsMark.commitText',
    rules: ['raft.commit-rule', 'pcs.model'],
    ids: ['PCS-16', 'PCS-18'],
  },
  { label: 'pcsMark.next', text: 'pcsMark.nextText', rules: [], ids: ['PCS-17', 'PCS-19'] },
  { label: 'pcsMark.snapshot', text: 'pcsMark.snapshotText', rules: [], ids: ['PCS-28'] },
  { label: 'pcsMark.joint', text: 'pcsMark.jointText', rules: [], ids: ['PCS-24'] },
];
