// The comparison that is shown: what was chosen, and of each column how far it is or what came of it. It outlives the page, so that who has followed
// a figure into the lab finds the table again.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { messageOf } from '../../base/thrown.ts';
import { compareColumn } from '../../lab/compare.ts';
import type { Comparison } from '../../run-model/compare/compared.ts';
import type { ComparedReport } from '../../run-model/compare/report.ts';
import { comparedStacks } from '../../stacks/compared.ts';

export type ColumnState =
  | { readonly kind: 'none' }
  | { readonly kind: 'runs'; readonly done: number; readonly of: number }
  | { readonly kind: 'done'; readonly report: ComparedReport }
  | { readonly kind: 'failed'; readonly error: string };

interface CompareState {
  readonly choice: Comparison;
  readonly columns: Readonly<Record<string, ColumnState>>;
}

export const columnIds: readonly string[] = comparedStacks.map(({ id }) => id);

const all = (state: ColumnState): CompareState['columns'] =>
  Object.fromEntries(columnIds.map((id) => [id, state]));

const compareStore = createStore<CompareState>(() => ({
  choice: { load: 'transfers', fault: 'killWriter', seed: 7 },
  columns: all({ kind: 'none' }),
}));

export const useCompare = (): CompareState => useStore(compareStore);

/** Another choice: figures of the one before are gone. */
export const choose = (change: Partial<Comparison>): void => {
  runs++;
  compareStore.setState(({ choice }) => ({
    choice: { ...choice, ...change },
    columns: all({ kind: 'none' }),
  }));
};

/** Of the run that is shown: an older one, or one of another choice, changes nothing any more. */
let runs = 0;

function set(run: number, column: string, state: ColumnState): void {
  if (run !== runs) return;
  compareStore.setState(({ columns }) => ({ columns: { ...columns, [column]: state } }));
}

/** The columns one after the other: three at once would take longer on a small machine, and be shown later. */
export async function runComparison(): Promise<void> {
  const run = ++runs;
  const { choice } = compareStore.getState();
  compareStore.setState({ columns: all({ kind: 'runs', done: 0, of: 0 }) });
  for (const column of columnIds) {
    if (run !== runs) return;
    try {
      const report = await compareColumn(choice, column, (done, of) =>
        set(run, column, { kind: 'runs', done, of }),
      );
      set(run, column, { kind: 'done', report });
    } catch (error) {
      set(run, column, { kind: 'failed', error: messageOf(error) });
    }
  }
}
