// What PostDB v4 brings to the screen after the first picture: captions and words for its rules.

import { actionWordsOf } from '../../faults/action-table.ts';
import { clue } from '../../lens/checks/clue.ts';
import type { StackTables } from '../stack-tables.ts';
import { modelRows } from './about.ts';
import { tabletCaptions } from './captions.ts';
import { lanes, metrics } from './charts.ts';
import { nodeFaults } from './node-faults.ts';
import { pictures } from './pictures.ts';
import { shardFaults } from './shard-faults.ts';
import { storySteps } from './story-steps.ts';
import '../../../words/postdb-v4/rules.en.json';

export const postdbV4Tables: StackTables = {
  id: 'postdb-v4',
  pictures,
  about: { rows: modelRows, disagreements: [] },
  captions: tabletCaptions,
  crashMoments: {
    definition: 'moment.definition',
    splitBegun: 'moment.splitBegun',
    splitCut: 'moment.splitCut',
    mergeBegun: 'moment.mergeBegun',
    mergeCut: 'moment.mergeCut',
    moveBegun: 'moment.moveBegun',
  },
  actionWords: [
    actionWordsOf(['splitGroup'], ({ group, key }, t) =>
      key === null ? t('word.splitGroup', { group }) : t('word.splitGroupAt', { group, key }),
    ),
    actionWordsOf(['transferGroup'], ({ group, to }, t) => t('word.transferGroup', { group, node: to })),
    actionWordsOf(['mergeGroups'], ({ group, other }, t) => t('word.mergeGroups', { group, other })),
  ],
  lanes,
  metrics,
  faults: [...shardFaults, ...nodeFaults],
  storySteps,
  clues: {
    'shard.tiling': clue(['group.shards'], ['group.shards'], []),
    'shard.range-once': clue(['group.made'], ['group.made'], []),
    'shard.stale-epoch-inert': clue(
      ['split.cut', 'merge.cut', 'mtr.append', 'request.taken'],
      ['split.attachment', 'split.cut', 'merge.cut', 'schema.node'],
      [],
    ),
    'shard.made-once': clue(['wal.durable'], ['meta.writer'], []),
    'placement.converges': clue(['group.members'], ['plan.begin'], []),
    'placement.leader-stays': clue(['group.members'], ['meta.writer'], []),
    'placement.hot-halves': clue(['plan.hot'], ['plan.hot'], []),
    'placement.drained': clue(['node.removed'], ['group.members'], []),
    'leader.greatest-tail': clue(['token.grant'], ['leader.answer'], []),
    'gather.one-point': clue(['gather.part'], ['gather.begin', 'gather.part'], []),
    'gather.whole': clue(['gather.end'], ['gather.begin', 'gather.part'], []),
    'read.latest': clue(['read.answered'], ['meta.writer', 'read.made'], []),
    'catalog.one-step-apart': clue(['tx.begin'], ['table.step', 'schema.node'], []),
  },
};
