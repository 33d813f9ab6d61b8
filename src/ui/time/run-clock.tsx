// The run's clock and counts of steps of the picture that is shown. Written straight into the elements, past React, and as
// often as digits can be read.

import { type ReactNode, useEffect, useRef } from 'react';
import { newestFrame } from '../../state/frame-store.ts';
import { runStore } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { clockText, groupDigits } from '../kit/format.ts';

/** Wall ms between two writings. */
const writeMs = 66;

export function RunClock(): ReactNode {
  const t = useT();
  const clock = useRef<HTMLOutputElement>(null);
  const count = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    const write = (): void => {
      const { frame } = newestFrame();
      const time = clockText(frame?.time ?? 0);
      const shown = frame?.events ?? 0;
      const { run } = runStore.getState();
      // A replay or a twin has as many as were shown of it: the live cluster's are none of theirs.
      const isLive = run !== null && !run.isReplay && run.shown === 'main';
      const all = isLive ? Math.max(shown, run.liveEvents) : shown;
      const events = `${groupDigits(shown)} / ${groupDigits(all)}`;
      if (clock.current !== null && clock.current.textContent !== time) clock.current.textContent = time;
      if (count.current !== null && count.current.textContent !== events) count.current.textContent = events;
    };
    write();
    // Not by animation frames: whoever asks for each keeps the browser drawing while nothing changes.
    const timer = setInterval(write, writeMs);
    return () => clearInterval(timer);
  }, []);
  return (
    // Where the bar is narrow the events stand below the time.
    <span className="flex flex-none items-baseline gap-2 max-[1900px]:flex-col max-[1900px]:gap-0">
      <output
        ref={clock}
        aria-live="off"
        aria-label={t('toolbar.time')}
        className="mono min-w-[132px] flex-none text-[16px] leading-6 font-semibold max-[1900px]:leading-5"
      />
      <span
        data-readout="events"
        className="mono flex-none text-[13px] text-muted max-[1900px]:text-[12px] max-[1900px]:leading-4"
      >
        <span title={t('toolbar.stepsNote')}>{t('toolbar.steps')}</span>{' '}
        <output ref={count} aria-live="off" aria-label={t('toolbar.steps')} title={t('toolbar.stepsNote')} />
      </span>
    </span>
  );
}
