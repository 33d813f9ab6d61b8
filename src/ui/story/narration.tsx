// The second polite region: what is read out beside the caption. When time stands, every step at once; else at most one
// text in one and a half seconds, merged.

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { onNewEvents } from '../../state/new-events-store.ts';
import { runStore } from '../../state/run-store.ts';
import { settingsStore } from '../../state/settings-store.ts';
import { t, useT } from '../i18n/i18n.ts';
import type { Moment } from './caption-table.ts';
import { narrate } from './narrate.ts';
import { storyStore, timeStands } from './story-store.ts';

const INTERVAL_MS = 1500;
/** Moments kept for the next text. */
const WAITING = 200;

export function Narration(): ReactNode {
  const tr = useT();
  const [text, setText] = useState('');
  const waiting = useRef<Moment[]>([]);
  useEffect(() => {
    let saidAt = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const say = (shown: string | null): void => {
      timer = null;
      saidAt = performance.now();
      const said = narrate(waiting.current, settingsStore.getState().narration, shown, t);
      waiting.current = [];
      if (said !== '') setText(said);
    };
    const stop = onNewEvents(({ events, jumped }) => {
      const { flow } = storyStore.getState();
      if (flow === null || runStore.getState().run?.mode === 'BOOTING') return;
      const fresh = events.map((listed) => ({ listed, story: flow.story }));
      waiting.current = (jumped ? fresh : [...waiting.current, ...fresh]).slice(-WAITING);
      const { narration } = settingsStore.getState();
      if (timeStands()) {
        if (timer !== null) clearTimeout(timer);
        const shown = flow.shown?.kind ?? null;
        // A step is read out whole, whatever the level: it was asked for.
        const said = narrate(fresh, narration === 'beats' ? 'meaningful' : narration, shown, t);
        waiting.current = [];
        timer = null;
        if (said !== '') setText(said);
        return;
      }
      // Milestones are the captions' own; they are read from there.
      if (narration === 'off' || narration === 'beats') {
        waiting.current = [];
        return;
      }
      const wait = saidAt + INTERVAL_MS - performance.now();
      if (wait <= 0) say(flow.shown?.kind ?? null);
      else timer ??= setTimeout(() => say(storyStore.getState().flow?.shown?.kind ?? null), wait);
    });
    // What was read out of a run is not said of another one.
    const forget = storyStore.subscribe(({ flow }) => {
      if (flow !== null) return;
      waiting.current = [];
      setText('');
    });
    return () => {
      stop();
      forget();
      if (timer !== null) clearTimeout(timer);
    };
  }, []);
  return (
    <div role="log" aria-live="polite" aria-label={tr('narration.region')} className="sr-only" data-narration>
      {text}
    </div>
  );
}
