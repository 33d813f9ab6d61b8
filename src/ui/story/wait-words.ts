// What blocks progress, in words: a wait with its causes as one sentence, and the tape actions that end them. Pure.

import type { Time } from '../../base/ids.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import type { StandingOf } from '../../run-model/says/standings.ts';
import type { Obstacle, Wait } from '../../run-model/waits/waits.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import { printAction } from '../../sim/tape-print.ts';
import { tapes } from '../../stacks/tapes.ts';
import { type Translate, translateLoose } from '../i18n/i18n.ts';
import { joinNames } from '../model/node-facts.ts';
import '../stacks/tables.ts';
import { short } from './caption-table.ts';
import '../../words/story/wait.en.json';

/** A wait that goes on by itself is not said while it is younger: it may be over with the next message, virtual µs. */
const SAID_FROM_US = 8000;
/** Characters of a client's statement. */
const TEXT_SHOWN = 40;
/** Causes named in the sentence; the list behind it has all. */
const CAUSES_NAMED = 3;

/** Those that need somebody, at once, and those that last, the weightiest first. */
export const saidWaits = ({ waits }: Pick<WorldFrame, 'waits'>): readonly Wait[] =>
  waits.filter(({ sinceUs, isBlocked }) => isBlocked || sinceUs < 0 || sinceUs >= SAID_FROM_US);

export const obstacleText = ({ kind, nodes, of }: Obstacle): string =>
  translateLoose(`obstacle.${kind}`, { a: nodes[0] ?? '', b: nodes[1] ?? '', of });

export const waitText = (wait: Wait): string =>
  translateLoose(`wait.${wait.kind}`, {
    node: wait.node,
    volume: wait.volume,
    group: wait.group ?? '',
    step: wait.step === '' ? '–' : wait.step,
    text: wait.text ? short(wait.text.replaceAll(/\s+/g, ' '), TEXT_SHOWN) : '',
    have: wait.have,
    need: wait.need,
    count: wait.requests,
  });

/** Its causes: what stops it before what only slows it. */
export const causesOf = ({ obstacles }: Wait): readonly Obstacle[] =>
  [...obstacles].sort((a, b) => Number(b.stops) - Number(a.stops));

/** What is claimed of a wait that cannot go on. */
export const blockedOf = (wait: Wait): StandingOf<'blocked'> => ({
  kind: 'blocked',
  wait: wait.kind,
  node: wait.node,
  causes: causesOf(wait).filter(({ stops }) => stops),
});

/** Those that stop it; where none does, those that it waits for all the same. */
function weightiest(causes: readonly Obstacle[]): readonly Obstacle[] {
  const stopping = causes.filter(({ stops }) => stops);
  return stopping.length > 0 ? stopping : causes;
}

/** Nodes that are all down, or all frozen, stand in one cause. */
const JOINED = { down: 'obstacle.manyDown', frozen: 'obstacle.manyFrozen' } as const;

export function causeTexts(causes: readonly Obstacle[], t: Translate): readonly string[] {
  const joined = (Object.keys(JOINED) as (keyof typeof JOINED)[]).flatMap((kind) => {
    const nodes = causes.filter((one) => one.kind === kind).map((one) => String(one.nodes[0]));
    return nodes.length < 2 ? [] : [{ kind, text: t(JOINED[kind], { nodes: joinNames(nodes, t) }) }];
  });
  const kinds = new Set<string>(joined.map(({ kind }) => kind));
  const others = causes.filter(({ kind }) => !kinds.has(kind)).map((one) => obstacleText(one));
  return [...joined.map(({ text }) => text), ...others];
}

export function waitSentence(wait: Wait, t: Translate): string {
  const causes = causeTexts(weightiest(causesOf(wait)), t);
  const named = causes.slice(0, CAUSES_NAMED);
  const left = causes.length - named.length;
  if (named.length === 0) return waitText(wait);
  return t('waits.sentence', {
    what: waitText(wait),
    causes: joinNames(left > 0 ? [...named, `+${left}`] : named, t),
  });
}

/** The sentence for the strip: the weightiest wait, and how many others there are. */
export function waitsSentence(waits: readonly Wait[], t: Translate): string {
  const [first] = waits;
  if (first === undefined) return '';
  const sentence = waitSentence(first, t);
  return waits.length === 1 ? sentence : t('waits.more', { sentence, count: waits.length - 1 });
}

/** Tape lines that end what stops these waits, or what they wait for all the same, each once. */
export function waysOut(waits: readonly Wait[]): readonly string[] {
  const lines = waits.flatMap(({ obstacles }) =>
    weightiest(obstacles).flatMap(({ wayOut }) =>
      wayOut !== null ? [printAction(tapes, { ...wayOut, at: 0 as Time } as TapeAction)] : [],
    ),
  );
  return [...new Set(lines)];
}
