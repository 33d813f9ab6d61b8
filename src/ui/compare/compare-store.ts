// The comparison that is shown: what was chosen, its columns, and of each how far it is or what came of it. It outlives the page, so that
// who has followed a figure into the lab finds the table again.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { messageOf } from '../../base/thrown.ts';
import { compareColumn } from '../../lab/compare.ts';
import { type LinkedComparison, MOST_COLUMNS, usualComparison } from '../../lab/compare-link.ts';
import type { Refusal } from '../../presets/refusals.ts';
import type { ComparedColumn, Comparison } from '../../run-model/compare/compared.ts';
import type { ComparedReport } from '../../run-model/compare/report.ts';
import { stretchOf } from '../../run-model/compare/stretch.ts';
import { comparedColumn, usualColumns } from '../../stacks/compared.ts';

export type ColumnState =
  | { readonly kind: 'none' }
  | { readonly kind: 'runs'; readonly done: number; readonly of: number }
  | { readonly kind: 'done'; readonly report: ComparedReport }
  | { readonly kind: 'failed'; readonly error: string };

type Choice = Omit<Comparison, 'stretch'>;

interface CompareState {
  readonly choice: Choice;
  /** No two have one name. */
  readonly columns: readonly ComparedColumn[];
  /** By the column's name; absent: not run yet. */
  readonly states: Readonly<Record<string, ColumnState>>;
}

const usual = (): readonly ComparedColumn[] =>
  usualColumns.flatMap((said) => {
    const column = comparedColumn(said);
    return 'error' in column ? [] : [column];
  });

const compareStore = createStore<CompareState>(() => ({
  choice: usualComparison,
  columns: usual(),
  states: {},
}));

export const useCompare = (): CompareState => useStore(compareStore);

/** Another choice: figures of the one before are gone. */
export const choose = (change: Partial<Choice>): void => {
  runs++;
  compareStore.setState(({ choice }) => ({ choice: { ...choice, ...change }, states: {} }));
};

/** Of the run that is shown: an older one, or one of another choice, changes nothing any more. */
let runs = 0;

const stretchFor = (columns: readonly ComparedColumn[]): number =>
  stretchOf(columns.map(({ preset }) => preset));

/** Figures stay where the columns' common times do: all run in those of the slowest. */
function setColumns(columns: readonly ComparedColumn[]): void {
  runs++;
  compareStore.setState(({ columns: before, states }) => {
    const isSame = stretchFor(before) === stretchFor(columns);
    const kept = before.filter((one) => isSame && columns.includes(one));
    return {
      columns,
      states: Object.fromEntries(
        kept.flatMap(({ name }) => (states[name]?.kind === 'done' ? [[name, states[name]]] : [])),
      ),
    };
  });
}

/** In place of one of the same name. What is wrong with it; null: it stands there. */
export function addColumn(said: string): Refusal | null {
  const column = comparedColumn(said);
  if ('error' in column) return column;
  const { columns } = compareStore.getState();
  const isThere = columns.some(({ name }) => name === column.name);
  if (!isThere && columns.length >= MOST_COLUMNS) return null;
  setColumns(
    isThere ? columns.map((one) => (one.name === column.name ? column : one)) : [...columns, column],
  );
  return null;
}

export const dropColumn = (name: string): void =>
  setColumns(compareStore.getState().columns.filter((one) => one.name !== name));

export function showLinked({ load, fault, seed, columns }: LinkedComparison): void {
  runs++;
  compareStore.setState({ choice: { load, fault, seed }, columns, states: {} });
}

function set(run: number, column: string, state: ColumnState): void {
  if (run !== runs) return;
  compareStore.setState(({ states }) => ({ states: { ...states, [column]: state } }));
}

/** The columns one after the other: three at once would take longer on a small machine, and be shown later. */
export async function runComparison(): Promise<void> {
  const run = ++runs;
  const { columns } = compareStore.getState();
  const choice: Comparison = { ...compareStore.getState().choice, stretch: stretchFor(columns) };
  const begun = columns.map(({ name }) => [name, { kind: 'runs', done: 0, of: 0 }] as const);
  compareStore.setState({ states: Object.fromEntries(begun) });
  for (const { name, said } of columns) {
    if (run !== runs) return;
    try {
      const report = await compareColumn(choice, said, (done, of) =>
        set(run, name, { kind: 'runs', done, of }),
      );
      set(run, name, { kind: 'done', report });
    } catch (error) {
      set(run, name, { kind: 'failed', error: messageOf(error) });
    }
  }
}
