// Changes of writer in a world (hole-world-state.ts): a new term, its history, and the steps that each replica takes.

import { lsn, type Term, term } from '../../../../base/ids.ts';
import { nextBelow } from '../../../../base/prng.ts';
import { completeFill } from '../hole-fill.ts';
import { nclOf } from '../hole-list.ts';
import { setHoleToken } from '../hole-manager.ts';
import { leaveRecovery, recoverHoles } from '../hole-recovery.ts';
import { ownStatus } from '../hole-state.ts';
import { LAL, pgclOf, type Replica, sclOf, send, type World } from './hole-world-state.ts';

/** A new writer takes the volume over: keeps at least what was acknowledged as durable, and what some replica can supply. */
export function recover(w: World): void {
  const floor = Math.max(pgclOf(w), ...w.replicas.map((r) => r.state.groupTail));
  const best = Math.max(...w.replicas.map((r) => sclOf(w, r)));
  const keepable = w.truth.filter(({ record: { lsn: at } }) => at >= floor && at <= best);
  const kept = keepable[nextBelow(w.prng, keepable.length)]?.record.lsn;
  if (kept === undefined) return;
  w.token = term(w.token + 1);
  w.maxNwl = kept;
  const startLsn = lsn(Math.max(kept, (w.history.at(-1)?.startLsn ?? 0) - 1) + LAL + 1 + (w.tail - kept));
  w.history = [
    ...w.history.filter((entry) => entry.startLsn <= kept),
    { term: w.token, startLsn, prevEnd: lsn(kept) },
  ];
  w.truth = w.truth.filter(({ record: { lsn: at } }) => at <= kept);
  w.tail = startLsn - 1;
  w.open = false;
  w.seen.recoveries++;
}

/** Tells each replica the step of the recovery that it has not received; again and again, as the writer does. */
export function pushRecovery(w: World): void {
  const { token, history, maxNwl } = w;
  if (!w.open) {
    const done = w.replicas.filter((r) => r.state.volumeEpoch === token && nclOf(r.state.list) >= maxNwl);
    if (done.length >= 2) {
      w.open = true;
      w.tail = Math.max(w.tail, (history.at(-1)?.startLsn ?? 0) - 1);
    }
  }
  for (const r of w.replicas) {
    const peers = w.replicas.filter((p) => p !== r).map((p) => ({ peer: p.id, status: ownStatus(p.state) }));
    if (r.state.maxToken < token) send(w, r, () => installToken(r, token));
    else if (r.state.volumeEpoch < token)
      send(w, r, () => installHistory(w, r, { volumeEpoch: token, history, maxNwl, peers }));
    else if (w.open && r.state.mode === 'recovery')
      send(w, r, () => {
        if (leaveRecovery(r.state, token)) r.disk.mode = r.state.mode;
      });
  }
}

function installToken(r: Replica, token: Term): void {
  if (token < r.state.maxToken) return;
  setHoleToken(r.state, token);
  r.disk.maxToken = r.state.maxToken;
}

function installHistory(w: World, r: Replica, command: Parameters<typeof recoverHoles>[1]): void {
  if (command.volumeEpoch < r.state.maxToken) return;
  const links = [...r.disk.log.values()].map((known) => known.record).sort((a, b) => a.lsn - b.lsn);
  const pending = [...r.state.fills.keys()];
  const recovered = recoverHoles(r.state, command, links);
  if (recovered.refused) throw new Error(`${r.id} ${recovered.refused.code}`);
  if (recovered.repeat) return;
  r.incarnation++;
  for (const fillId of pending) if (completeFill(r.state, fillId, w.now).stale) w.seen.stale++;
  w.seen.removed += recovered.removed.length;
  for (const at of recovered.removed) r.disk.log.delete(at);
  r.disk.checkpoint = recovered.checkpoint ?? r.disk.checkpoint;
  const { volumeEpoch, history, maxNwl, mode } = r.state;
  Object.assign(r.disk, { volumeEpoch, history, maxNwl, mode });
}
