// Grading: compares a prediction with the truth and names every gap between them. Pure; a wrong answer is only a wrong
// answer.

import type { Answer, DrawnRange, PredictStep, Question, RangeType, Words } from './format.ts';
import { OTHERWISE } from './spoken.ts';

export type Gap =
  /** One thing was said, another is so. */
  | { readonly kind: 'value'; readonly given: string; readonly real: string }
  /** Too high or too low by so much. */
  | { readonly kind: 'distance'; readonly given: number; readonly real: number }
  /** Another type between two LSNs. */
  | {
      readonly kind: 'range';
      readonly first: number;
      readonly last: number;
      readonly given: RangeType;
      readonly real: RangeType;
    }
  /** Another thing in this place (from 0). */
  | { readonly kind: 'place'; readonly place: number; readonly given: string; readonly real: string };

export interface Grade {
  readonly right: boolean;
  /** Wrong, yet much of it is right; never said of a choice, where one of two answers is as far from the other as can be. */
  readonly near: boolean;
  readonly gaps: readonly Gap[];
}

const isRanges = (answer: Answer): answer is readonly DrawnRange[] =>
  typeof answer === 'object' && answer.every((one) => typeof one === 'object');
const isNames = (answer: Answer): answer is readonly string[] =>
  typeof answer === 'object' && answer.every((one) => typeof one === 'string');

export function grade(question: Question, given: Answer, real: Answer): Grade {
  const gaps = findGaps(question, given, real);
  const right = gaps.length === 0;
  return { right, near: !right && isNear(question, gaps), gaps };
}

/** A tenth of the scale, half of the positions; of several places, one. */
function isNear(question: Question, gaps: readonly Gap[]): boolean {
  if (gaps.some(({ kind }) => kind === 'value')) return false;
  switch (question.form) {
    case 'choice':
      return false;
    case 'number':
    case 'mark':
      return gaps.every(
        (gap) =>
          gap.kind === 'distance' &&
          Math.abs(gap.given - gap.real) <= Math.max(1, (question.high - question.low) / 10),
      );
    case 'ranges': {
      const wrong = gaps.reduce((sum, gap) => sum + (gap.kind === 'range' ? gap.last - gap.first : 0), 0);
      return wrong * 2 <= question.last - question.first;
    }
    // Two things in the wrong order are a wrong choice.
    case 'order':
      return question.items.length > 2 && gaps.length < question.items.length;
    case 'nodes':
      return gaps.length < question.slots.length;
  }
}

/** What is said beside the truth: the lesson's words where they speak of this truth. */
export const afterOf = ({ question, says, after }: PredictStep, truth: Answer): Words =>
  says === null || grade(question, says, truth).right ? after : OTHERWISE;

function findGaps(question: Question, given: Answer, real: Answer): readonly Gap[] {
  if (question.form === 'ranges') {
    if (!isRanges(given) || !isRanges(real)) return [{ kind: 'value', given: '', real: '' }];
    return rangeGaps(question.first, question.last, given, real);
  }
  if (typeof given === 'number' && typeof real === 'number')
    return given === real ? [] : [{ kind: 'distance', given, real }];
  if (typeof given === 'object' && typeof real === 'object') {
    if (!isNames(given) || !isNames(real)) return [{ kind: 'value', given: '', real: '' }];
    return real.flatMap((name, place) =>
      given[place] === name ? [] : [{ kind: 'place', place, given: given[place] ?? '', real: name } as const],
    );
  }
  return given === real ? [] : [{ kind: 'value', given: String(given), real: String(real) }];
}

/** Type at one position; what nobody drew is a hole. */
const typeAt = (ranges: readonly DrawnRange[], lsn: number): RangeType =>
  ranges.find(({ first, last }) => first <= lsn && lsn < last)?.type ?? 'hole';

function rangeGaps(
  first: number,
  last: number,
  given: readonly DrawnRange[],
  real: readonly DrawnRange[],
): readonly Gap[] {
  const gaps: Extract<Gap, { kind: 'range' }>[] = [];
  for (let lsn = first; lsn < last; lsn++) {
    const said = typeAt(given, lsn);
    const is = typeAt(real, lsn);
    if (said === is) continue;
    const before = gaps[gaps.length - 1];
    if (before?.last === lsn && before.given === said && before.real === is)
      gaps[gaps.length - 1] = { ...before, last: lsn + 1 };
    else gaps.push({ kind: 'range', first: lsn, last: lsn + 1, given: said, real: is });
  }
  return gaps;
}

/** Draws `type` over `[first, last)`; neighbours of one type join. */
export function paint(
  ranges: readonly DrawnRange[],
  first: number,
  last: number,
  type: RangeType,
): readonly DrawnRange[] {
  const low = Math.min(...ranges.map((range) => range.first));
  const high = Math.max(...ranges.map((range) => range.last));
  const painted: DrawnRange[] = [];
  for (let lsn = low; lsn < high; lsn++) {
    const here = first <= lsn && lsn < last ? type : typeAt(ranges, lsn);
    const before = painted[painted.length - 1];
    if (before?.type === here) painted[painted.length - 1] = { ...before, last: lsn + 1 };
    else painted.push({ first: lsn, last: lsn + 1, type: here });
  }
  return painted;
}
