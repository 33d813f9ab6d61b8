// A rare event of hole filling: the answer to a request that was given up arrives after another store has filled the hole.

import { nodeId } from '../../../base/ids.ts';
import type { Lab } from '../../../lab/api.ts';
import { runOnUntil, sayNotCome, send } from '../../faults/rare-steps.ts';
import { t } from '../../i18n/i18n.ts';
import { showToast } from '../../kit/toast.ts';
import { choose, peersOf } from './rare-choice.ts';

/** Virtual ms: without the writer's records, until the request is given up, until the hole is filled, and the late arrival. */
const CUT_US = 6000;
const SEARCH_MS = 60;
const GIVE_UP_MS = 60;
const ARRIVAL_MS = 6;

/** HOLE-34: what fills a hole is kept back, its request times out, another store fills it, and then the first answer comes. */
export async function lateHoleReply(lab: Lab): Promise<void> {
  const before = lab.frame();
  const chosen = before === null ? null : choose(before);
  if (before === null || chosen === null) {
    sayNotCome();
    return;
  }
  const store = nodeId(chosen.store);
  const answers = { from: peersOf(before, store), to: [store], isBothWays: false };
  const log = { from: [nodeId(chosen.writer)], to: [store], isBothWays: false };
  showToast({ kind: 'note', text: t('rare.replyLooking', { node: store }) });
  await send(lab, { kind: 'holdNext', link: answers, family: 'holeFill', count: 1 });
  await send(lab, { kind: 'cut', link: log, forUs: CUT_US });
  const asked = await runOnUntil(lab, `hole.sent at ${store}`, SEARCH_MS);
  const gaveUp = asked === null ? null : await runOnUntil(lab, `hole.timeout at ${store}`, GIVE_UP_MS);
  const filled = gaveUp === null ? null : await runOnUntil(lab, `hole.fill at ${store}`, GIVE_UP_MS);
  await send(lab, { kind: 'release', link: answers });
  const late = filled === null ? null : await runOnUntil(lab, `hole.ignored at ${store}`, ARRIVAL_MS);
  showToast(
    late === null
      ? { kind: 'error', text: t('rare.notCome') }
      : { kind: 'done', text: t('rare.replyDone', { node: store }) },
  );
}
