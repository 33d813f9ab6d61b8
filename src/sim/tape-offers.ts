// What an editor may offer at a place of an action's line: every word that the reader of the tape takes there, found by asking it. Words
// come from the actions' own table and from the cluster: a new action is offered without more.

import type { Time } from '../base/ids.ts';
import { makePrng } from '../base/prng.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import { nearestName } from '../presets/parameters.ts';
import type { Arg } from './actions/args.ts';
import type { NodeKinds } from './node-templates.ts';
import type { ActionName, TapeAction, TapeTables } from './tape-actions.ts';
import { readActionAt } from './tape-parse-action.ts';
import { printAction } from './tape-print.ts';
import { BadLine, hasMore, isNext, splitWords, type Token, takeToken, type Words } from './tape-tokens.ts';

export interface TapeOffers {
  /** Where the word that they replace begins on the line, from 0. */
  readonly from: number;
  readonly words: readonly string[];
}

const none = (from: number): TapeOffers => ({ from, words: [] });

/** Draws of an argument that are looked at: enough to meet each of the few words that it takes. */
const DRAWS = 24;
/** Examples of an argument that takes any word. */
const EXAMPLES = 6;

/** Words of an action's line, without its time. */
const tokensOf = (text: string): readonly Token[] => splitWords(text).tokens;

/** True when what stands there may be how an action begins, of nodes that are there and can be its target. */
function canBegin(tables: TapeTables, cluster: ClusterSpec, tokens: readonly Token[]): boolean {
  const words: Words = { tokens, at: 0 };
  try {
    readActionAt(tables, 0 as Time, words);
  } catch (error) {
    if (!(error instanceof BadLine) || error.place !== 'end') return false;
  }
  return tokens.length < 2 || hasTarget(tables, cluster, tokens);
}

/** As far as it is said, the target of a line that is not whole yet is there. */
function hasTarget({ kinds, targets }: TapeTables, cluster: ClusterSpec, tokens: readonly Token[]): boolean {
  const kind = kinds[tokens[0]?.text as ActionName];
  const target = targets[kind.target];
  try {
    const fields = target.read({ tokens, at: 1 });
    return (target.refuse?.(fields, cluster, kind.alsoFor) ?? null) === null;
  } catch (error) {
    if (error instanceof BadLine) return true;
    throw error;
  }
}

/** Words that an argument prints; where it prints a name of the cluster, every one of that kind. */
function wordsOf(arg: Arg<unknown>, cluster: ClusterSpec, nodes: NodeKinds): readonly string[] {
  const prng = makePrng(1, 'offers');
  const drawn = Array.from({ length: DRAWS }, () => arg.range?.usual ?? arg.draw(prng, cluster, 0, nodes));
  const printed = drawn.map((value) => arg.print(value)).filter((text) => text !== null);
  // A text that may be anything is drawn with every letter that is hard to read back.
  const plain = printed.map((text) => (/[^\x20-\x7e]|\\/.test(text) ? '""' : text));
  const names = namesIn(cluster).filter((kind) => kind.some((name) => plain.includes(name)));
  return [...new Set([...names.flat(), ...[...new Set(plain)].slice(0, EXAMPLES)])];
}

const namesIn = ({ nodes, groups }: ClusterSpec): readonly (readonly string[])[] => [
  nodes.map(({ id }) => id),
  groups.map(({ id }) => id),
  [...new Set(nodes.flatMap(({ zone }) => (zone === undefined ? [] : [zone])))],
];

/** What the words so far leave to be said: more of the target, or some of the arguments. */
function leftOf(
  { kinds, targets }: TapeTables,
  tokens: readonly Token[],
): { readonly isInTarget: boolean; readonly args: readonly Arg<unknown>[]; readonly unit: string | null } {
  const kind = kinds[tokens[0]?.text as ActionName];
  const target = targets[kind.target];
  const args = Object.values(kind.args);
  const words: Words = { tokens, at: 1 };
  try {
    target.read(words);
  } catch (error) {
    if (!(error instanceof BadLine)) throw error;
    return { isInTarget: true, args: [], unit: null };
  }
  if (target.isList && !hasMore(words)) return { isInTarget: true, args: [], unit: null };
  if (target.isList && isNext(words, ':')) takeToken(words, ':');
  for (const [i, arg] of args.entries()) {
    if (!hasMore(words)) return { isInTarget: false, args: args.slice(i), unit: null };
    try {
      arg.read(words, '');
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      return { isInTarget: false, args: [], unit: arg.range?.unit ?? null };
    }
  }
  return { isInTarget: false, args: [], unit: null };
}

/** What may stand at `column` (from 0) of an action's line without its time, as its words so far have it. */
export function offersAt(tables: TapeTables, cluster: ClusterSpec, line: string, column: number): TapeOffers {
  const before = line.slice(0, column);
  const from = /\S*$/.exec(before)?.index ?? column;
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1) return none(from); // within a text
  const tokens = tokensOf(before.slice(0, from));
  const [first] = tokens;
  if (first === undefined) return { from, words: tables.names };
  const name = tables.names.find((known) => known === first.text);
  if (name === undefined) return none(from);
  const { target, isLasting, args } = tables.kinds[name];
  const left = leftOf(tables, tokens);
  const said = new Set(tokens.map(({ text }) => text));
  const candidates = [
    ...(left.isInTarget ? cluster.nodes.map(({ id }) => id).filter((id) => !said.has(id)) : []),
    ...(left.isInTarget ? ['|', '>'] : []),
    ...(tables.targets[target].isList && Object.keys(args).length > 0 && !said.has(':') ? [':'] : []),
    ...left.args.flatMap((arg) => wordsOf(arg, cluster, tables.nodes)),
    ...(left.unit === null ? [] : [left.unit]),
    ...(isLasting ? (said.has('for') ? ['6.000 ms', 'ms'] : ['for']) : []),
  ];
  const words = [...new Set(candidates)].filter((word) =>
    canBegin(tables, cluster, [...tokens, ...tokensOf(word)]),
  );
  return { from, words };
}

/** The word that may stand at `column` of the line and is most like the one that does; null: none may, or it is right. */
export function nearestAt(
  tables: TapeTables,
  cluster: ClusterSpec,
  line: string,
  column: number,
): { readonly from: number; readonly end: number; readonly word: string } | null {
  const end = column + (/^\S*/.exec(line.slice(column))?.[0].length ?? 0);
  const { from, words } = offersAt(tables, cluster, line, column);
  const wrong = line.slice(from, end);
  if (words.length === 0 || wrong === '' || words.includes(wrong)) return null;
  return { from, end, word: nearestName(wrong, words) };
}

/** The action's arguments by name: `latency <link> <baseUs>`, and a line of it in this cluster. */
export function exampleOf(tables: TapeTables, name: ActionName, cluster: ClusterSpec): string {
  const kind = tables.kinds[name];
  const prng = makePrng(1, 'offers');
  const fields: Record<string, unknown> = {
    at: 0,
    kind: name,
    ...tables.targets[kind.target].draw(prng, cluster),
  };
  for (const [arg, { draw, range }] of Object.entries(kind.args))
    fields[arg] = range?.usual ?? draw(prng, cluster, 0, tables.nodes);
  if (kind.isLasting) fields.forUs = 6_000;
  return printAction(tables, fields as unknown as TapeAction);
}
