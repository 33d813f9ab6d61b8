// What the tally brings to the screen after the first picture: words, a caption, its rule with its clue, a chart, lanes.

import { actionWordsOf } from '../../faults/action-table.ts';
import { clue } from '../../lens/checks/clue.ts';
import { caption } from '../../story/caption-table.ts';
import type { StackTables } from '../stack-tables.ts';
import '../../../words/tally/tally.en.json';
import '../../../words/tally/rules.en.json';

// #region tables
export const tallyTables: StackTables = {
  id: 'tally',

  actionWords: [actionWordsOf(['tallyAdd'], ({ node, amount }, t) => t('word.tallyAdd', { node, amount }))],
  crashMoments: { tallied: 'moment.tallied' },
  routes: [['tally', 'tally', ['wal', 'ack']]],
  captions: [
    caption('tally.done', {
      rule: 'tally.sum',
      hue: 'wal',
      icon: 'mark',
      weight: 60,
      say: ({ event: { amount, total } }, t) => t('story.tally.done', { amount, total }),
    }),
  ],
  metrics: {
    charts: [
      {
        id: 'tally',
        title: 'tally.totals',
        isCount: true,
        lines: [
          { hue: 'wal', label: { key: 'tally.ofLeader' }, column: 'tallyTotal' },
          { hue: 'ack', label: { key: 'tally.ofFollowers' }, dash: [6, 4], column: 'tallyHeld' },
        ],
      },
    ],
  },
  lanes: [
    { form: 'dots', label: 'tally.done', hue: 'wal', kind: 'tally.done' },
    { form: 'steps', label: 'tally.total', gauge: 'tallyTotal' },
  ],
  clues: { 'tally.sum': clue(['tally.done', 'tally.open'], ['tally.done'], []) },
};
// #endregion
