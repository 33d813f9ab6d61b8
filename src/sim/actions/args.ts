// Arguments of tape actions: how each is read from the line, printed, and drawn at random for property tests. Times are
// µs inside and `ms` or `us` on the line.

import type { GroupId, NodeId } from '../../base/ids.ts';
import { nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { NodeKinds } from '../node-templates.ts';
import { TAPE_LIMITS } from '../tape-limits.ts';
import {
  badLine,
  expectWord,
  hasMore,
  isNext,
  peekToken,
  printMs,
  printText,
  takeInteger,
  takeMs,
  takeName,
  takeText,
  takeToken,
  takeWord,
  type Words,
} from '../tape-tokens.ts';
import type { Kept } from '../types.ts';
import { pick } from './targets.ts';

export interface Arg<T> {
  /** Takes it from the line; `name` is what a refusal calls it. */
  read(words: Words, name: string): T;
  /** Null: left out of the line. */
  print(value: T): string | null;
  draw(prng: Prng, cluster: ClusterSpec, floorUs: number, kinds: NodeKinds): T;
  /** What a field on the screen may offer, of numbers. */
  readonly range?: NumberRange;
}

export interface NumberRange {
  readonly unit: 'ms' | 'us' | '%' | '';
  readonly min: number;
  readonly max: number;
  /** What a menu offers first, in the argument's own unit inside (µs, %). */
  readonly usual: number;
}

/** Longest time, latency or delay an action may name: one virtual minute. */
export const LONGEST_US = 60_000_000;

const isAtEnd = (words: Words): boolean => !hasMore(words) || isNext(words, 'for');

function drawNumber(prng: Prng, { min: lowest, max, usual }: NumberRange, min: number): number {
  // Mostly near what a menu offers, now and then at the ends of the range.
  if (nextChance(prng, 1, 20)) return min;
  const near = Math.max(min, Math.min(max, 2 * Math.abs(usual)));
  const value = nextBetween(prng, min, Math.max(min, Math.min(near, min + 20_000)));
  return lowest < 0 ? value - min - Math.trunc(Math.min(20_000, near - min) / 2) : value;
}

function numberArg(range: NumberRange): Arg<number> & { readonly range: NumberRange } {
  const { unit, min, max } = range;
  return {
    range,
    read(words, name) {
      const value = unit === 'ms' ? takeMs(words, name, min, max) : takeInteger(words, name, min, max);
      if (unit !== '') expectWord(words, unit);
      return value;
    },
    print(value) {
      if (unit === 'ms') return `${printMs(value)} ms`;
      return unit === '' ? String(value) : `${value} ${unit}`;
    },
    draw: (prng) => drawNumber(prng, range, min),
  };
}

export const count = (min: number, max: number, usual: number): Arg<number> =>
  numberArg({ unit: '', min, max, usual });
export const percent = (min: number, max: number, usual: number): Arg<number> =>
  numberArg({ unit: '%', min, max, usual });
export const millis = (min: number, max: number, usual: number): Arg<number> =>
  numberArg({ unit: 'ms', min, max, usual });
export const micros = (min: number, max: number, usual: number): Arg<number> =>
  numberArg({ unit: 'us', min, max, usual });

/** A latency: what is drawn keeps to the preset's floor (PRE-2). */
export function latencyArg(min: number, max: number, usual: number): Arg<number> {
  const arg = numberArg({ unit: 'ms', min, max, usual });
  return { ...arg, draw: (prng, _, floorUs) => drawNumber(prng, arg.range, Math.max(floorUs, min)) };
}

export const optional = <T>(arg: Arg<T>): Arg<T | null> => ({
  read: (words, name) => (isAtEnd(words) ? null : arg.read(words, name)),
  print: (value) => (value === null ? null : arg.print(value)),
  draw: (prng, cluster, floorUs, kinds) =>
    nextChance(prng, 1, 2) ? null : arg.draw(prng, cluster, floorUs, kinds),
});

/** One of these words; left out of the line when it is `usual`, always said when that is ''. */
export const oneOf = <const W extends string>(known: readonly W[], usual: NoInfer<W> | ''): Arg<W> => ({
  read(words, name) {
    if (peekToken(words) === undefined || isNext(words, 'for')) {
      if (usual === '') throw badLine('missingOneOf', { what: name, known }, 'end');
      return usual;
    }
    const text = takeWord(words, name);
    const found = known.find((word) => word === text);
    if (found === undefined) throw badLine('mustBe', { what: name, known });
    return found;
  },
  print: (value) => (value === usual ? null : value),
  draw: (prng) => pick(prng, known),
});

const LETTERS = 'abc "\\\n\té漢\u{1f600}\u0001\ud800;:|>#';

function drawText(prng: Prng): string {
  const letters = [...LETTERS];
  return Array.from({ length: nextBelow(prng, 12) }, () => pick(prng, letters)).join('');
}

/** A text in quotes; of what a cluster takes only some, those of `drawn` are drawn. */
export const text = (...drawn: readonly string[]): Arg<string> => ({
  read: takeText,
  print: printText,
  draw: (prng) =>
    drawn.length === 0 ? drawText(prng) : drawn.length === 1 ? (drawn[0] ?? '') : pick(prng, drawn),
});

/** Prefix of disk keys: the value is one of those whose keys begin so. */
export const keyPrefix: Arg<string> = text('', 'log/', 'counter', 'none');

/** Texts in quotes or `null`, to the end of the line. */
export const texts = (drawsNull: boolean): Arg<readonly (string | null)[]> => ({
  read(words) {
    const found: (string | null)[] = [];
    while (!isAtEnd(words)) {
      const isNull = isNext(words, 'null');
      found.push(isNull ? null : takeText(words, 'parameter'));
      if (isNull) takeToken(words, 'null');
      if (found.length > TAPE_LIMITS.params)
        throw badLine('moreThan', { most: TAPE_LIMITS.params, what: 'parameters' });
    }
    return found;
  },
  print: (values) =>
    values.length === 0
      ? null
      : values.map((value) => (value === null ? 'null' : printText(value))).join(' '),
  draw: (prng) =>
    Array.from({ length: nextBelow(prng, 3) }, () =>
      drawsNull && nextChance(prng, 1, 4) ? null : drawText(prng),
    ),
});

/** `only "/log/"`, `allBut "/page/"` or `first 3`: of the writes not yet durable, in their order. */
export const keptWrites: Arg<Kept> = {
  read(words, name) {
    const which = takeWord(words, name);
    if (which === 'first') return { which, count: takeInteger(words, 'writes', 0, MOST_WRITES) };
    if (which === 'only' || which === 'allBut') return { which, part: takeText(words, 'part of a key') };
    throw badLine('keptWrites', { what: name });
  },
  print: (kept) => (kept.which === 'first' ? `first ${kept.count}` : `${kept.which} ${printText(kept.part)}`),
  draw: (prng) =>
    nextChance(prng, 1, 3)
      ? { which: 'first', count: nextBelow(prng, 8) }
      : { which: pick(prng, ['only', 'allBut'] as const), part: pick(prng, ['', '/log/', '/page/']) },
};
const MOST_WRITES = 100_000;

/** Longest name of a volume. */
const VOLUME_CHARS = 16;

/** A volume's name is part of its objects' names (WAL-42). */
export function checkVolume(name: string): string {
  if (!/^[a-z][a-z0-9]*$/.test(name) || name.length > VOLUME_CHARS)
    throw badLine('notVolume', { found: name, most: VOLUME_CHARS });
  return name;
}

/** A volume's name, after a word of its own (or none). */
export const volume = (after: string, isKnown = false): Arg<string> => ({
  read(words, name) {
    if (after !== '') expectWord(words, after);
    return checkVolume(takeWord(words, name));
  },
  print: (value) => (after === '' ? value : `${after} ${value}`),
  draw: (_, cluster) => (isKnown ? cluster.volume : 'v2'),
});

/** `@v2`: at the attachment of this volume; left out (empty): at that of the cluster's own volume, or where one is open. */
export const atVolume: Arg<string> = {
  read(words) {
    const token = peekToken(words);
    return token?.text.startsWith('@') === true && !token.isQuoted
      ? checkVolume(takeWord(words, 'volume').slice(1))
      : '';
  },
  print: (value) => (value === '' ? null : `@${value}`),
  draw: (prng) => (nextChance(prng, 1, 4) ? 'v2' : ''),
};

/** Another store. */
export const storeArg: Arg<NodeId> = {
  read: (words) => takeName(words, 'node') as NodeId,
  print: (value) => value,
  draw: (prng, cluster, _, { nodesFor }) => pick(prng, nodesFor('store', cluster)).id,
};

/** A group's name; left out (null): all of them. */
export const group: Arg<GroupId | null> = {
  read: (words) => (isAtEnd(words) ? null : (takeName(words, 'group') as GroupId)),
  print: (value) => value,
  draw: (prng, cluster) => (nextChance(prng, 1, 2) ? null : (cluster.groups[0]?.id ?? null)),
};
