// Loading of a sample dataset: its requests one after the other through the console's session, at full speed until each is answered.
// What an earlier load or another person has made stays: the first error ends it, and says which statement it was.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { messageOf } from '../../base/thrown.ts';
import type { Lab, SqlOutcome } from '../../lab/api.ts';
import type { Dataset, DatasetId } from './sql-datasets.ts';
import { markBusy, type SqlTarget, sessionOf } from './sql-store.ts';

export interface DatasetLoad {
  readonly id: DatasetId;
  readonly done: number;
  readonly of: number;
  readonly state: 'loading' | 'loaded' | 'stopped' | 'failed';
  /** Why it failed: SQLSTATE and message, or what was said of the request. */
  readonly failure: string | null;
}

const loadStore = createStore<{ readonly load: DatasetLoad | null }>(() => ({ load: null }));

let isStopped = false;

/** Null: it was done. */
function failureOf({ result }: SqlOutcome): string | null {
  if (result.outcome === 'unknown') return '';
  const error = result.statements.find((item) => item.kind === 'error');
  return error === undefined ? null : `${error.sqlstate} ${error.message}`;
}

export async function loadDataset(
  lab: Pick<Lab, 'sql'>,
  dataset: Dataset,
  target: SqlTarget,
): Promise<DatasetLoad> {
  const { id, requests } = dataset;
  const put = (done: number, state: DatasetLoad['state'], failure: string | null = null): DatasetLoad => {
    const load = { id, done, of: requests.length, state, failure };
    loadStore.setState({ load });
    return load;
  };
  isStopped = false;
  const busy = markBusy(target);
  put(0, 'loading');
  let done = 0;
  try {
    for (const request of requests) {
      if (isStopped) return put(done, 'stopped');
      const outcome = await lab.sql(sessionOf(target), request, { runToReply: true, driver: target.driver });
      const failure = failureOf(outcome);
      if (failure !== null) return put(done, 'failed', failure);
      done += 1;
      put(done, 'loading');
    }
    return put(done, 'loaded');
  } catch (error) {
    return put(done, 'failed', messageOf(error));
  } finally {
    busy.isOver();
  }
}

/** After the request that is on its way: what is loaded stays. */
export function stopDataset(): void {
  isStopped = true;
}

export const closeDataset = (): void => loadStore.setState({ load: null });

export const useDatasetLoad = (): DatasetLoad | null => useStore(loadStore, ({ load }) => load);
