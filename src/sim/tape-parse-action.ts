// Reads one action of a tape: time, name, target, arguments, duration, each as the action's definition says.

import type { Time } from '../base/ids.ts';
import { nearestName } from '../presets/parameters.ts';
import type { TapeAction, TapeTables } from './tape-actions.ts';
import { LONGEST_RUN_US } from './tape-limits.ts';
import {
  badLine,
  expectEnd,
  expectWord,
  isNext,
  takeMs,
  takeToken,
  takeWord,
  type Words,
} from './tape-tokens.ts';

/** One action, its time first: `13.000 cut rw-1 | store-1 store-3 for 6.000 ms`. */
export const readAction = (tables: TapeTables, words: Words): TapeAction =>
  readActionAt(tables, takeMs(words, 'time', 0, LONGEST_RUN_US) as Time, words);

/** What follows its time. */
export function readActionAt({ kinds, names, targets }: TapeTables, at: Time, words: Words): TapeAction {
  const name = takeWord(words, 'action');
  const known = names.find((candidate) => candidate === name);
  if (known === undefined)
    throw badLine('unknownNear', { what: 'action', found: name, nearest: nearestName(name, names) });
  const kind = kinds[known];
  const target = targets[kind.target];
  const fields: Record<string, unknown> = { at, kind: known, ...target.read(words) };
  const args = Object.entries(kind.args);
  if (args.length > 0 && target.isList) expectWord(words, ':');
  for (const [argName, arg] of args) fields[argName] = arg.read(words, argName);
  if (kind.isLasting) {
    fields.forUs = null;
    if (isNext(words, 'for')) {
      takeToken(words, 'for');
      fields.forUs = takeMs(words, 'for', 1, LONGEST_RUN_US);
      expectWord(words, 'ms');
    }
  }
  expectEnd(words);
  return fields as unknown as TapeAction;
}
