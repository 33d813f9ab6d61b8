// Forks the shown branch, from the key, the toolbar and the pill.

import type { Lab } from '../../lab/api.ts';
import { t } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import { showToast } from '../kit/toast.ts';
import '../../words/time.en.json';

export async function forkHere(lab: Lab): Promise<void> {
  const forked = await lab.fork();
  showToast(
    forked.ok
      ? { kind: 'done', text: t('twin.forked', { time: millis(forked.at) }) }
      : { kind: 'error', text: t('runs.failed', { error: forked.error }) },
  );
}
