// Rules of the world itself (disks, network, tape) that no monitor watches but that captions need to say why something
// happened.

import '../../words/rules.en.json';
import type { Rule } from '../../sim/checks/monitor.ts';

export const worldRules = {
  'disk.crash': { ids: ['WAL-28', 'WAL-33'], source: 'D', lens: 'wal' },
  'recovery.writer-death': {
    ids: ['WAL-52', 'WAL-55', 'WAL-60', 'FENCE-44'],
    source: 'S002; A17 §4.3',
    lens: 'recovery',
  },
  'net.repair': { ids: ['WAL-12', 'HOLE-40'], source: 'S001 网络延迟; D', lens: 'spaceTime' },
  'tape.action': { ids: ['PRE-3'], source: 'D', lens: 'spaceTime' },
} as const satisfies Readonly<Record<string, Rule>>;

type WorldRules = typeof worldRules;
/** Rules that no monitor watches, by slug; a stack's join by declaration merging. */
export interface ExplainedRules extends WorldRules {}
