// What the page "What is modelled" says of one part, and of one place where sources disagree. Its words stand in src/words:
// `model.<id>.part`, `.real`, `.simplified`, `.absent`, and `disagreement.<id>`.

import { type Both, bothOf } from '../i18n/both.ts';
import { plainWords } from '../i18n/texts.ts';

interface ModelFacts {
  readonly id: string;
  /** Sentences of docs/spec. */
  readonly ids: readonly string[];
  /** Beginnings of the slugs of the rules that this row is about; the longest one decides. *Why?* leads here. */
  readonly areas: readonly string[];
  /** Seeds and papers, by the tags of docs/spec/terms.md. */
  readonly source: string;
}

export interface ModelRow extends ModelFacts {
  readonly part: Both;
  readonly real: Both;
  readonly simplified: Both;
  readonly absent: Both;
}

export interface Disagreement {
  readonly id: string;
  readonly text: Both;
}

const nothing: Both = { en: '–', zh: '–' };
const bothOrNothing = (key: string): Both => (plainWords('en', key) === undefined ? nothing : bothOf(key));

export const modelRowsOf = (rows: readonly ModelFacts[]): readonly ModelRow[] =>
  rows.map((row) => ({
    ...row,
    part: bothOf(`model.${row.id}.part`),
    real: bothOf(`model.${row.id}.real`),
    simplified: bothOrNothing(`model.${row.id}.simplified`),
    absent: bothOrNothing(`model.${row.id}.absent`),
  }));

export const disagreementsOf = (ids: readonly string[]): readonly Disagreement[] =>
  ids.map((id) => ({ id, text: bothOf(`disagreement.${id}`) }));
