// The way from beat to beat of the run that is shown: forwards it plays to the next one and stands there, backwards it looks at the
// past. Pressed again on the way it goes there at once. Past that is played again goes over into the live run where it ends.

import type { Time } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import { beatAt } from '../../sim/beat.ts';

export interface BeatSteps {
  next(): Promise<void>;
  previous(): Promise<void>;
  /** To the beat that was left last, where it stands. */
  backToBeat(): Promise<void>;
  goTo(at: Time): Promise<void>;
  close(): void;
}

export function makeBeatSteps(lab: Lab): BeatSteps {
  /** The beat that it is on the way to. */
  let goal: Time | null = null;

  const shownTime = (): number => lab.frame()?.time ?? 0;
  const isLive = (): boolean => ['LIVE', 'PAUSED'].includes(lab.run().mode);

  const stand = async (): Promise<void> => {
    goal = null;
    lab.pause();
    if (isLive()) await lab.stopAt(null);
  };

  const playLive = async (at: Time): Promise<void> => {
    await lab.stopAt(at);
    if (goal === at) lab.play();
  };

  const goTo = async (at: Time): Promise<void> => {
    await stand();
    const { liveTime, isReplay } = lab.run();
    if (at === shownTime()) return;
    if (at <= liveTime || isReplay) return lab.seek(at);
    lab.returnToLive();
    await stand();
    await lab.runTo(at);
  };

  const travel = async (at: Time): Promise<void> => {
    goal = at;
    if (isLive()) await playLive(at);
    else lab.play();
  };

  /** Whether it has come to the beat, or to where the past ends and the live run goes on. */
  const look = (): void => {
    if (goal === null) return;
    const at = goal;
    const { mode, liveTime, playing } = lab.run();
    if (isLive()) {
      if (liveTime >= at) void stand();
    } else if (shownTime() >= at) void goTo(at);
    else if (mode === 'REVIEW' && !playing && shownTime() >= liveTime) {
      lab.returnToLive();
      void playLive(at);
    }
  };
  const end = lab.subscribe({ onFrame: look, onRun: look });

  return {
    async next() {
      const { marks } = lab.run();
      if (goal !== null) return goTo(goal);
      const next = marks[beatAt(marks, shownTime()) + 1];
      if (next !== undefined) await travel(next.at);
    },
    async previous() {
      const { marks, playing } = lab.run();
      const index = beatAt(marks, shownTime());
      const here = marks[index];
      const isThere = here?.at === shownTime() && !playing;
      const to = isThere ? marks[index - 1] : here;
      if (to !== undefined) await goTo(to.at);
    },
    async backToBeat() {
      const { marks } = lab.run();
      const here = marks[beatAt(marks, shownTime())];
      await (here === undefined ? stand() : goTo(here.at));
    },
    goTo,
    close() {
      end();
      if (goal !== null && isLive()) void lab.stopAt(null);
      goal = null;
    },
  };
}
