// Analysis of statements that come again and again. What `analyse` says depends on text, tree, number of parameters and the catalog's
// answers only, so a result is kept with every question that was put to the catalog and its answer. It is given again where the
// catalog, asked the same questions in the same order, gives the same answers: whoever asks sees the catalog used as by a new
// analysis, and what is kept is no part of any state.

import { sameBytes } from '../../base/same-bytes.ts';
import type { TableDef } from './access.ts';
import { type AnalyseResult, analyse } from './analyse.ts';
import type { Catalog } from './analysis.ts';

interface Question {
  readonly of: keyof Catalog;
  readonly about: string | number | TableDef | null;
}

interface Kept {
  readonly tree: Uint8Array;
  readonly params: number;
  readonly questions: readonly Question[];
  readonly answers: readonly unknown[];
  readonly result: AnalyseResult;
}

/** Texts that are kept, the one kept longest goes first; results of one text, by what catalogs answer; the longest tree. */
const MAX_TEXTS = 1024;
const MAX_RESULTS = 8;
const MAX_TREE_BYTES = 16 * 1024;

const keptByText = new Map<string, Kept[]>();

/** As `analyse`. The result is shared: nobody changes it. */
export function analyseKept(
  text: string,
  tree: Uint8Array,
  params: readonly (string | null)[],
  catalog: Catalog,
): AnalyseResult {
  const kept = keptByText.get(text);
  const answers: unknown[] = [];
  if (kept !== undefined) {
    let fitting = kept.filter((one) => one.params === params.length && sameBytes(one.tree, tree));
    for (let [first] = fitting; first !== undefined; [first] = fitting) {
      // they have put the same questions so far, as all their answers were the same
      const question = first.questions[answers.length];
      if (question === undefined) return first.result;
      const answer = askAgain(catalog, question);
      fitting = fitting.filter((one) => isSame(one.answers[answers.length], answer));
      answers.push(answer);
    }
  }
  return analyseAnew(text, tree, params, catalog, answers);
}

/** `known`: what the catalog has answered already to the first questions that analysis puts. */
function analyseAnew(
  text: string,
  tree: Uint8Array,
  params: readonly (string | null)[],
  catalog: Catalog,
  known: readonly unknown[],
): AnalyseResult {
  const questions: Question[] = [];
  const answers: unknown[] = [];
  const put =
    <K extends keyof Catalog>(of: K) =>
    (about: Parameters<Catalog[K]>[0]): ReturnType<Catalog[K]> => {
      const at = answers.length;
      const question: Question = { of, about };
      const answer = at < known.length ? known[at] : askAgain(catalog, question);
      questions.push(question);
      answers.push(answer);
      return answer as ReturnType<Catalog[K]>;
    };
  const result = analyse(text, tree, params, {
    findTable: put('findTable'),
    findType: put('findType'),
    findIndex: put('findIndex'),
    findRelation: put('findRelation'),
    referrersOf: put('referrersOf'),
    searchPath: put('searchPath'),
    countRows: put('countRows'),
  });
  if (tree.length <= MAX_TREE_BYTES) keep(text, { tree, params: params.length, questions, answers, result });
  return result;
}

const askAgain = (catalog: Catalog, { of, about }: Question): unknown =>
  (catalog[of] as (about: unknown) => unknown)(about);

function keep(text: string, one: Kept): void {
  const kept = keptByText.get(text);
  if (kept !== undefined) {
    if (kept.length >= MAX_RESULTS) kept.shift();
    kept.push(one);
    return;
  }
  if (keptByText.size >= MAX_TEXTS) {
    const oldest = keptByText.keys().next();
    if (!oldest.done) keptByText.delete(oldest.value);
  }
  keptByText.set(text, [one]);
}

/** Definitions are the same objects while nothing has changed them. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => one === b[i]);
  if ('index' in a && 'index' in b && 'table' in a && 'table' in b)
    return a.table === b.table && a.index === b.index;
  return false;
}
