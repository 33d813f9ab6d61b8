// Rare events of a writer that stops: a record of the old one that arrives after its token is fenced off, and a record that
// stands on one disk only when the writer dies.

import { nodeId } from '../../../base/ids.ts';
import type { Lab } from '../../../lab/api.ts';
import type { WorldFrame } from '../../../run-model/picture/frame.ts';
import { replicasIn } from '../../../state/role-views.ts';
import { pictureAt, runOnUntil, sayNotCome, send } from '../../faults/rare-steps.ts';
import { flightName } from '../../glyphs/flight-text.ts';
import { t } from '../../i18n/i18n.ts';
import { showToast } from '../../kit/toast.ts';
import { choose, heldFor, peersOf } from './rare-choice.ts';

/** Virtual ms for which a write is waited for, a recovery, and the arrival of what is released. */
const WRITE_MS = 60;
const RECOVERY_MS = 400;
const ARRIVAL_MS = 4;
/** Records of the one store that are looked at before it is given up. */
const patience = 12;

/**
 * FENCE-5: a log message of the old writer is kept back on its way, the writer dies and opens again with a greater token,
 * and then the message arrives: the store refuses it.
 */
export async function oldWriteAfterFence(lab: Lab): Promise<void> {
  const before = lab.frame();
  const chosen = before === null ? null : choose(before);
  if (chosen === null) {
    sayNotCome();
    return;
  }
  const [writer, store] = [nodeId(chosen.writer), nodeId(chosen.store)];
  const link = { from: [writer], to: [store], isBothWays: false };
  showToast({ kind: 'note', text: t('rare.fenceLooking', { node: writer }) });
  await send(lab, { kind: 'holdNext', link, family: 'wal', count: 1 });
  const acked = await runOnUntil(lab, `commit.ack at ${writer}`, WRITE_MS);
  const old = acked === null ? undefined : heldFor(await pictureAt(lab, acked), chosen)[0];
  if (old !== undefined) {
    await send(lab, { kind: 'crash', node: writer, mode: 'drawn', forUs: null });
    await send(lab, { kind: 'restart', node: writer });
    const opened = await runOnUntil(lab, `recovery.done at ${writer}`, RECOVERY_MS);
    await send(lab, { kind: 'releaseMessage', message: old.id });
    const refused = opened === null ? null : await runOnUntil(lab, `wal.refused at ${store}`, ARRIVAL_MS);
    if (refused !== null) {
      showToast({
        kind: 'done',
        text: t('rare.fenceDone', { name: flightName(old, t('flight.to')), node: store }),
      });
      return;
    }
  }
  sayNotCome();
  await send(lab, { kind: 'release', link });
}

/** Whether a store has a record of some group that no other replica of the group has. */
export function standsAlone(frame: WorldFrame, store: string): boolean {
  const sclOf = (node: string, group: string): number =>
    replicasIn(frame).find((own) => own.node === node && own.list.group === group)?.list.scl ?? -1;
  return frame.cluster.groups.some(
    ({ id, replicas }) =>
      replicas.some((replica) => replica === store) &&
      replicas.every((replica) => replica === store || sclOf(replica, id) < sclOf(store, id)),
  );
}

/** What was on its way when the links were cut may still arrive elsewhere: the next record is waited for. */
async function runUntilAlone(lab: Lab, store: string): Promise<boolean> {
  for (let i = 0; i < patience; i++) {
    const durable = await runOnUntil(lab, `mark.scl at ${store}`, WRITE_MS);
    if (durable === null) return false;
    if (standsAlone(await pictureAt(lab, durable), store)) return true;
  }
  return false;
}

/** The writer reaches one store alone, and dies when a record is durable there: a recovery may find it, or not. */
export async function recordOnOneDisk(lab: Lab): Promise<void> {
  const before = lab.frame();
  const chosen = before === null ? null : choose(before);
  if (before === null || chosen === null) {
    sayNotCome();
    return;
  }
  const [writer, store] = [nodeId(chosen.writer), nodeId(chosen.store)];
  const others = { from: [writer], to: peersOf(before, store), isBothWays: true };
  showToast({ kind: 'note', text: t('rare.oneDiskLooking', { node: store }) });
  await send(lab, { kind: 'cut', link: others, forUs: null });
  const isAlone = await runUntilAlone(lab, store);
  if (!isAlone) sayNotCome();
  else {
    await send(lab, { kind: 'crash', node: writer, mode: 'drawn', forUs: null });
    showToast({ kind: 'done', text: t('rare.oneDiskDone', { node: store, writer }) });
  }
  await send(lab, { kind: 'heal', link: others });
}
