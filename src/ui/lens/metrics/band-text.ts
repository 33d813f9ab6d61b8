// Label of a fault or phase band: a fault in words, its line of the tape stays to be read beside them;
// a phase by the node, group or volume it is of. Pure.

import { lineWords } from '../../faults/action-words.ts';
import type { Translate } from '../../i18n/i18n.ts';
import type { Band } from './phases.ts';

export const bandText = ({ kind, of }: Pick<Band, 'kind' | 'of'>, t: Translate): string =>
  kind === 'fault' ? lineWords(of, t) : of;
