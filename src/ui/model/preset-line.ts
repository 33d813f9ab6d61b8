// What a preset is: in one plain line for the palette, and for the gallery in two sentences with what to do there first
// (`presetLine.<preset>.what`, `.about`, `.first` of src/words, which the tables of the stacks bring).

import { type Both, bothOf } from '../i18n/both.ts';
import { plainWords } from '../i18n/texts.ts';

export interface PresetLine extends Both {
  readonly about: Both;
  readonly first: Both;
}

/** Of a preset that is offered; undefined: of no other. */
export const presetLineOf = (preset: string): PresetLine | undefined =>
  plainWords('en', `presetLine.${preset}.what`) === undefined
    ? undefined
    : {
        ...bothOf(`presetLine.${preset}.what`),
        about: bothOf(`presetLine.${preset}.about`),
        first: bothOf(`presetLine.${preset}.first`),
      };
