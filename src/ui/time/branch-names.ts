// Display names of branches and runs.

import type { BranchName, ListedRun } from '../../lab/time-api.ts';
import { lineWords } from '../faults/action-words.ts';
import type { Translate } from '../i18n/i18n.ts';
import '../../words/time.en.json';

export const branchName = (id: BranchName, t: Translate): string =>
  id === 'main' ? t('twin.main') : t('twin.name', { number: id === 'twin-1' ? 1 : 2 });

/** A line of a tape without its time. */
export const withoutTime = (line: string): string => line.slice(line.indexOf(' ') + 1);

export function runName({ name, origin, preset, seed }: ListedRun, t: Translate): string {
  if (name !== null) return name;
  switch (origin.kind) {
    case 'start':
      return t('runs.start', { preset, seed });
    case 'tape':
      return t('runs.tape', { preset, seed });
    case 'undo':
      return t('runs.before', { line: lineWords(withoutTime(origin.line), t) });
    case 'twin':
      return origin.line === null
        ? t('runs.twinPlain')
        : t('runs.twin', { line: lineWords(withoutTime(origin.line), t) });
  }
}
