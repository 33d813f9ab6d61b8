// Beats of a presentation: marks of a tape. A mark's first line is the beat's title; lines below it that begin with a name of
// `fields` are the rest. A mark without such lines is a beat with a title alone, and a beat is a bookmark in the timeline.

import type { Time } from '../base/ids.ts';
import type { TapeMark } from './tape.ts';

/** In both languages; where one is empty the other serves. */
interface Both {
  readonly en: string;
  readonly zh: string;
}

export interface Beat {
  /** Where it stands, virtual µs. */
  readonly at: Time;
  readonly title: Both;
  /** For whoever presents; no audience sees them. */
  readonly notes: Both;
  /** Put to the audience before the run goes on; empty: nothing is. */
  readonly question: Both;
  /** To choose from. */
  readonly answers: readonly Both[];
}

const none: Both = { en: '', zh: '' };

/** What a line below the title is, by the name that it begins with. */
const fields = {
  'zh: ': 'title zh',
  'note: ': 'notes en',
  'note zh: ': 'notes zh',
  'ask: ': 'question en',
  'ask zh: ': 'question zh',
  'answer: ': 'answers en',
  'answer zh: ': 'answers zh',
} as const;
type Field = (typeof fields)[keyof typeof fields];

const names = Object.entries(fields) as readonly (readonly [string, Field])[];

/** A line that no field begins is a note: whoever wrote it by hand meant one. */
function readLine(line: string): readonly [Field, string] {
  const found = names.find(([name]) => line.startsWith(name));
  return found === undefined ? ['notes en', line] : [found[1], line.slice(found[0].length)];
}

export function readBeat({ at, text }: TapeMark): Beat {
  const [title = '', ...rest] = text.split('\n');
  const lines = rest.map(readLine);
  const all = (field: Field): readonly string[] =>
    lines.flatMap(([of, said]) => (of === field ? [said] : []));
  const said = (field: Field): string => all(field).join('\n');
  const chinese = all('answers zh');
  return {
    at,
    title: { en: title, zh: said('title zh') },
    notes: { en: said('notes en'), zh: said('notes zh') },
    question: { en: said('question en'), zh: said('question zh') },
    answers: all('answers en').map((en, i) => ({ en, zh: chinese[i] ?? '' })),
  };
}

/** An answer keeps its line in either language, so that both stand in the same order. */
function linesOf(name: string, text: string, isKept = false): readonly string[] {
  return text === '' && !isKept ? [] : text.split('\n').map((line) => `${name}${line}`);
}

export function printBeat({ at, title, notes, question, answers }: Beat): TapeMark {
  const lines = [
    title.en.replaceAll('\n', ' '),
    ...linesOf('zh: ', title.zh.replaceAll('\n', ' ')),
    ...linesOf('note: ', notes.en),
    ...linesOf('note zh: ', notes.zh),
    ...linesOf('ask: ', question.en),
    ...linesOf('ask zh: ', question.zh),
    ...answers.flatMap(({ en, zh }) => [
      ...linesOf('answer: ', en, true),
      ...linesOf('answer zh: ', zh, true),
    ]),
  ];
  return { at, text: lines.join('\n') };
}

export const makeBeat = (at: Time, parts: Partial<Beat>): Beat => ({
  title: none,
  notes: none,
  question: none,
  answers: [],
  ...parts,
  at,
});

/** The beat at which a run stands, or which it has left last; -1: it has not come to the first. */
export const beatAt = (beats: readonly Pick<Beat, 'at'>[], time: number): number =>
  beats.findLastIndex(({ at }) => at <= time);
