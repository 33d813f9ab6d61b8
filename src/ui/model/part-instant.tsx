// The instant of what a part of the screen shows. Parts take pictures by turns while time passes, so that map and lens can be
// of two instants; when time stands all are of one, and the clock above says it.

import type { ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';

export function PartInstant(): ReactNode {
  const t = useT();
  const isPlaying = useRun((run) => run?.playing === true);
  const at = useFrame(({ frame }) => (isPlaying ? (frame?.time ?? null) : null));
  if (at === null) return null;
  return (
    <span className="part-instant mono" title={t('part.instant')}>
      {millis(at)}
    </span>
  );
}
