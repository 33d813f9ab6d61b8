// Seek to an event of the run by its number: the run is shown as it was just after it.

import type { Lab } from '../../lab/api.ts';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import { t } from '../i18n/i18n.ts';
import { groupDigits } from '../kit/format.ts';
import { showToast } from '../kit/toast.ts';
import '../../words/time.en.json';

/** The newest events among which it is: those of its instant. */
const instantLimit = 1000;

/** Answers the event; null, and says so, when the run has none of this number. */
export async function goToEvent(lab: Lab, index: number): Promise<ListedEvent | null> {
  if (!(await lab.seekEvent(index))) {
    showToast({ kind: 'error', text: t('search.noEvent', { index: groupDigits(index) }) });
    return null;
  }
  const past = await lab
    .past({
      from: 0,
      to: Number.MAX_SAFE_INTEGER,
      minRank: 0,
      kinds: null,
      withMessages: false,
      known: null,
      limit: instantLimit,
    })
    .catch(() => null); // another run has its place
  return past?.events.find((event) => event.index === index) ?? null;
}
