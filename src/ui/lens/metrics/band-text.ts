// Label of a fault or phase band: a fault in words, its line of the tape stays to be read beside them;
// a phase by the node, group or volume it is of. Pure.

import { lineWords } from '../../faults/action-words.ts';
import type { Translate } from '../../i18n/i18n.ts';
import type { Band } from './chart-source.ts';
import '../../../words/lens/metrics.en.json';

export const bandText = ({ title, of }: Pick<Band, 'title' | 'of'>, t: Translate): string =>
  title === undefined ? lineWords(of, t) : of;
export const bandKind = ({ title = 'metrics.phase.fault' }: Pick<Band, 'title'>, t: Translate): string =>
  t(title);
