// What the story needs on the page beside the caption: the alert of a violated rule, the narration, and how a visit
// begins (a link to an event, reduced motion, a tab that was hidden).

import { type ReactNode, useEffect } from 'react';
import type { Lab } from '../../lab/api.ts';
import { isMotionReduced } from '../../state/motion.ts';
import { routeStore } from '../../state/route-store.ts';
import { settingsStore } from '../../state/settings-store.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import { Narration } from './narration.tsx';
import { focusStep, openAtMoment } from './open-at.ts';
import { ViolationAlert } from './violation-alert.tsx';
import '../../words/story/story.en.json';

/** Who asked for less motion begins with a cluster that stands, and the step at hand. */
function standStill(lab: Lab): () => void {
  let done = !isMotionReduced();
  const stop = lab.subscribe({
    onRun(run) {
      if (done || run.mode !== 'LIVE') return;
      done = true;
      lab.pause();
      focusStep();
    },
  });
  return () => {
    stop();
  };
}

function reportHidden(lab: Lab): () => void {
  let wasPlaying = false;
  const onChange = (): void => {
    if (document.visibilityState === 'hidden')
      wasPlaying = lab.run().mode === 'LIVE' && !lab.run().hasAudience;
    else if (wasPlaying) {
      wasPlaying = false;
      const { goesOn } = settingsStore.getState();
      // The lab has just learnt that the tab is seen: what goes on by that is ended at once.
      if (!goesOn) lab.pause();
      showToast({ kind: 'note', text: t(goesOn ? 'hidden.notice' : 'hidden.stays') });
    }
  };
  document.addEventListener('visibilitychange', onChange);
  return () => document.removeEventListener('visibilitychange', onChange);
}

export function StoryHost(): ReactNode {
  const lab = useLab();
  useEffect(() => {
    const at = routeStore.getState().params.get('at');
    const stops = [standStill(lab), reportHidden(lab)];
    if (at !== undefined) void openAtMoment(lab, at);
    return () => {
      for (const stop of stops) stop();
    };
  }, [lab]);
  return (
    <>
      <ViolationAlert />
      <Narration />
    </>
  );
}
