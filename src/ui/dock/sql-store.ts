// History of the SQL console: newest last, kept while the page lives. Statements themselves are on the tape.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { messageOf } from '../../base/thrown.ts';
import { readersOf } from '../../core/kernel/attachments.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Lab, SqlOutcome } from '../../lab/api.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { isPartOf, type SeenAt, seenNow, useOfRun } from '../../state/of-run.ts';
import { driversOf } from '../../state/role-views.ts';
import { rememberStatement } from '../../state/statement-texts.ts';
import { volumeNames } from '../model/volumes.ts';
import { remember } from './sql-history.ts';

/** Runs kept for the list; older ones are dropped. */
const historyLimit = 50;
/** The console's session; in a volume that is not the first its name says which (`console@v2`). */
const consoleSession = 'console';

/** To whom statements go: a driver, and the volume that it asks, or one reader of it; a session of its own for each. */
export interface SqlTarget {
  readonly driver: string;
  readonly volume: string;
  /** The volume is the cluster's first. */
  readonly isFirst: boolean;
  /** Null: as the driver sends them. */
  readonly reader: string | null;
}

export function sessionOf({ volume, isFirst, reader }: SqlTarget): string {
  if (reader !== null) return `${consoleSession}-${reader}`;
  return isFirst ? consoleSession : `${consoleSession}@${volume}`;
}

export const isSameTarget = (a: SqlTarget, b: SqlTarget): boolean =>
  a.driver === b.driver && sessionOf(a) === sessionOf(b);

/** Every driver with every volume and every reader, as the picture knows them; where rows are placed by their keys a driver finds the volume itself. */
export function sqlTargets(
  cluster: ClusterSpec,
  nodes: Readonly<Record<string, NodeFrame>>,
): readonly SqlTarget[] {
  const volumes = cluster.placement === undefined ? volumeNames(cluster, nodes) : [cluster.volume];
  const { volume: first } = cluster;
  return driversOf(cluster).flatMap((driver) => [
    ...volumes.map((volume) => ({ driver, volume, isFirst: volume === first, reader: null })),
    ...readersOf(cluster).map((reader) => ({ driver, volume: first, isFirst: true, reader })),
  ]);
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
  /** Targets whose answers are awaited. */
  readonly busy: readonly SqlTarget[];
  /** Sessions that go to their reader, and where that was said. */
  readonly aimed: readonly { readonly target: SqlTarget; readonly seen: SeenAt }[];
  /** `d1 v1`, as chosen; null: the first there is. */
  readonly chosen: string | null;
}

export const sqlStore = createStore<SqlState>(() => ({
  runs: [],
  draft: '',
  busy: [],
  aimed: [],
  chosen: null,
}));

/** Until `isOver` is called no other statement goes to it. */
export function markBusy(target: SqlTarget): { readonly isOver: () => void } {
  sqlStore.setState(({ busy }) => ({ busy: [...busy, target] }));
  return { isOver: () => sqlStore.setState(({ busy }) => ({ busy: busy.filter((one) => one !== target) })) };
}

/** READ-46: an action on the tape before the first statement that goes to a reader. */
async function aim(lab: Lab, target: SqlTarget): Promise<void> {
  const { run } = seenNow();
  const { aimed } = sqlStore.getState();
  if (aimed.some((one) => isSameTarget(one.target, target) && isPartOf(one.seen, run))) return;
  const done = await lab.act(`session ${target.driver} ${sessionOf(target)} ${target.reader} session`);
  if (!done.ok) throw new Error(done.error);
  const seen = { run: seenNow().run, time: done.at };
  sqlStore.setState({ aimed: [...aimed, { target, seen }].slice(-historyLimit) });
}

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
  let asked = seenNow();
  const put = (came: Pick<SqlRun, 'outcome' | 'failure'>): SqlRun => {
    const now = seenNow();
    const time = Math.max(asked.time + (came.outcome?.latencyUs ?? 0), now.run === asked.run ? now.time : 0);
    const run = { id, text, target, ...came, seen: { run: asked.run, time } };
    sqlStore.setState(({ runs }) => ({
      runs: [...runs.filter((known) => known.id !== id), run].slice(-historyLimit),
    }));
    return run;
  };
  const busy = markBusy(target);
  try {
    if (target.reader !== null) await aim(lab, target);
    // Whoever asks leaves the past first: what is shown from then on is what is asked.
    const answer = lab.sql(sessionOf(target), text, { runToReply, driver: target.driver });
    asked = seenNow();
    put({ outcome: null, failure: null });
    const outcome = await answer;
    rememberStatement(outcome.requestId, text);
    return put({ outcome, failure: null });
  } catch (error) {
    return put({ outcome: null, failure: messageOf(error) });
  } finally {
    busy.isOver();
  }
}

/** Those that were answered in the past of what is shown. */
export const useSqlRuns = (): readonly SqlRun[] => useOfRun(useStore(sqlStore, (state) => state.runs));
export const useSqlChosen = (): string | null => useStore(sqlStore, (state) => state.chosen);
/** This target's answer is awaited. */
export const useSqlBusy = (target: SqlTarget | null): boolean =>
  useStore(sqlStore, ({ busy }) => target !== null && busy.some((one) => isSameTarget(one, target)));
