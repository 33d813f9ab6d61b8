// `CALL lab.crash('rw-1')`: every tape action as a procedure, by the table that the tape itself is read with, so there is no second list
// of them. Its arguments are what stands on the line, in that order: first what it is done to, in the tape's own words
// ('rw-1 | store-1'), then the action's arguments, each also by its name; `for_ms` is how long it lasts.

import type { LabCall } from '../pg/connection.ts';
import type { Arg } from '../sim/actions/args.ts';
import type { ActionKind } from '../sim/actions/define.ts';
import { printText, takeText } from '../sim/tape-tokens.ts';
import { tapes } from '../stacks/tapes.ts';

/** The line of a tape, without its time, or why there is none. */
export type Line = { readonly line: string } | { readonly error: string };

const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** What only the host writes on a tape, and what a connection does by itself. */
const NOT_CALLED = new Set(['powerCut', 'sql', 'disconnect']);

/** Shorter names that mean another action where they are called without an argument. */
const WITHOUT_ARGUMENTS: Readonly<Record<string, string>> = { heal: 'healAll' };

export function lineOfCall({ name, args }: LabCall): Line {
  const asked = (args.length === 0 ? WITHOUT_ARGUMENTS[plain(name)] : undefined) ?? name;
  const word = tapes.names.find((one) => plain(one) === plain(asked) && !NOT_CALLED.has(one));
  if (word === undefined) return { error: `there is no procedure lab.${name}` };
  const kind = tapes.kinds[word];
  const names = [
    ...(kind.target === 'world' ? [] : [kind.target]),
    ...Object.keys(kind.args),
    ...(kind.isLasting ? ['forMs'] : []),
  ];
  const values = valuesByName(names, args);
  if ('error' in values) return { error: `lab.${word}: ${values.error}` };
  return { line: lineOf(word, kind, values) };
}

function valuesByName(
  names: readonly string[],
  args: LabCall['args'],
): Map<string, string> | { readonly error: string } {
  const values = new Map<string, string>();
  for (const [i, { name, value }] of args.entries()) {
    const known =
      name === null
        ? names[i]
        : names.find(
            (one) => plain(one) === plain(name) || (i === 0 && one === names[0] && plain(name) === 'node'),
          );
    if (known === undefined)
      return {
        error:
          name === null
            ? `takes at most ${names.length} arguments (${names.join(', ')})`
            : `has no argument ${name}; it has ${names.join(', ')}`,
      };
    if (value !== null) values.set(known, value);
  }
  return values;
}

function lineOf(word: string, kind: ActionKind, values: ReadonlyMap<string, string>): string {
  const target = values.get(kind.target) ?? '';
  const given = Object.entries(kind.args).flatMap(([name, arg]) => {
    const value = values.get(name);
    return value === undefined ? [] : [wordsOf(arg, value)];
  });
  const isList = tapes.targets[kind.target].isList && Object.keys(kind.args).length > 0;
  const forMs = values.get('forMs');
  return [
    word,
    target,
    ...(isList ? [':'] : []),
    ...given,
    ...(forMs === undefined ? [] : [`for ${forMs} ms`]),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** A number with its unit, a text in quotes, all else as it is. */
function wordsOf(arg: Arg<unknown>, value: string): string {
  if (arg.range) return `${value} ${arg.range.unit}`.trim();
  return arg.read === takeText ? printText(value) : value;
}
