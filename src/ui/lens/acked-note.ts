// Note beside VDL: how many commits were acknowledged. In a run that was opened from its disks they are counted since then,
// and its review, which plays the whole tape, counts more.

import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { useFrame } from '../../state/frame-store.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import '../../words/lens/lens.en.json';

type Counted = Pick<WorldFrame['metrics'], 'commits' | 'since'>;

export const ackedNote = ({ commits: count, since }: Counted, t: Translate): string =>
  since > 0 ? t('lens.ackedSince', { count, time: millis(since) }) : t('lens.acked', { count });

export function useAckedNote(): string {
  const t = useT();
  return useFrame(({ frame }) => (frame === null ? '' : ackedNote(frame.metrics, t)));
}
