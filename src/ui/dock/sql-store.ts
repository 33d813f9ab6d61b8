// What was run in the console: newest last, kept while the page lives. Statements themselves are on the tape.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { messageOf } from '../../base/thrown.ts';
import type { Lab, SqlOutcome } from '../../lab/api.ts';

/** Runs kept for the list; older ones are dropped. */
const historyLimit = 50;
export const consoleSession = 'console';

export interface SqlRun {
  readonly id: number;
  readonly text: string;
  readonly outcome: SqlOutcome | null;
  readonly failure: string | null;
}

interface SqlState {
  readonly runs: readonly SqlRun[];
  readonly draft: string;
  readonly busy: boolean;
}

export const sqlStore = createStore<SqlState>(() => ({ runs: [], draft: '', busy: false }));

let lastId = 0;

export async function runSql(lab: Lab, text: string, runToReply: boolean): Promise<SqlRun> {
  lastId += 1;
  const id = lastId;
  const put = (run: SqlRun): SqlRun => {
    sqlStore.setState(({ runs }) => ({
      runs: [...runs.filter((known) => known.id !== id), run].slice(-historyLimit),
    }));
    return run;
  };
  put({ id, text, outcome: null, failure: null });
  sqlStore.setState({ busy: true });
  try {
    const outcome = await lab.sql(consoleSession, text, { runToReply });
    return put({ id, text, outcome, failure: null });
  } catch (error) {
    return put({ id, text, outcome: null, failure: messageOf(error) });
  } finally {
    sqlStore.setState({ busy: false });
  }
}

export const useSqlRuns = (): readonly SqlRun[] => useStore(sqlStore, (state) => state.runs);
export const useSqlBusy = (): boolean => useStore(sqlStore, (state) => state.busy);
