// Copies the report of a sentence that is not so.

import type { Lab } from '../../lab/api.ts';
import { tapeOf } from '../dialogs/repro-bundle.ts';
import { writeClipboard } from '../export/clipboard.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { type Said, wrongReport } from './wrong-report.ts';
import '../../words/story/alert.en.json';

export async function copyWrong(lab: Lab, said: Said): Promise<void> {
  const at = lab.frame()?.time ?? 0;
  try {
    await writeClipboard(wrongReport(said, at, await tapeOf(lab)));
    showToast({ kind: 'done', text: t('wrong.copied') });
  } catch {
    showToast({ kind: 'error', text: t('alert.notCopied') });
  }
}
