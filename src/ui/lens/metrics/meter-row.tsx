// The meter of lens 4.11 as two outputs, read four times a second.

import { type ReactNode, useEffect, useState } from 'react';
import { frameStore } from '../../../state/frame-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { groupDigits } from '../../kit/format.ts';
import { Figure } from '../section.tsx';
import { addReading, type Drawn, keepDrawn, type Meter, readMeter } from './meter.ts';

const readMs = 250;

function useMeter(): Meter {
  const [meter, setMeter] = useState<Meter>(readMeter([]));
  useEffect(() => {
    let drawn: readonly Drawn[] = [];
    let shownAt = 0;
    let request = 0;
    const look = (at: number): void => {
      request = requestAnimationFrame(look);
      drawn = keepDrawn(drawn, { at, traced: frameStore.getState().frame?.traced ?? 0 });
      if (at - shownAt < readMs) return;
      shownAt = at;
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
  const figures = [
    [t('metrics.eventsPerSecond'), groupDigits(eventsPerSecond)],
    [t('metrics.frameTime'), frameP95Ms === null ? '–' : frameP95Ms.toFixed(1)],
  ] as const;
  return (
    <div className="marks">
      {figures.map(([name, value]) => (
        <Figure key={name} label={name} name={name} value={value} note={t('metrics.byWall')} />
      ))}
    </div>
  );
}
