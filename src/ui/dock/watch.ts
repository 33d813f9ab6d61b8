// psql's \watch: a statement again and again, each so many virtual seconds after the one before was asked, while time passes; until a
// person ends it or it fails.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Lab } from '../../lab/api.ts';
import { runSql, type SqlTarget } from './sql-store.ts';

interface Watching {
  readonly text: string;
  readonly seconds: number;
}

const watchStore = createStore<{ readonly watching: Watching | null }>(() => ({ watching: null }));

/** Until the picture is of this time or later; false: another or no watch is under way before. */
function untilTime(lab: Lab, time: number, own: Watching): Promise<boolean> {
  return new Promise((resolve) => {
    const leave: (() => void)[] = [];
    const end = (isTime: boolean): void => {
      for (const one of leave) one();
      resolve(isTime);
    };
    leave.push(
      watchStore.subscribe(({ watching }) => {
        if (watching !== own) end(false);
      }),
      lab.subscribe({
        onFrame: (frame) => {
          if (frame.time >= time) end(true);
        },
      }),
    );
  });
}

export async function startWatch(lab: Lab, text: string, seconds: number, target: SqlTarget): Promise<void> {
  const own: Watching = { text, seconds };
  watchStore.setState({ watching: own });
  for (;;) {
    const run = await runSql(lab, { text, target, runToReply: false });
    const isFailed = run.outcome === null || run.outcome.result.outcome !== 'ok';
    if (isFailed || watchStore.getState().watching !== own) break;
    if (!(await untilTime(lab, run.askedAt + seconds * 1_000_000, own))) return;
  }
  if (watchStore.getState().watching === own) endWatch();
}

export const endWatch = (): void => watchStore.setState({ watching: null });

export const useWatching = (): Watching | null => useStore(watchStore, ({ watching }) => watching);
