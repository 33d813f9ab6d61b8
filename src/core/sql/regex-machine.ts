// Machines for what a part of a regular expression matches: all ways through it are followed at once, character by character, so that a text
// takes steps in proportion to its length and to the states, whatever the pattern. Each step is counted against a limit.

import { fail } from './failure.ts';
import type { Look } from './regex-lex.ts';
import { REGEX_STEPS_MAX } from './regex-limits.ts';
import type { Shape } from './regex-parse.ts';
import { isWord, makeTest } from './regex-set.ts';

type TestName = Extract<Shape, { kind: 'test' }>['test'];

/** A state reads a character and goes on, or goes on at once, to one or two others, if what it tests is so. */
type State =
  | { readonly kind: 'read'; readonly reads: (character: number) => boolean; next: number }
  | { readonly kind: 'fork'; next: number; other: number }
  | { readonly kind: 'test'; readonly test: TestName; next: number }
  | { readonly kind: 'look'; readonly look: Look; readonly machine: Machine; next: number };

export interface Machine {
  readonly states: readonly State[];
  readonly start: number;
  /** The number behind the last state: the whole has been matched. */
  readonly finish: number;
  /** For each state and the finish, those that lead to it. */
  readonly before: readonly (readonly number[])[];
}

/** A text that is looked through. */
export interface Search {
  readonly text: ArrayLike<number>;
  steps: number;
  /** What looking around has found, by machine and place. */
  readonly looks: Map<Machine, Map<number, boolean>>;
}

export const makeSearch = (text: ArrayLike<number>): Search => ({ text, steps: 0, looks: new Map() });

/** Counts steps. */
export function spend(search: Search, steps: number): void {
  search.steps += steps;
  if (search.steps > REGEX_STEPS_MAX)
    fail('54000', `regular expression takes more than ${REGEX_STEPS_MAX} steps`);
}

const NOT_YET = -1;

export function makeMachine(shape: Shape): Machine {
  const states: State[] = [];
  const add = (state: State): number => states.push(state) - 1;
  /** States for the shape in front of `next`; the first of them. Built from behind. */
  const build = (one: Shape, next: number): number => {
    switch (one.kind) {
      case 'set':
        return add({ kind: 'read', reads: makeTest(one.set), next });
      case 'test':
        return add({ kind: 'test', test: one.test, next });
      case 'look':
        return add({ kind: 'look', look: one.look, machine: makeMachine(one.of), next });
      case 'sequence':
        return one.parts.reduceRight((behind, inner) => build(inner, behind), next);
      case 'either':
        return one.parts
          .map((inner) => build(inner, next))
          .reduceRight((other, first) => add({ kind: 'fork', next: first, other }));
      case 'repeat': {
        let first = next;
        if (one.most === null) {
          const loop: State = { kind: 'fork', next: NOT_YET, other: next };
          first = add(loop);
          loop.next = build(one.of, first);
        } else
          for (let i = one.least; i < one.most; i++)
            first = add({ kind: 'fork', next: build(one.of, first), other: next });
        for (let i = 0; i < one.least; i++) first = build(one.of, first);
        return first;
      }
    }
  };
  const FINISH = -2;
  const start = build(shape, FINISH);
  const finish = states.length;
  const settled = (to: number): number => (to === FINISH ? finish : to);
  const before: number[][] = Array.from({ length: finish + 1 }, () => []);
  states.forEach((state, i) => {
    state.next = settled(state.next);
    before[state.next]?.push(i);
    if (state.kind !== 'fork') return;
    state.other = settled(state.other);
    before[state.other]?.push(i);
  });
  return { states, start: settled(start), finish, before };
}

function holdsAt(test: TestName, { text }: Search, at: number): boolean {
  const isWordBefore = (): boolean => at > 0 && isWord(text[at - 1] as number);
  const isWordBehind = (): boolean => at < text.length && isWord(text[at] as number);
  switch (test) {
    case 'start':
      return at === 0;
    case 'finish':
      return at === text.length;
    case 'lineStart':
      return at === 0 || text[at - 1] === 10;
    case 'lineEnd':
      return at === text.length || text[at] === 10;
    case 'wordStart':
      return !isWordBefore() && isWordBehind();
    case 'wordEnd':
      return isWordBefore() && !isWordBehind();
    case 'wordEdge':
      return isWordBefore() !== isWordBehind();
    case 'notWordEdge':
      return isWordBefore() === isWordBehind();
  }
}

function looksRight(look: Look, machine: Machine, search: Search, at: number): boolean {
  const known = search.looks.get(machine) ?? new Map<number, boolean>();
  search.looks.set(machine, known);
  let isThere = known.get(at);
  if (isThere === undefined) {
    isThere =
      look === 'ahead' || look === 'notAhead'
        ? shortest(machine, search, at, at, search.text.length) !== null
        : startsBefore(machine, search, at, 0, true).length > 0;
    known.set(at, isThere);
  }
  return isThere === (look === 'ahead' || look === 'behind');
}

const isPassed = (state: State, search: Search, at: number): boolean =>
  state.kind === 'test'
    ? holdsAt(state.test, search, at)
    : state.kind !== 'look' || looksRight(state.look, state.machine, search, at);

/** The states that are reached at a place, each once. */
interface Reached {
  readonly list: number[];
  readonly marks: Uint32Array;
  round: number;
  /** Of each state in the list where its match begins (firstStart). */
  readonly begins: Int32Array;
}

const makeReached = (machine: Machine): Reached => ({
  list: [],
  marks: new Uint32Array(machine.finish + 1),
  round: 0,
  begins: new Int32Array(machine.finish),
});

function clear(reached: Reached): void {
  reached.list.length = 0;
  reached.round += 1;
}

/** Adds a state and what follows from it without a character; whether the finish was among them. */
function reach(machine: Machine, search: Search, reached: Reached, first: number, at: number): boolean {
  const open = [first];
  let isFinished = false;
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (reached.marks[one] === reached.round) continue;
    reached.marks[one] = reached.round;
    spend(search, 1);
    const state = machine.states[one];
    if (state === undefined) isFinished = true;
    else if (state.kind === 'read') reached.list.push(one);
    else if (isPassed(state, search, at)) {
      if (state.kind === 'fork') open.push(state.other);
      open.push(state.next);
    }
  }
  return isFinished;
}

/** Calls `see` for each end of a match that begins at `begin`, up to `last`, until it says that it has seen enough. */
function eachEnd(
  machine: Machine,
  search: Search,
  begin: number,
  last: number,
  see: (end: number) => boolean,
): void {
  const { text } = search;
  let now = makeReached(machine);
  let next = makeReached(machine);
  clear(now);
  if (reach(machine, search, now, machine.start, begin) && see(begin)) return;
  for (let at = begin; at < last && now.list.length > 0; at++) {
    clear(next);
    let isFinished = false;
    const character = text[at] as number;
    for (const one of now.list) {
      spend(search, 1);
      const state = machine.states[one] as Extract<State, { kind: 'read' }>;
      if (!state.reads(character)) continue;
      if (reach(machine, search, next, state.next, at + 1)) isFinished = true;
    }
    [now, next] = [next, now];
    if (isFinished && see(at + 1)) return;
  }
}

/** In order. */
export function endsOf(machine: Machine, search: Search, begin: number, last: number): number[] {
  const ends: number[] = [];
  eachEnd(machine, search, begin, last, (end) => {
    ends.push(end);
    return false;
  });
  return ends;
}

/** The last end up to `last`, or null. */
export function longest(machine: Machine, search: Search, begin: number, last: number): number | null {
  let found: number | null = null;
  eachEnd(machine, search, begin, last, (end) => {
    found = end;
    return false;
  });
  return found;
}

/** The first end from `least` to `last`, or null. */
export function shortest(
  machine: Machine,
  search: Search,
  begin: number,
  least: number,
  last: number,
): number | null {
  let found: number | null = null;
  eachEnd(machine, search, begin, last, (end) => {
    if (end < least) return false;
    found = end;
    return true;
  });
  return found;
}

export const endsAt = (machine: Machine, search: Search, begin: number, end: number): boolean =>
  shortest(machine, search, begin, end, end) !== null;

/** Where a match that ends at `end` can begin, down to `first`, backwards; `isOne`: the first that is found will do. */
export function startsBefore(
  machine: Machine,
  search: Search,
  end: number,
  first: number,
  isOne = false,
): number[] {
  const { text } = search;
  const starts: number[] = [];
  const marks = new Uint32Array(machine.finish + 1);
  /** States from which the end can be reached. */
  let seeds: number[] = [machine.finish];
  for (let at = end; seeds.length > 0; at--) {
    const round = end - at + 1;
    const reading: number[] = [];
    for (let one = seeds.pop(); one !== undefined; one = seeds.pop()) {
      if (marks[one] === round) continue;
      marks[one] = round;
      spend(search, 1);
      if (one === machine.start) starts.push(at);
      for (const earlier of machine.before[one] ?? []) {
        const state = machine.states[earlier] as State;
        if (state.kind === 'read') reading.push(earlier);
        else if (isPassed(state, search, at)) seeds.push(earlier);
      }
    }
    if (at === first || (isOne && starts.length > 0)) break;
    const character = text[at - 1] as number;
    seeds = reading.filter((one) => {
      spend(search, 1);
      return (machine.states[one] as Extract<State, { kind: 'read' }>).reads(character);
    });
  }
  return starts;
}

/**
 * The first place from `from` at which a match begins, or null. All places are tried together: each state is held by the earliest.
 * `isAny`: of any match, the first that ends.
 */
export function firstStart(machine: Machine, search: Search, from: number, isAny = false): number | null {
  const { text } = search;
  let now = makeReached(machine);
  let next = makeReached(machine);
  clear(now);
  let found: number | null = null;
  const enter = (to: Reached, first: number, at: number, begin: number): void => {
    const before = to.list.length;
    if (reach(machine, search, to, first, at) && (found === null || begin < found)) found = begin;
    for (let i = before; i < to.list.length; i++) to.begins[to.list[i] as number] = begin;
  };
  for (let at = from; ; at++) {
    if (found === null) enter(now, machine.start, at, at);
    if (at >= text.length || (found !== null && isAny)) return found;
    clear(next);
    const character = text[at] as number;
    for (const one of now.list) {
      const begin = now.begins[one] as number;
      if (found !== null && begin >= found) break;
      spend(search, 1);
      const state = machine.states[one] as Extract<State, { kind: 'read' }>;
      if (state.reads(character)) enter(next, state.next, at + 1, begin);
    }
    [now, next] = [next, now];
    if (found !== null && (isAny || now.list.length === 0)) return found;
  }
}
