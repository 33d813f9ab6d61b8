// Follows a run's events until a condition (condition.ts) is so. Everything it looks at comes from events and the recorder, so that it
// stops at the same event live, in a replay and headless.

import type { Known } from '../../sim/known.ts';
import { followEvent, type Gauges, type GaugeValues, gaugeIn, withViews } from '../gauges/gauges.ts';
import type { ListedEvent } from '../picture/frame.ts';
import { listedTotal, type Recorder } from '../recorder/recorder.ts';
import { evaluate, judge } from './evaluate.ts';
import type { Predicate } from './fact.ts';
import type { FollowedState } from './run-state.ts';

/** LSNs (or commits, or µs) before its number at which a comparison is near: from here on every instant is looked at. */
const NEAR = 40;

/** Follows a run until its condition holds. */
export interface Watch {
  readonly gauges: Gauges;
  readonly condition: Predicate;
  readonly values: GaugeValues;
  /** Violations there were when it began. */
  readonly violations: number;
  /** As of the last look. */
  state: FollowedState | null;
}

export function makeWatch({ gauges }: Known, condition: Predicate, recorder: Recorder): Watch {
  const views = [...recorder.nodes].map(([node, { view }]) => [node, view] as const);
  const values = withViews(gauges, recorder.gauges, views);
  return { gauges, condition, values, violations: recorder.monitors.violations.length, state: null };
}

/** Takes the events of a step; true when the condition holds now. */
export function lookOn(
  watch: Watch,
  events: readonly ListedEvent[],
  recorder: Recorder,
  now: number,
): boolean {
  const { gauges, values } = watch;
  for (const { event, node } of events) followEvent(gauges, values, event, node);
  const { violations, volumes } = recorder.monitors;
  watch.state = {
    time: now,
    commits: recorder.commits,
    event: listedTotal(recorder) - 1,
    violations: violations.map(({ rule }) => rule),
    isBrokenNow: violations.length > watch.violations,
    fresh: events,
    gauge: (word, place) => gaugeIn(gauges, values, word, place ?? volumes[0].id),
  };
  return judge(watch.state, watch.condition).isSo;
}

/** True when the next instants may make it hold, so that none of them should be passed over. */
export const isNear = ({ condition, state }: Pick<Watch, 'condition' | 'state'>): boolean =>
  isNearIn(condition, state);

function isNearIn(condition: Predicate, state: FollowedState | null): boolean {
  if (condition.kind === 'and' || condition.kind === 'or')
    return isNearIn(condition.left, state) || isNearIn(condition.right, state);
  if (condition.kind !== 'compare') return false;
  const { left, right } = condition;
  const [a, b] = [left, right].map((fact) => (state === null ? null : evaluate(state, fact)));
  if (a == null || b == null) return true;
  const isTime = left.kind === 'world' && left.what === 'time';
  return Math.abs(Number(a) - Number(b)) * (isTime ? 1000 : 1) <= NEAR;
}

/** Virtual µs after which a run-until gives up. */
export const UNTIL_LIMIT_US = 10_000_000;

/** Where a run-until that begins at `from` ends at the latest. */
export const untilLimit = (condition: Predicate, from: number, end: number): number =>
  Math.min(end, from + UNTIL_LIMIT_US, timeLimitOf(condition) ?? end);

/** Virtual time a condition names as its end (`time >= 120`), so that a run stops exactly there; null when it names none. */
export function timeLimitOf(condition: Predicate): number | null {
  if (condition.kind === 'compare') {
    const { left, operator, right } = condition;
    const isEnd = left.kind === 'world' && left.what === 'time' && (operator === '>=' || operator === '=');
    return isEnd && right.kind === 'value' ? Math.round(Number(right.value) * 1000) : null;
  }
  if (condition.kind !== 'or') return null;
  const left = timeLimitOf(condition.left);
  const right = timeLimitOf(condition.right);
  return left === null || right === null ? (left ?? right) : Math.min(left, right);
}
