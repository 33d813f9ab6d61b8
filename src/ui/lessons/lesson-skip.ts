// *Skip to the end*: the rest of a lesson by its script, found ahead by the guide and done by the lab stop by stop.

import type { Time } from '../../base/ids.ts';
import { changeSession } from '../../state/lesson-store.ts';
import { type Going, keepSpoken, sessionNow, stopReading } from './lesson-going.ts';

export async function skipToEnd(going: Going): Promise<void> {
  const { lab, guide, lesson } = going;
  stopReading(going);
  const now = sessionNow();
  if (now === null) return;
  const from = now.next;
  changeSession({
    phase: 'skipping',
    asked: null,
    did: null,
    question: null,
    compared: null,
    free: null,
    byScript: true,
  });
  lab.pause();
  await lab.stopAt(null);
  going.stop = null;
  await guide.follow(await lab.liveTape(), lab.run().liveTime);
  const outcome = await guide.script(from);
  const met = new Set<string>();
  for (const { step, until, lines, spoken } of outcome.steps) {
    await lab.runTo(until as Time);
    if (lines.length > 0) await lab.actAll(lines);
    const index = lesson.steps.findIndex(({ id }) => id === step);
    if (spoken !== null) keepSpoken(index, met.has(step) ? 'reveal' : 'step', spoken);
    met.add(step);
  }
  going.taped = lab.run().taped;
  for (const [id, truth] of outcome.truths) {
    const step = sessionNow()?.lesson.steps.find((one) => one.id === id);
    if (step?.kind !== 'predict') continue;
    const results = sessionNow()?.results ?? new Map();
    changeSession({ results: new Map([...results, [id, { step, given: null, truth, grade: null }]]) });
  }
  changeSession({ phase: 'done', passed: outcome.passed, next: lesson.steps.length });
}
