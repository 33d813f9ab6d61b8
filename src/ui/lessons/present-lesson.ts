// A lesson on a projector: its script as a run, its steps as beats, standing at the first.

import type { Time } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import { recordLesson } from '../../lab/lesson-guide.ts';
import { goTo } from '../../state/route-store.ts';
import { selectionStore } from '../../state/selection-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import { findLens } from '../lens/registry.ts';

export async function presentLesson(lab: Lab, lesson: string, file: string | null): Promise<void> {
  const { tape, startUs, start } = await recordLesson(lesson, file);
  goTo('present');
  await lab.startTape(tape, startUs as Time);
  lab.setSpeed(start.speed);
  selectionStore.setState({ group: start.group });
  const lens = findLens(start.lens)?.id;
  if (lens !== undefined) setSettings({ lens });
}
