// A comparison as a link: `#/compare&fault=powerCut&load=transfers&seed=7&columns=cynosdb-ha,1.…`. A column is a preset's name, or the
// lines of a cluster packed as a tape is (share.ts). What is left out is as usual; what cannot be read is refused by name.

import { type Refusal, type RefusalKind, refusal } from '../presets/refusals.ts';
import {
  type ComparedColumn,
  type Comparison,
  comparedFaults,
  comparedLoads,
} from '../run-model/compare/compared.ts';
import { comparedColumn, usualColumns } from '../stacks/compared.ts';
import { decodeTape, encodeTape } from './share.ts';

/** Columns side by side at most, each a run of its own. */
export const MOST_COLUMNS = 6;
const MOST_SEED = 999_999_999;

export interface LinkedComparison extends Pick<Comparison, 'load' | 'fault' | 'seed'> {
  readonly columns: readonly ComparedColumn[];
}

export type LinkedResult =
  | ({ readonly ok: true } & LinkedComparison)
  | { readonly ok: false; readonly why: Refusal };

export const usualComparison: Pick<Comparison, 'load' | 'fault' | 'seed'> = {
  load: 'transfers',
  fault: 'killWriter',
  seed: 7,
};

/** The fragment of the address. */
export function linkOfComparison({ load, fault, seed, columns }: LinkedComparison): string {
  const said = columns.map((column) => (column.said.includes('\n') ? encodeTape(column.said) : column.said));
  return `#/compare&fault=${fault}&load=${load}&seed=${seed}&columns=${said.join(',')}`;
}

function readColumn(text: string): ComparedColumn | Refusal {
  // no preset's name has a dot, and a packed text begins with a version and one
  if (!text.includes('.')) return comparedColumn(text);
  const opened = decodeTape(text);
  if (!opened.ok) return opened.why;
  return comparedColumn(`${opened.tape.trimEnd()}\n`);
}

function oneOf<T extends string>(known: readonly T[], said: string | undefined, usual: T): T | null {
  return said === undefined ? usual : (known.find((one) => one === said) ?? null);
}

/** Null: the address asks for no comparison. */
export function readCompareLink(params: ReadonlyMap<string, string>): LinkedResult | null {
  const [said, faultSaid, loadSaid, seedSaid] = ['columns', 'fault', 'load', 'seed'].map((key) =>
    params.get(key),
  );
  if ([said, faultSaid, loadSaid, seedSaid].every((one) => one === undefined)) return null;
  const refuse = (kind: RefusalKind, of: Refusal['of']): LinkedResult => ({
    ok: false,
    why: refusal(kind, of),
  });
  const fault = oneOf(comparedFaults, faultSaid, usualComparison.fault);
  if (fault === null)
    return refuse('noneOf', { what: 'fault', found: `${faultSaid}`, known: comparedFaults });
  const load = oneOf(comparedLoads, loadSaid, usualComparison.load);
  if (load === null) return refuse('noneOf', { what: 'load', found: `${loadSaid}`, known: comparedLoads });
  const seed = seedSaid === undefined ? usualComparison.seed : Number(seedSaid);
  if (seedSaid === '' || !Number.isSafeInteger(seed) || seed < 0 || seed > MOST_SEED)
    return refuse('notWholeFrom', { what: 'seed', found: `${seedSaid}`, min: 0, max: MOST_SEED });
  const words = said === undefined ? usualColumns : said.split(',');
  if (words.length > MOST_COLUMNS) return refuse('columnsMost', { count: words.length, most: MOST_COLUMNS });
  const columns: ComparedColumn[] = [];
  for (const [i, word] of words.entries()) {
    const column = readColumn(word);
    if ('error' in column) return refuse('inColumn', { place: i + 1, inner: column });
    if (columns.some(({ name }) => name === column.name))
      return refuse('inColumn', { place: i + 1, inner: refusal('columnTwice', { name: column.name }) });
    columns.push(column);
  }
  return { ok: true, load, fault, seed, columns };
}
