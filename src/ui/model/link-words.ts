// Name and state of a link in words: map, lists, inspector and panels use the same.

import type { MessageFamily } from '../../core/kernel/message-label.ts';
import type { LinkFrame } from '../../run-model/picture/frame.ts';
import { type LinkPair, linkShape } from '../../state/link-pair.ts';
import { families, glyphs } from '../glyphs/glyph-shapes.ts';
import type { Translate } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';
import '../../words/model/model.en.json';

export function linkName(pair: LinkPair, t: Translate): string {
  return t('link.name', { a: pair.a, b: pair.b, state: linkStateText(pair, t) });
}

export const latencyText = ({ baseUs, jitterUs }: LinkFrame): string =>
  `${duration(baseUs)} + ${duration(jitterUs)}`;

const letterOf = (family: string): string =>
  glyphs[families.find((known): known is MessageFamily => known === family) ?? 'control'].letter;

export function linkStateText(pair: LinkPair, t: Translate): string {
  const { a, b, there, back } = pair;
  switch (linkShape(pair)) {
    case 'normal':
      return t('link.normal');
    case 'cut':
      return t('link.cut');
    case 'cutThere':
      return t('link.cutOneWay', { from: a, to: b });
    case 'cutBack':
      return t('link.cutOneWay', { from: b, to: a });
    case 'held':
      return t('link.held');
    case 'lossy':
      return t('link.lossy', { percent: Math.max(there?.lossPercent ?? 0, back?.lossPercent ?? 0) });
    case 'delayed':
      return t('link.delayed', { time: duration(Math.max(there?.baseUs ?? 0, back?.baseUs ?? 0)) });
    case 'capped':
      return t('link.capped', { bytes: there?.bytesPerMs ?? back?.bytesPerMs ?? 0 });
    case 'waiting': {
      const next = there?.next?.[0] ?? back?.next?.[0];
      return t('link.next', { count: next?.left ?? 0, letter: letterOf(next?.family ?? '') });
    }
  }
}
