// Time travel beyond the past: twins in the replay worker, undo and redo on branches, kept runs, search. The replay
// worker makes a world, the fabric worker takes it over; the page only passes the port between them.

import { messageOf } from '../base/thrown.ts';
import type { BranchId } from '../host/branches.ts';
import type { SearchResult } from '../host/event-search.ts';
import type { ReplayRequest } from '../host/replay-messages.ts';
import type { ChangePlan, ChangeReason } from '../host/run-plan.ts';
import type { RunsState } from '../host/run-records.ts';
import type { Density } from '../run-model/recorder/density.ts';
import { isTwinShown, type LabCore, placeOf } from './lab-core.ts';
import type { PastSide } from './lab-past.ts';
import type { Done, TimeApi } from './time-api.ts';

export function makeTimeSide(core: LabCore, past: PastSide): TimeApi {
  const { replayLink, enterReview, leavePast } = past;

  const attempt = async <T extends object>(work: () => Promise<T>): Promise<Done<T>> => {
    try {
      return { ok: true, ...(await work()) };
    } catch (error) {
      return { ok: false, error: messageOf(error) };
    }
  };

  /** What is shown, or the live cluster as of now, is in the replay worker. */
  const enterPast = async (): Promise<void> => {
    if (core.past.kind === 'none') await enterReview(null);
    if (core.past.kind === 'none') throw new Error('there is no run to fork');
  };

  /** The replay worker makes the world, the fabric worker goes on from it; `kept`: a keyframe of the fabric worker's own. */
  const change = async (
    tape: Extract<ReplayRequest, { kind: 'handOver' }>['tape'] | 'kept',
    reason: ChangeReason,
  ): Promise<void> => {
    const fabric = core.owner();
    fabric.tell({ kind: 'pause' });
    if (tape === 'kept') await fabric.ask((id) => ({ kind: 'change', id, port: null, reason }));
    else {
      const { port1, port2 } = new MessageChannel();
      await replayLink().ask((id) => ({ kind: 'handOver', id, port: port1, tape }), [port1]);
      await fabric.ask((id) => ({ kind: 'change', id, port: port2, reason }), [port2]);
    }
    leavePast();
    fabric.tell({ kind: 'view', params: core.view });
  };

  /** Makes what a plan says; live goes on as it did before. */
  const follow = async (
    plan: ChangePlan | null,
    reason: ChangeReason,
    none: string,
  ): Promise<{ line: string }> => {
    if (plan === null) throw new Error(none);
    const wasPlaying = core.live?.playing ?? false;
    try {
      await change(plan.hasKeyframe ? 'kept' : { text: plan.text, time: plan.time }, reason);
    } finally {
      if (wasPlaying) core.fabric?.tell({ kind: 'play' });
    }
    return { line: plan.line };
  };

  const undoTwin = async (): Promise<{ line: string }> => {
    const line = await replayLink().ask<string | null>((id) => ({ kind: 'undo', id }));
    if (line === null) throw new Error('nothing was done to this twin');
    return { line };
  };

  return {
    fork: () =>
      attempt(async () => {
        await enterPast();
        const branch = await replayLink().ask<BranchId>((id) => ({ kind: 'fork', id }));
        const at = core.branches.find(({ id }) => id === branch)?.time ?? core.frame?.time;
        if (at === undefined) throw new Error('the twin does not stand anywhere');
        return { branch, at };
      }),
    async showBranch(id) {
      await enterPast();
      await replayLink().ask((ask) => ({ kind: 'show', id: ask, branch: id }));
    },
    async dropTwin(branch) {
      past.dropKept(branch);
      await replayLink().ask((id) => ({ kind: 'drop', id, branch }));
      core.showOther(null);
    },
    compareWith(branch) {
      if (branch === null) core.showOther(null);
      core.replay?.tell({ kind: 'against', branch });
    },
    makeLive: () =>
      attempt(async () => {
        const { shown } = placeOf(core);
        const twin = core.branches.find(({ id }) => id === shown);
        if (core.past.kind === 'none' || twin?.fork == null) throw new Error('no twin is shown');
        const reason = {
          kind: 'twin',
          at: twin.fork.at,
          line: twin.own[0] ?? null,
          isOurs: core.past.kind === 'review',
        } as const;
        past.dropKept(shown);
        await change(null, reason);
        await replayLink().ask((id) => ({ kind: 'drop', id, branch: shown }));
        return {};
      }),
    undo: () =>
      attempt(async () => {
        if (isTwinShown(core)) return undoTwin();
        const fabric = core.owner();
        leavePast();
        const plan = await fabric.ask<ChangePlan | null>((id) => ({ kind: 'undoPlan', id }));
        return follow(plan, { kind: 'undo', line: plan?.line ?? '' }, 'nothing was done to this run');
      }),
    redo: () =>
      attempt(async () => {
        const fabric = core.owner();
        leavePast();
        const plan = await fabric.ask<ChangePlan | null>((id) => ({ kind: 'redoPlan', id }));
        return follow(plan, { kind: 'redo' }, 'nothing was undone');
      }),
    cancelWork(id) {
      if (id === 'until') {
        core.fabric?.tell({ kind: 'pause' });
        core.replay?.tell({ kind: 'pause' });
      } else core.replay?.tell({ kind: 'cancel' });
    },
    async search(query) {
      await enterPast();
      return replayLink().ask<SearchResult>((id) => ({ kind: 'search', id, query }));
    },
    async seekEvent(index) {
      await enterPast();
      return replayLink().ask<boolean>((id) => ({ kind: 'seekEvent', id, index }));
    },
    density: () =>
      core.past.kind === 'replay' || isTwinShown(core)
        ? replayLink().ask<Density>((id) => ({ kind: 'density', id }))
        : core.ask<Density>((id) => ({ kind: 'density', id })),
    runs: () => core.ask<RunsState>((id) => ({ kind: 'runs', id })),
    renameRun: (runId, name) => {
      const change = { name: name.trim() === '' ? null : name.trim() };
      return core.ask((id) => ({ kind: 'changeRecord', id, runId, change }));
    },
    setMarks: (marks) =>
      core.ask((id) => ({
        kind: 'changeRecord',
        id,
        runId: core.live?.runId ?? '',
        change: { marks },
      })),
    pinRun: (runId, isPinned) =>
      core.ask((id) => ({ kind: 'changeRecord', id, runId, change: { isPinned } })),
    deleteRun: (runId) => core.ask((id) => ({ kind: 'deleteRun', id, runId })),
    openRun: (runId) =>
      attempt(async () => {
        leavePast();
        const plan = await core.owner().ask<ChangePlan | null>((id) => ({ kind: 'keptPlan', id, runId }));
        await follow(plan, { kind: 'open', runId }, 'there is no such run');
        // Its twins, if it had any, were of another time.
        core.dropPast();
        core.notifyRun();
        return {};
      }),
  };
}
