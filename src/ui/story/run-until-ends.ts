// Suggested conditions of "Run until …", as of run-model/facts/condition.ts: the popover and the palette offer them.

import type { PlainKey } from '../i18n/i18n.ts';
import '../../words/story/until.en.json';

export const usualEnds = [
  ['until.commit', 'commit.ack'],
  ['until.hole', 'hole.open'],
  ['until.filled', 'hole.closed'],
  ['until.recovery', 'recovery.step or recovery.done'],
  ['until.down', 'node.down'],
  ['until.violation', 'violation'],
] as const satisfies readonly (readonly [label: PlainKey, condition: string])[];
