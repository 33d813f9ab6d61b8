// Note beside VDL: how many commits were acknowledged, and since when they are counted in a run opened from its disks.

import { useFrame } from '../../state/frame-store.ts';
import { useT } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import './texts.ts';

export function useAckedNote(): string {
  const t = useT();
  return useFrame(({ frame }) => {
    const { commits: count, since } = frame?.metrics ?? { commits: 0, since: 0 };
    return since > 0 ? t('lens.ackedSince', { count, time: millis(since) }) : t('lens.acked', { count });
  });
}
