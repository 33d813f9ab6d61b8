// Narration levels: off, milestones (the stored value is `beats`), meaningful events, all. `N` goes through them.

import {
  type NarrationLevel,
  narrationLevels,
  setSettings,
  settingsStore,
} from '../../state/settings-store.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import '../../words/story/story.en.json';

export const levelKey = {
  off: 'narration.off',
  beats: 'narration.beats',
  meaningful: 'narration.meaningful',
  all: 'narration.all',
} as const satisfies Record<NarrationLevel, string>;

export function cycleNarration(): void {
  const { narration } = settingsStore.getState();
  const next = narrationLevels[(narrationLevels.indexOf(narration) + 1) % narrationLevels.length] ?? 'beats';
  setSettings({ narration: next });
  showToast({ kind: 'note', text: t('narration.level', { level: t(levelKey[next]) }) });
}
