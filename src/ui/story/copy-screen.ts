// Copies all that the screen says now, as what is not so.

import type { Lab } from '../../lab/api.ts';
import { t } from '../i18n/i18n.ts';
import { claimOf, describeCaption } from './captions.ts';
import { copyWrong } from './copy-wrong.ts';
import { standingsOf } from './standings-of.ts';
import { storyStore } from './story-store.ts';

export async function copyScreen(lab: Lab): Promise<void> {
  const frame = lab.frame();
  if (frame === null) return;
  const caption = storyStore.getState().flow?.shown ?? null;
  await copyWrong(lab, {
    text: caption === null ? '' : describeCaption(caption, t),
    claims: [...(caption === null ? [] : [claimOf(caption)]), ...standingsOf(frame)],
  });
}
