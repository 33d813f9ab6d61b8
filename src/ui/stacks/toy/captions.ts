// Captions of the toy cluster, which the simulator's own tests run.

import { type CaptionEntry, caption } from '../../story/caption-table.ts';
import '../../../words/toy/toy.en.json';

export const toyCaptions: readonly CaptionEntry[] = [
  caption('toy.add', {
    rule: 'tape.action',
    hue: 'wal',
    icon: 'mark',
    weight: 30,
    say: ({ event: { amount, total }, node }, t) => t('story.toy.add', { node, amount, total }),
  }),
];
