// A link that leads to a moment of a run (link-moment.ts): it stands there, with the step at hand. One that leads to a
// violation stands a few meaningful events before it, in the lens that explains it, with what it is about selected.

import type { Time } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import { onNewEvents } from '../../state/new-events-store.ts';
import { routeStore } from '../../state/route-store.ts';
import { selectNode } from '../../state/selection-store.ts';
import { type LensId, settingsStore } from '../../state/settings-store.ts';
import { t } from '../i18n/i18n.ts';
import '../../words/story/until.en.json';
import { showToast } from '../kit/toast.ts';
import { lensOfRule, showPartOf } from '../lens/lens-of-kind.ts';
import { lensesNow } from '../lens/registry.ts';
import { showLens } from '../model/show-lens.ts';
import { findRule } from '../rules/registry.ts';
import { goToEvent } from '../time/go-to-event.ts';
import { searchStore } from '../time/search-store.ts';
import { readMoment } from './link-moment.ts';
import { storyStore } from './story-store.ts';

/** Meaningful instants before the violation at which the run stands. */
const BEFORE = 5;
/** Pictures of the page that the focus waits for its button. */
const FOCUS_FRAMES = 240;

/** The step's button: where one goes on from. */
export function focusStep(frames = FOCUS_FRAMES): void {
  const step = document.querySelector<HTMLButtonElement>('[data-control="step"]');
  // It is drawn, or lets itself be pressed, a moment after the run has come to stand.
  if (step === null || step.disabled) {
    if (frames > 0) requestAnimationFrame(() => focusStep(frames - 1));
    return;
  }
  step.focus();
}

/** A replay plays from its start: before that it is still being loaded. */
function whenReplayed(lab: Lab): Promise<void> {
  return new Promise((resolve) => {
    let isDone = false;
    const stop = lab.subscribe({
      onRun({ mode, playing }) {
        if (isDone || mode !== 'REPLAY' || !playing) return;
        isDone = true;
        resolve();
        // The first call comes before `subscribe` has returned.
        queueMicrotask(() => stop());
      },
    });
  });
}

/** The virtual time of the fifth meaningful instant before `at`. */
export function instantBefore(events: readonly ListedEvent[], at: number, count: number): number | null {
  const instants = [
    ...new Set(events.filter((event) => event.rank >= 2 && event.at < at).map((event) => event.at)),
  ];
  return instants.at(-count) ?? instants[0] ?? null;
}

/** A run-until looks a while ahead and no further: it is asked again until the tape ends. */
async function seekViolation(lab: Lab): ReturnType<Lab['runUntil']> {
  for (;;) {
    const before = lab.frame()?.time ?? 0;
    const result = await lab.runUntil('violation');
    if (!result.ok || result.end !== 'limit' || result.at <= before) return result;
  }
}

/** What led up to this time: a seek tells the last events before it. */
async function eventsUpTo(lab: Lab, time: number): Promise<readonly ListedEvent[]> {
  let events: readonly ListedEvent[] = [];
  const stop = onNewEvents((added) => {
    if (added.jumped) events = added.events;
  });
  await lab.seek(time as Time);
  stop();
  return events;
}

/** The lens that the link names, else the one of the rule, at its part; else the one that is there. */
function lensOfViolation(slug: string): LensId | null {
  const named = routeStore.getState().params.get('lens');
  const lenses = lensesNow();
  const rule = findRule(slug);
  const own = lenses.find(({ id }) => id === named);
  if (own !== undefined) return own.id;
  const lens = rule === undefined ? undefined : lensOfRule(rule, lenses);
  if (lens !== undefined) showPartOf(slug, lens.id);
  return lens?.id ?? settingsStore.getState().lens;
}

export async function openAtMoment(lab: Lab, at: string): Promise<void> {
  const moment = readMoment(at);
  if (moment === null) return;
  await whenReplayed(lab);
  lab.pause();
  if (moment.kind === 'violation') return openAtViolation(lab);
  if (moment.kind === 'time') await lab.seek(moment.time);
  else {
    const found = await goToEvent(lab, moment.index);
    if (found !== null) searchStore.setState({ at: found });
  }
  focusStep();
}

async function openAtViolation(lab: Lab): Promise<void> {
  // One that came before the place where a replay begins is there already.
  const isThere = (lab.frame()?.violations.length ?? 0) > 0;
  const result = isThere ? null : await seekViolation(lab);
  const violation = lab.frame()?.violations[0];
  if (result?.ok === false || violation === undefined) {
    showToast({ kind: 'error', text: t('until.limit', { condition: 'violation' }) });
    return;
  }
  storyStore.setState({ ahead: violation });
  const time = instantBefore(await eventsUpTo(lab, violation.at), violation.at, BEFORE);
  if (time !== null) await lab.seek(time as Time);
  if (violation.node !== null) selectNode(violation.node);
  showLens(lensOfViolation(violation.rule));
  focusStep();
}
