// What a whole run is asked, beside its monitors.

import { nodeId, type Time } from '../../base/ids.ts';
import { expectRule, type Monitors, type RuleSlug } from './monitor.ts';

export function expectOfRun(
  monitors: Monitors,
  rule: RuleSlug,
  holds: boolean,
  at: Time,
  say: () => string,
): void {
  const ofRun = { monitors, modules: [], at, node: nodeId(''), ordinal: -1, volume: null };
  expectRule(ofRun, rule, holds, say, null);
}
