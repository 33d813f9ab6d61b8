// The run's clock and event counts. Written straight into the elements at the display's rate, past React.

import { type ReactNode, useEffect, useRef } from 'react';
import { newestFrame } from '../../state/frame-store.ts';
import { runStore } from '../../state/run-store.ts';
import { drawnTimeNow } from '../../state/view-clock.ts';
import { useT } from '../i18n/i18n.ts';
import { clockText, groupDigits } from '../kit/format.ts';

export function RunClock(): ReactNode {
  const t = useT();
  const clock = useRef<HTMLOutputElement>(null);
  const count = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    let request = 0;
    const write = (): void => {
      request = requestAnimationFrame(write);
      const { frame } = newestFrame();
      const time = clockText(drawnTimeNow(performance.now()));
      const shown = frame?.events ?? 0;
      const all = Math.max(shown, runStore.getState().run?.liveEvents ?? 0);
      const events = `${groupDigits(shown)} / ${groupDigits(all)}`;
      if (clock.current !== null && clock.current.textContent !== time) clock.current.textContent = time;
      if (count.current !== null && count.current.textContent !== events) count.current.textContent = events;
    };
    request = requestAnimationFrame(write);
    return () => cancelAnimationFrame(request);
  }, []);
  return (
    <>
      <output
        ref={clock}
        aria-live="off"
        aria-label={t('toolbar.time')}
        className="mono min-w-[132px] flex-none text-[16px] leading-6 font-semibold"
      />
      <span className="mono flex-none text-[13px] text-muted max-[1500px]:hidden">
        ev <output ref={count} aria-live="off" aria-label={t('toolbar.events')} />
      </span>
    </>
  );
}
