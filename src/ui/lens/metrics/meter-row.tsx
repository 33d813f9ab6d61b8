// The meter of lens 4.11 as two outputs, told four times a second.

import { type ReactNode, useEffect, useState } from 'react';
import { frameStore } from '../../../state/frame-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { groupDigits } from '../../kit/format.ts';
import { addReading, type Drawn, keepDrawn, type Meter, readMeter } from './meter.ts';

const tellMs = 250;

function useMeter(): Meter {
  const [meter, setMeter] = useState<Meter>(readMeter([]));
  useEffect(() => {
    let drawn: readonly Drawn[] = [];
    let toldAt = 0;
    let request = 0;
    const look = (at: number): void => {
      request = requestAnimationFrame(look);
      drawn = keepDrawn(drawn, { at, traced: frameStore.getState().frame?.traced ?? 0 });
      if (at - toldAt < tellMs) return;
      toldAt = at;
      const read = readMeter(drawn);
      addReading({ at, ...read });
      setMeter(read);
    };
    request = requestAnimationFrame(look);
    return () => cancelAnimationFrame(request);
  }, []);
  return meter;
}

export function MeterRow(): ReactNode {
  const t = useT();
  const { eventsPerSecond, frameP95Ms } = useMeter();
  return (
    <div className="marks">
      <div>
        <u>{t('metrics.eventsPerSecond')}</u>
        <output aria-live="off" aria-label={t('metrics.eventsPerSecond')}>
          {groupDigits(eventsPerSecond)}
        </output>
        <s>{t('metrics.byWall')}</s>
      </div>
      <div>
        <u>{t('metrics.frameTime')}</u>
        <output aria-live="off" aria-label={t('metrics.frameTime')}>
          {frameP95Ms === null ? '–' : frameP95Ms.toFixed(1)}
        </output>
        <s>{t('metrics.byWall')}</s>
      </div>
    </div>
  );
}
