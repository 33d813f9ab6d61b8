// The registry of monitored rules: slug → rule ids of docs/spec and what it claims, merged from the tables beside the
// monitors. Tests, the list of violations and captions name rules by these slugs.

import { mergeTables } from '../base/merge-tables.ts';
import type { Rule, RuleSlug } from '../sim/checks/monitor.ts';
import { stackChecks } from './checks.ts';

export const rules: Readonly<Record<RuleSlug, Rule>> = mergeTables(
  'rule',
  stackChecks.map(({ rules }) => rules),
);
export const ruleSlugs: readonly RuleSlug[] = Object.keys(rules) as RuleSlug[];
