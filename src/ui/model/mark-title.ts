// A mark of a tape as a list has it: by its first line. What stands below it is for who presents (beat.ts).

import type { TapeMark } from '../../sim/tape.ts';

export const markTitle = ({ text }: TapeMark): string => text.split('\n', 1)[0] ?? '';

/** The mark under another title; what else the beat says stays. */
export const retitled = (mark: TapeMark, title: string): TapeMark => ({
  ...mark,
  text: title + mark.text.slice(markTitle(mark).length),
});
