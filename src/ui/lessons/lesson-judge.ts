// Pass/fail evaluation of a lesson, and progress of its challenge.

import { changeSession, recordProgress } from '../../state/lesson-store.ts';
import { type Going, sessionNow } from './lesson-going.ts';

/** Whether it is passed; `isEnd`: the person is through. */
export async function judge(going: Going, isEnd: boolean): Promise<void> {
  const { lab, guide, lesson, file } = going;
  await guide.follow(await lab.liveTape(), lab.run().liveTime);
  const passed = await guide.passed();
  changeSession({ passed, ...(isEnd ? { phase: 'done' } : {}) });
  if (passed && file === null && sessionNow()?.byScript !== true) recordProgress(lesson.id, { passed: true });
}

export async function checkChallenge(going: Going): Promise<void> {
  const { lab, guide, lesson, file } = going;
  const now = sessionNow();
  if (now?.challenge == null || now.challenge.met) return;
  const { liveTime } = lab.run();
  await guide.follow(await lab.liveTape(), liveTime);
  const { met, faults } = await guide.challenge(now.challenge.beganTaped);
  const ms = (liveTime - now.challenge.beganAt) / 1000;
  const challenge = { ...now.challenge, met, faults, ms };
  changeSession({ challenge });
  if (!met) return;
  lab.pause();
  const budget = lesson.challenge?.budget;
  if (budget !== undefined && faults <= budget.faults && ms <= budget.ms && file === null)
    recordProgress(lesson.id, { best: { faults, ms, hints: challenge.hints } });
}
