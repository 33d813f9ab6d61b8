// Words for every rule that a monitor watches (src/sim/checks/rules.ts has its ids): title and claim in both languages,
// where it comes from, and the key of the lens that shows it (product design §2). A new rule has its words in the file of
// its area: a test asks.

import type { RuleSlug } from '../../sim/checks/rules.ts';
import { archiveRules } from './monitored-archive.ts';
import { clusterRules } from './monitored-cluster.ts';
import { logRules } from './monitored-log.ts';
import { takeoverRules } from './monitored-takeover.ts';
import type { RuleWords } from './rule-words.ts';

export const monitoredRules: Readonly<Partial<Record<RuleSlug, RuleWords>>> = {
  ...logRules,
  ...takeoverRules,
  ...archiveRules,
  ...clusterRules,
};
