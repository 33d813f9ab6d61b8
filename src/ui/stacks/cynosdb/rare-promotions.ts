// Two promotions of one volume (FENCE-16, vector F6): the writer freezes, a standby is granted a token and is then lost to the
// metadata as it begins, which grants the next token to the writer of before, awake again. The greater token ends the other.

import { haGroupOf } from '../../../core/kernel/attachments.ts';
import type { Lab } from '../../../lab/api.ts';
import { nodesWith, writerOf } from '../../../state/role-views.ts';
import { pictureAt, runOnUntil, sayNotCome, send } from '../../faults/rare-steps.ts';
import { t } from '../../i18n/i18n.ts';
import { showToast } from '../../kit/toast.ts';

/** Virtual ms for which a grant is waited for, and the opening of the volume. */
const GRANT_MS = 400;
const OPEN_MS = 400;

export async function twoPromotions(lab: Lab): Promise<void> {
  const frame = lab.frame();
  const writer = frame === null ? null : writerOf(frame);
  if (frame === null || writer === null) {
    sayNotCome();
    return;
  }
  const standbys = haGroupOf(frame.cluster).flatMap(({ node }) => (node === writer ? [] : [node]));
  const link = { from: standbys, to: nodesWith(frame, 'meta'), isBothWays: true };
  showToast({ kind: 'note', text: t('rare.promotionsLooking', { node: writer }) });
  await send(lab, { kind: 'freeze', node: writer, forUs: null });
  const first = await runOnUntil(lab, 'recovery.step', GRANT_MS);
  if (first !== null) await send(lab, { kind: 'cut', link, forUs: null });
  await send(lab, { kind: 'resume', node: writer });
  const second = first === null ? null : await runOnUntil(lab, 'token.grant', GRANT_MS);
  const opened = second === null ? null : await runOnUntil(lab, 'recovery.done', OPEN_MS);
  if (first !== null) await send(lab, { kind: 'heal', link });
  const node = opened === null ? null : writerOf(await pictureAt(lab, opened));
  if (node === null) sayNotCome();
  else showToast({ kind: 'done', text: t('rare.promotionsDone', { node }) });
}
