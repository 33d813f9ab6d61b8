// Steps forwards and back, one after the other however quickly they are asked for: each begins where the last one ended.
// As many steps back lead to exactly where one was, unless the run went elsewhere meanwhile.

import type { StepSize } from './api.ts';
import type { LabCore } from './lab-core.ts';
import type { PastSide } from './lab-past.ts';

const minRankOf = (size: StepSize): number => ({ every: 0, meaningful: 2, milestones: 3 })[size];

export interface LabSteps {
  step(size: StepSize): Promise<void>;
  back(size: StepSize): Promise<void>;
  /** Goes to a place in the past; the steps before led elsewhere. */
  seek(time: number): Promise<void>;
  /** The run goes on by itself: the steps before lead nowhere. */
  forget(): void;
}

/** `toMilestone` lets the live cluster run to its next milestone. */
export function makeLabSteps(core: LabCore, past: PastSide, toMilestone: () => Promise<unknown>): LabSteps {
  const { replayLink, enterReview, isEntering, leavePast } = past;
  /** Times stood at before each step; one that was asked for before a seek leaves its mark on the trail of before. */
  let trail: number[] = [];
  let turn: Promise<void> = Promise.resolve();

  const inTurn = (own: number[], act: () => Promise<void>): Promise<void> => {
    // What was asked for before the run went elsewhere is not done there.
    const mine = turn.then(() => (own === trail ? act() : undefined));
    turn = mine.catch(() => undefined); // who asked gets the error
    return mine;
  };

  /** Where the run stands: its picture may still be on its way. */
  const standsAt = (): number =>
    (core.past.kind === 'none' ? core.live?.time : undefined) ?? core.frame?.time ?? 0;

  const take = async (size: StepSize): Promise<void> => {
    if (core.past.kind === 'none') {
      if (size === 'milestones') await toMilestone();
      else await core.fabric?.ask((id) => ({ kind: 'step', id, size }));
      return;
    }
    const minRank = minRankOf(size);
    const found = await replayLink().ask<boolean>((id) => ({ kind: 'step', id, minRank }));
    if (!found && core.past.kind === 'review') leavePast();
  };

  const stepOnce = async (size: StepSize, own: number[]): Promise<void> => {
    const stood = standsAt();
    own.push(stood);
    try {
      await take(size);
    } catch (error) {
      if (own.at(-1) === stood) own.pop(); // not taken: nothing to go back over
      throw error;
    }
  };

  const backOnce = async (size: StepSize, own: number[]): Promise<void> => {
    const stood = standsAt();
    const before = own.pop();
    await enterReview(null);
    if (core.past.kind === 'none') return;
    if (before !== undefined && before < stood)
      await replayLink().ask((id) => ({ kind: 'seek', id, time: before }));
    else await replayLink().ask((id) => ({ kind: 'back', id, minRank: minRankOf(size) }));
  };

  return {
    // A milestone may be far away, or never come: what seeks it can be paused, and holds nobody up.
    step(size) {
      const own = trail;
      return size === 'milestones' ? stepOnce(size, own) : inTurn(own, () => stepOnce(size, own));
    },
    back(size) {
      const own = trail;
      return inTurn(own, () => backOnce(size, own));
    },
    async seek(time) {
      trail = [];
      if (core.past.kind === 'none' && isEntering() === null) return enterReview(time);
      await isEntering();
      if (core.past.kind !== 'none') await replayLink().ask((id) => ({ kind: 'seek', id, time }));
    },
    forget() {
      trail = [];
    },
  };
}
