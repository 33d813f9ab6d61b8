// Lens 4.10, the board: every monitored rule with how often it was put to the test and what was found. A rule that was
// never exercised is not green.

import type { ViolationFrame, WorldFrame } from '../../../run-model/picture/frame.ts';
import { filterOf } from '../../kit/filter.ts';
import { type Rule, rulesOfRun } from '../../rules/registry.ts';

export type CheckState = 'ok' | 'violated' | 'idle';

export interface CheckRow {
  readonly rule: Rule;
  readonly state: CheckState;
  readonly exercised: number;
  readonly violation: ViolationFrame | null;
}

export interface CheckGroup {
  readonly name: string;
  readonly rows: readonly CheckRow[];
}

export interface BoardModel {
  readonly groups: readonly CheckGroup[];
  readonly counts: Readonly<Record<CheckState, number>>;
}

export function projectBoard(
  frame: Pick<WorldFrame, 'preset' | 'exercised' | 'violations'>,
  filter: string,
  locale: 'en' | 'zh',
): BoardModel {
  const { matches } = filterOf(filter);
  const counts = { ok: 0, violated: 0, idle: 0 };
  const groups = new Map<string, CheckRow[]>();
  for (const rule of rulesOfRun(frame.preset)) {
    const violation = frame.violations.find((one) => one.rule === rule.slug) ?? null;
    const exercised = frame.exercised[rule.slug] ?? 0;
    const state: CheckState = violation !== null ? 'violated' : exercised > 0 ? 'ok' : 'idle';
    counts[state]++;
    if (!matches(`${rule.slug} ${rule.title[locale]} ${rule.ids.join(' ')}`)) continue;
    const [name = ''] = rule.slug.split('.');
    const rows = groups.get(name) ?? [];
    groups.set(name, rows);
    rows.push({ rule, state, exercised, violation });
  }
  return { groups: [...groups].map(([name, rows]) => ({ name, rows })), counts };
}
