// Twins live in the replay worker, and with the page. What was done to one is reported to the lab's storage as it is done, so that it is
// found in Runs when the page is reloaded or killed, or another run takes the place of the one that it left.

import type { BranchId, BranchState } from '../host/branches.ts';
import type { FabricRequest } from '../host/fabric-messages.ts';

/** Wall ms between two reports of how far the same twins have come; the last one is always sent. */
const FAR_MS = 1000;

export interface TwinKeeping {
  /** The twins of a run, as the replay worker has them now. */
  tell(runId: string, branches: readonly BranchState[]): void;
  /** A person has no use for it any more, or it is about to become the live run. */
  drop(runId: string, twin: BranchState): void;
}

interface Reported {
  readonly lines: string;
  readonly until: number;
  /** Wall ms. */
  readonly at: number;
}

export function makeTwinKeeping(
  send: (request: Extract<FabricRequest, { kind: 'twin' | 'dropTwin' }>) => void,
  now: () => number = () => performance.now(),
): TwinKeeping {
  const known = new Map<BranchId, Reported>();
  const waiting = new Map<BranchId, ReturnType<typeof setTimeout>>();

  const forget = (id: BranchId): void => {
    clearTimeout(waiting.get(id));
    waiting.delete(id);
    known.delete(id);
  };

  const tellOne = (runId: string, { id, fork, time, ofMain, beyondMain }: BranchState): void => {
    if (fork === null) return;
    const lines = `${runId} ${fork.at} ${ofMain}\n${beyondMain.join('\n')}`;
    const before = known.get(id);
    if (before?.lines === lines && before.until === time) return;
    // Nothing was ever done to it: there is nothing to keep.
    if (before === undefined && beyondMain.length === 0) return;
    clearTimeout(waiting.get(id));
    const say = (): void => {
      known.set(id, { lines, until: time, at: now() });
      send({
        kind: 'twin',
        runId,
        branch: id,
        at: fork.at,
        until: time,
        inherited: ofMain,
        lines: beyondMain,
      });
    };
    const wait = before?.lines === lines ? before.at + FAR_MS - now() : 0;
    if (wait > 0) waiting.set(id, setTimeout(say, wait));
    else say();
  };

  return {
    tell(runId, branches) {
      for (const branch of branches) tellOne(runId, branch);
      for (const id of [...known.keys()]) if (!branches.some((branch) => branch.id === id)) forget(id);
    },
    drop(runId, { id, fork }) {
      if (!known.has(id) || fork === null) return;
      forget(id);
      send({ kind: 'dropTwin', runId, branch: id, at: fork.at });
    },
  };
}
