// Loading through the console's session: requests one after the other, at full speed until each is answered. What an earlier load or
// another person has made stays. Of a sample dataset the first error ends it and says which request it was; of a file of pg_dump's what
// the cluster refuses is listed by its line, and the rest goes on, as psql does it.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { messageOf } from '../../base/thrown.ts';
import type { Lab, SqlOutcome } from '../../lab/api.ts';
import type { ScriptRequest } from '../../lab/sql-script.ts';
import type { Dataset, DatasetId } from './sql-datasets.ts';
import { markBusy, type SqlTarget, sessionOf } from './sql-store.ts';

/** A statement of a file that the cluster has not taken. */
export interface RefusedStatement {
  readonly line: number;
  readonly head: string;
  /** SQLSTATE and message. */
  readonly error: string;
}

/** What is loaded: a sample dataset, or a file. */
export type LoadedThing = { readonly id: DatasetId } | { readonly file: string };

export interface DatasetLoad {
  readonly of: LoadedThing;
  readonly done: number;
  readonly requests: number;
  readonly state: 'loading' | 'loaded' | 'stopped' | 'failed';
  /** Why it failed: SQLSTATE and message, or what was said of the request. */
  readonly failure: string | null;
  readonly refused: readonly RefusedStatement[];
}

const loadStore = createStore<{ readonly load: DatasetLoad | null }>(() => ({ load: null }));

let isStopped = false;

/** Null: it was done. */
function failureOf({ result }: SqlOutcome): string | null {
  if (result.outcome === 'unknown') return '';
  const error = result.statements.find((item) => item.kind === 'error');
  return error === undefined ? null : `${error.sqlstate} ${error.message}`;
}

interface Work {
  readonly of: LoadedThing;
  readonly requests: readonly ScriptRequest[];
  readonly isErrorTheEnd: boolean;
}

async function load(
  lab: Pick<Lab, 'sql'>,
  { of, requests, isErrorTheEnd }: Work,
  target: SqlTarget,
): Promise<DatasetLoad> {
  let done = 0;
  let refused: readonly RefusedStatement[] = [];
  const put = (state: DatasetLoad['state'], failure: string | null = null): DatasetLoad => {
    const now = { of, done, requests: requests.length, state, failure, refused };
    loadStore.setState({ load: now });
    return now;
  };
  isStopped = false;
  const busy = markBusy(target);
  put('loading');
  try {
    for (const { text, line, head } of requests) {
      if (isStopped) return put('stopped');
      const outcome = await lab.sql(sessionOf(target), text, { runToReply: true, driver: target.driver });
      const failure = failureOf(outcome);
      // Of one whose outcome is not known it is not known either what comes after it.
      if (failure !== null && (isErrorTheEnd || failure === '')) return put('failed', failure);
      if (failure !== null) refused = [...refused, { line, head, error: failure }];
      done += 1;
      put('loading');
    }
    return put('loaded');
  } catch (error) {
    return put('failed', messageOf(error));
  } finally {
    busy.isOver();
  }
}

export function loadDataset(
  lab: Pick<Lab, 'sql'>,
  dataset: Dataset,
  target: SqlTarget,
): Promise<DatasetLoad> {
  const requests = dataset.requests.map((text, i) => ({ text, line: i + 1, head: text }));
  return load(lab, { of: { id: dataset.id }, requests, isErrorTheEnd: true }, target);
}

/** A script as psql reads it. */
export async function loadScript(
  lab: Pick<Lab, 'sql'>,
  file: { readonly name: string; readonly text: string },
  target: SqlTarget,
): Promise<DatasetLoad> {
  const { scriptRequests } = await import('../../lab/sql-script.ts');
  return load(
    lab,
    { of: { file: file.name }, requests: scriptRequests(file.text), isErrorTheEnd: false },
    target,
  );
}

/** After the request that is on its way: what is loaded stays. */
export function stopDataset(): void {
  isStopped = true;
}

export const closeDataset = (): void => loadStore.setState({ load: null });

export const useDatasetLoad = (): DatasetLoad | null => useStore(loadStore, ({ load: now }) => now);
