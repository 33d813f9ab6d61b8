// Every mark of the placement lens with its rules.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/postdb-v4/placement.en.json';

export const placementLegend: readonly LegendEntry[] = [
  {
    label: 'placementMark.keys',
    text: 'placementMark.keysText',
    rules: ['shard.range-once'],
    ids: ['PCS-36', 'PCS-39'],
  },
  {
    label: 'placementMark.primary',
    text: 'placementMark.primaryText',
    rules: ['leader.greatest-tail'],
    ids: ['PCS-48', 'PCS-49'],
  },
  { label: 'placementMark.replica', text: 'placementMark.replicaText', rules: [], ids: ['PCS-41'] },
  { label: 'placementMark.learner', text: 'placementMark.learnerText', rules: [], ids: ['WAL-64'] },
  {
    label: 'placementMark.shards',
    text: 'placementMark.shardsText',
    rules: ['shard.tiling'],
    ids: ['PCS-37', 'PCS-42'],
  },
  {
    label: 'placementMark.move',
    text: 'placementMark.moveText',
    rules: ['placement.converges'],
    ids: ['PCS-67', 'PCS-68', 'PCS-71', 'PCS-101', 'PCS-99'],
  },
  {
    label: 'placementMark.drain',
    text: 'placementMark.drainText',
    rules: ['placement.drained'],
    ids: ['PCS-79'],
  },
  { label: 'placementMark.load', text: 'placementMark.loadText', rules: [], ids: ['PCS-96'] },
  { label: 'placementMark.heat', text: 'placementMark.heatText', rules: [], ids: ['PCS-74'] },
  {
    label: 'placementMark.reads',
    text: 'placementMark.readsText',
    rules: ['gather.whole', 'gather.one-point'],
  },
  { label: 'placementMark.old', text: 'placementMark.oldText', rules: [], ids: ['PCS-51', 'PCS-53'] },
];
