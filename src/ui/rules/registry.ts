// The one registry of rules for people, the world's and those of the stacks: slug → ids of docs/spec, source, lens, monitor, and its words (src/words).
// Captions, the checker lens, alerts, the page "What is modelled" and tests read it. What a monitor watches stands beside
// the monitor (src/sim/checks).

import type { RuleSlug as MonitoredSlug, Rule as RuleRecord } from '../../sim/checks/monitor.ts';
import { stackChecks } from '../../stacks/checks.ts';
import { isOffered, stackOf } from '../../stacks/preset-names.ts';
import { rules as monitors, ruleSlugs } from '../../stacks/rules.ts';
import { type Both, bothOf } from '../i18n/both.ts';
import { stackTables } from '../stacks/tables.ts';
import { type ExplainedRules, worldRules } from './explained.ts';

export type RuleName = MonitoredSlug | keyof ExplainedRules;

export interface Rule extends RuleRecord {
  readonly slug: string;
  readonly title: Both;
  /** The rule in one or two sentences. */
  readonly text: Both;
  /** True when a monitor or checker watches it in every run. */
  readonly isMonitored: boolean;
}

const ruleOf = (slug: string, { ids, source, lens }: RuleRecord, isMonitored: boolean): Rule => ({
  slug,
  ids,
  source,
  lens,
  title: bothOf(`rule.${slug}.title`),
  text: bothOf(`rule.${slug}.text`),
  isMonitored,
});
const explained = merge([...stackTables.map(({ explainedRules }) => explainedRules ?? {}), worldRules]);

const entries: readonly Rule[] = [
  ...ruleSlugs.map((slug) => ruleOf(slug, monitors[slug], true)),
  ...Object.entries(explained).map(([slug, rule]) => ruleOf(slug, rule, false)),
];
const bySlug = new Map<string, Rule>(entries.map((rule) => [rule.slug, rule]));

const slugsWhere = (isWanted: (stack: string) => boolean): ReadonlySet<string> =>
  new Set(stackChecks.flatMap(({ id, rules }) => (isWanted(id) ? Object.keys(rules) : [])));

/** What is said of this product: without the rules of stacks that are there for tests. */
const offered = slugsWhere(isOffered);
export const ruleRegistry: readonly Rule[] = entries.filter(
  ({ slug, isMonitored }) => !isMonitored || offered.has(slug),
);

/** The rules that are watched in a run of this preset. */
export function rulesOfRun(preset: string): readonly Rule[] {
  const slugs = slugsWhere((stack) => stack === stackOf({ preset }));
  return entries.filter(({ slug, isMonitored }) => isMonitored && slugs.has(slug));
}

export const findRule = (slug: string): Rule | undefined => bySlug.get(slug);

const files: Readonly<Record<string, string>> = {
  WAL: 'wal.md',
  HOLE: 'holes.md',
  FENCE: 'failover.md',
  READ: 'readers.md',
  LI: 'logindex.md',
  FS: 'polarfs.md',
  PCS: 'pcs.md',
  TXN: 'transactions.md',
  PRE: 'presets.md',
};

/** Numbers of PCS that stand on other pages than pcs.md: from, to. */
const pcsPages: readonly (readonly [file: string, first: number, last: number])[] = [
  ['raft.md', 4, 31],
  ['placement.md', 36, 50],
  ['placement.md', 62, 82],
  ['agents.md', 90, 95],
  ['agents.md', 99, 99],
  ['placement.md', 100, 101],
  ['raft.md', 102, 102],
  ['raft.md', 104, 107],
  ['placement.md', 110, 111],
  ['placement.md', 113, 122],
];

/** The file of docs/spec that a rule id stands in. */
export function specFileOf(id: string): string {
  const [family = '', number = ''] = id.split('-');
  const page = family === 'PCS' && pcsPages.find(([, first, last]) => first <= +number && +number <= last);
  return `docs/spec/${page ? page[0] : (files[family] ?? 'terms.md')}`;
}

function merge<V>(tables: readonly Readonly<Record<string, V>>[]): Readonly<Record<string, V>> {
  return Object.assign({}, ...tables);
}
