// A presentation in the tab that drives the run: the steps from beat to beat, and the link to its audience windows. Begun once for
// the page, so that an audience goes on while the presenter looks at the lab itself.

import type { Lab } from '../../lab/api.ts';
import { beatAt, readBeat } from '../../sim/beat.ts';
import { settingsStore } from '../../state/settings-store.ts';
import { currentLanguage } from '../i18n/i18n.ts';
import { type BeatSteps, makeBeatSteps } from './beat-steps.ts';
import {
  keepStage,
  lensOf,
  openChannel,
  restoreStage,
  type Stage,
  type StageKey,
  setStage,
  stageStore,
} from './stage-state.ts';

/** Wall ms between two presses of Escape that are one. */
const TWICE_MS = 800;

export interface Presenting {
  readonly steps: BeatSteps;
  press(key: StageKey): void;
}

const fullNext = { map: 'lens', lens: null, none: 'map' } as const;

/** Everything as on an audience's first sight, at the beat that was left last: whatever went wrong. */
function panic(steps: BeatSteps): void {
  setStage({ full: null, isBlank: false, asked: null, pointer: null });
  void steps.backToBeat();
}

function makePress(steps: BeatSteps): (key: StageKey) => void {
  let escapedAt = Number.NEGATIVE_INFINITY;
  const onEscape = (): void => {
    const now = performance.now();
    if (now - escapedAt < TWICE_MS) panic(steps);
    escapedAt = now;
  };
  return (key) => {
    const { isBlank, full } = stageStore.getState();
    switch (key) {
      case 'next':
        setStage({ isBlank: false, asked: null });
        return void steps.next();
      case 'previous':
        setStage({ isBlank: false, asked: null });
        return void steps.previous();
      case 'blank':
        return setStage({ isBlank: !isBlank });
      case 'full':
        return setStage({ full: fullNext[full ?? 'none'] });
      case 'escape':
        return onEscape();
    }
  };
}

/** The title of the beat at which the run stands, or which it has left last. */
function titleNow(lab: Lab): Stage['title'] {
  const { marks } = lab.run();
  const mark = marks[beatAt(marks, lab.frame()?.time ?? 0)];
  const title = mark === undefined ? null : readBeat(mark).title;
  return title === null || title.en + title.zh === '' ? null : title;
}

function followTitle(lab: Lab): void {
  let shown = JSON.stringify(stageStore.getState().title);
  const look = (): void => {
    const title = titleNow(lab);
    const text = JSON.stringify(title);
    if (text === shown) return;
    shown = text;
    setStage({ title });
  };
  lab.subscribe({ onFrame: look, onRun: look });
}

const presentings = new WeakMap<Lab, Presenting>();

export function presentingOf(lab: Lab): Presenting {
  const known = presentings.get(lab);
  if (known !== undefined) return known;
  const steps = makeBeatSteps(lab);
  const press = makePress(steps);
  const presenting = { steps, press };
  presentings.set(lab, presenting);
  setStage({ language: currentLanguage() });
  restoreStage();
  const channel = openChannel(lab.run().lab, (message) => {
    if (message.key !== null) press(message.key);
    else if (message.stage === null) channel.post({ stage: stageStore.getState(), key: null });
  });
  followTitle(lab);
  stageStore.subscribe((stage) => {
    keepStage(stage);
    channel.post({ stage, key: null });
  });
  settingsStore.subscribe(({ lens }, before) => {
    if (lens !== before.lens) setStage({ lens });
  });
  // Of an audience that was there before this tab was reloaded the lens is kept; said at once, whoever listens.
  const lens = settingsStore.getState().lens ?? lensOf(stageStore.getState());
  settingsStore.setState({ lens });
  setStage({ lens });
  return presenting;
}
