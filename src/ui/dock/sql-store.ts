// History of the SQL console: newest last, kept while the page lives. Statements themselves are on the tape.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { messageOf } from '../../base/thrown.ts';
import type { ClusterSpec } from '../../core/kernel/door.ts';
import type { Lab, SqlOutcome } from '../../lab/api.ts';
import type { NodeFrame } from '../../sim/frame.ts';
import { type SeenAt, seenNow, useOfRun } from '../../state/of-run.ts';
import { driversOf } from '../../state/role-views.ts';
import { volumeNames } from '../model/volumes.ts';
import { remember } from './sql-history.ts';

/** Runs kept for the list; older ones are dropped. */
const historyLimit = 50;
/** The console's session; in a volume that is not the first its name says which (`console@v2`). */
const consoleSession = 'console';

/** To whom statements go: a driver, and the volume whose writer it asks. */
export interface SqlTarget {
  readonly driver: string;
  readonly volume: string;
  /** The volume is the cluster's first. */
  readonly isFirst: boolean;
}

export const sessionOf = ({ volume, isFirst }: SqlTarget): string =>
  isFirst ? consoleSession : `${consoleSession}@${volume}`;

/** Every driver with every volume, as the picture knows them; where rows are placed by their keys a driver finds the volume itself. */
export function sqlTargets(
  cluster: ClusterSpec,
  nodes: Readonly<Record<string, NodeFrame>>,
): readonly SqlTarget[] {
  const volumes = cluster.placement === undefined ? volumeNames(cluster, nodes) : [cluster.volume];
  return driversOf(cluster).flatMap((driver) =>
    volumes.map((volume) => ({ driver, volume, isFirst: volume === cluster.volume })),
  );
}

export interface SqlRun {
  readonly id: number;
  /** The run that it was sent to, and when its answer was there. */
  readonly seen: SeenAt;
  readonly text: string;
  readonly target: SqlTarget;
  readonly outcome: SqlOutcome | null;
  readonly failure: string | null;
}

interface SqlState {
  readonly runs: readonly SqlRun[];
  readonly draft: string;
  /** The target whose answer is awaited. */
  readonly busy: SqlTarget | null;
  /** `d1 v1`, as chosen; null: the first there is. */
  readonly chosen: string | null;
}

export const sqlStore = createStore<SqlState>(() => ({ runs: [], draft: '', busy: null, chosen: null }));

let lastId = 0;

interface Statement {
  readonly text: string;
  readonly target: SqlTarget;
  readonly runToReply: boolean;
}

export async function runSql(lab: Lab, { text, target, runToReply }: Statement): Promise<SqlRun> {
  lastId += 1;
  const id = lastId;
  remember(text);
  // Whoever asks leaves the past first: what is shown from then on is what is asked.
  const answer = lab.sql(sessionOf(target), text, { runToReply, driver: target.driver });
  const asked = seenNow();
  const put = (came: Pick<SqlRun, 'outcome' | 'failure'>): SqlRun => {
    const now = seenNow();
    const time = Math.max(asked.time + (came.outcome?.latencyUs ?? 0), now.run === asked.run ? now.time : 0);
    const run = { id, text, target, ...came, seen: { run: asked.run, time } };
    sqlStore.setState(({ runs }) => ({
      runs: [...runs.filter((known) => known.id !== id), run].slice(-historyLimit),
    }));
    return run;
  };
  put({ outcome: null, failure: null });
  sqlStore.setState({ busy: target });
  try {
    return put({ outcome: await answer, failure: null });
  } catch (error) {
    return put({ outcome: null, failure: messageOf(error) });
  } finally {
    sqlStore.setState({ busy: null });
  }
}

/** Those that were answered in the past of what is shown. */
export const useSqlRuns = (): readonly SqlRun[] => useOfRun(useStore(sqlStore, (state) => state.runs));
export const useSqlChosen = (): string | null => useStore(sqlStore, (state) => state.chosen);
export const useSqlBusy = (): SqlTarget | null => useStore(sqlStore, (state) => state.busy);
