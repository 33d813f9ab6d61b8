// Runs one action through the lab, answered by a toast.

import type { Lab } from '../../lab/api.ts';
import { printAction } from '../../sim/tape-print.ts';
import { tapes } from '../../stacks/tapes.ts';
import { t } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import { showToast } from '../kit/toast.ts';
import '../../words/faults/faults.en.json';
import { lineWords } from './action-words.ts';
import { type NewAction, timed } from './entry.ts';

export const doAction = (lab: Lab, action: NewAction): Promise<boolean> =>
  doLine(lab, printAction(tapes, timed(action)));

/** An action as a line of a tape, without its time. */
export async function doLine(lab: Lab, text: string): Promise<boolean> {
  const result = await lab.act(text);
  if (result.ok)
    showToast({
      kind: 'done',
      text: t('toast.done', { time: millis(result.at), action: lineWords(text, t) }),
      action: {
        label: t('toast.undo'),
        run: () => void import('../time/undo.ts').then(({ undoAction }) => undoAction(lab, result.line)),
      },
    });
  else {
    const { failureText } = await import('../i18n/refusal-text.ts');
    showToast({
      kind: 'error',
      text: t('toast.refused', { action: lineWords(text, t), error: failureText(result) }),
    });
  }
  return result.ok;
}

export async function doActions(lab: Lab, actions: readonly NewAction[]): Promise<void> {
  for (const action of actions) if (!(await doAction(lab, action))) return;
}
