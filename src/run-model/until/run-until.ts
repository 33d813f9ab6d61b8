// Evaluates a "run until …" condition: follows a run's events until its condition (run-condition.ts) holds. Everything it looks
// at comes from events and the recorder, so that it stops at the same event live, in a replay and headless.

import type { Known } from '../../sim/known.ts';
import { type ComparedValues, comparedValues, compareEvent, type Gauges } from '../gauges/gauges.ts';
import type { ListedEvent } from '../picture/frame.ts';
import { listedTotal, type Recorder } from '../recorder/recorder.ts';
import type { Operator, RunCondition } from './run-condition.ts';

/** LSNs (or commits) before its number at which a comparison is near: from here on every instant is looked at. */
const NEAR = 40;

/** Follows a run until its condition holds. */
export interface Watch {
  readonly gauges: Gauges;
  readonly condition: RunCondition;
  readonly values: ComparedValues;
  /** Violations there were when it began. */
  readonly violations: number;
  /** Kinds and nodes of the events of the last look. */
  fresh: readonly ListedEvent[];
}

export function makeWatch({ gauges }: Known, condition: RunCondition, recorder: Recorder): Watch {
  const views = [...recorder.nodes].map(([node, { view }]) => [node, view] as const);
  const values = comparedValues(gauges, recorder.gauges, views);
  set(values, 'commits', recorder.commits);
  return { gauges, condition, values, violations: recorder.monitors.violations.length, fresh: [] };
}

/** A number of the world itself. */
const set = (values: ComparedValues, name: string, value: number): unknown =>
  values.set(name, { value, term: 0 });

/** Takes the events of a step; true when the condition holds now. */
export function lookOn(
  watch: Watch,
  events: readonly ListedEvent[],
  recorder: Recorder,
  now: number,
): boolean {
  const { values } = watch;
  watch.fresh = events;
  set(values, 'time', now);
  set(values, 'commits', recorder.commits);
  set(values, 'event', listedTotal(recorder) - 1);
  for (const { event, node } of events) compareEvent(watch.gauges, values, event, node);
  return holds(watch.condition, watch, recorder);
}

function holds(condition: RunCondition, watch: Watch, recorder: Recorder): boolean {
  switch (condition.kind) {
    case 'event':
      return watch.fresh.some(
        ({ event, node }) =>
          event.kind === condition.event && (condition.node === null || node === condition.node),
      );
    case 'milestone':
      return watch.fresh.some(({ rank }) => rank === 3);
    case 'violation':
      return recorder.monitors.violations.length > watch.violations;
    case 'compare':
      return compare(watch.values.get(condition.value)?.value, condition.operator, condition.to);
    case 'and':
      return holds(condition.left, watch, recorder) && holds(condition.right, watch, recorder);
    case 'or':
      return holds(condition.left, watch, recorder) || holds(condition.right, watch, recorder);
  }
}

/** A number that is not known yet compares with nothing. */
function compare(value: number | undefined, operator: Operator, to: number): boolean {
  if (value === undefined || value < 0) return false;
  switch (operator) {
    case '>=':
      return value >= to;
    case '<=':
      return value <= to;
    case '>':
      return value > to;
    case '<':
      return value < to;
    case '=':
      return value === to;
    case '!=':
      return value !== to;
  }
}

/** True when the next instants may make it hold, so that none of them should be passed over. */
export function isNear({ condition, values }: Pick<Watch, 'condition' | 'values'>): boolean {
  switch (condition.kind) {
    case 'compare': {
      const value = values.get(condition.value)?.value;
      return value === undefined || Math.abs(value - condition.to) <= NEAR;
    }
    case 'and':
    case 'or':
      return [condition.left, condition.right].some((part) => isNear({ condition: part, values }));
    default:
      return false;
  }
}

/** Virtual µs after which a run-until gives up. */
const UNTIL_LIMIT_US = 10_000_000;

/** Where a run-until that begins at `from` ends at the latest. */
export const untilLimit = (condition: RunCondition, from: number, end: number): number =>
  Math.min(end, from + UNTIL_LIMIT_US, timeLimitOf(condition) ?? end);

/** Virtual time a condition names as its end (`time >= 120`), so that a run stops exactly there; null when it names none. */
export function timeLimitOf(condition: RunCondition): number | null {
  if (condition.kind === 'compare')
    return condition.value === 'time' && (condition.operator === '>=' || condition.operator === '=')
      ? condition.to
      : null;
  if (condition.kind !== 'or') return null;
  const left = timeLimitOf(condition.left);
  const right = timeLimitOf(condition.right);
  return left === null || right === null ? (left ?? right) : Math.min(left, right);
}
