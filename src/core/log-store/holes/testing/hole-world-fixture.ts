// Three replicas of one group in a small seeded world: a lossy writer, a network that loses, repeats and reorders, slow
// writes, crashes and recoveries of the volume. Held after every millisecond: HOLE-24 (sent positions and live requests
// correspond), and that DATA never claims a record that the log does not hold.

import { type NodeId, nodeId, type Term } from '../../../../base/ids.ts';
import { nextBelow, nextBetween } from '../../../../base/prng.ts';
import type { PeerStorageStatus } from '../../../kernel/fields.ts';
import { listRanges } from '../../../log/range-set.ts';
import type { EncodedRecord } from '../../../log/record.ts';
import { acceptReply, completeFill } from '../hole-fill.ts';
import { framed, GROUP, record } from '../hole-fixture.ts';
import { nclOf } from '../hole-list.ts';
import { mergeHoles, setGroupTail, setSgcl, takeCheckpoint } from '../hole-manager.ts';
import { splitBatch } from '../hole-overlap.ts';
import { recordPeerStatus } from '../hole-peers.ts';
import { discoverHoles, type GapReq, nextHoleWake, tickHoles } from '../hole-requests.ts';
import { checkPeerEpochs, serveGap } from '../hole-serve.ts';
import { ownStatus } from '../hole-state.ts';
import { check, checkRequests, checkTruth } from './hole-world-checks.ts';
import { pushRecovery, recover } from './hole-world-recovery.ts';
import {
  chance,
  openState,
  pgclOf,
  type Replica,
  sclOf,
  send,
  store,
  type World,
} from './hole-world-state.ts';

function deliverBatch(w: World, r: Replica, batch: EncodedRecord[], token: Term, pgcl: number): void {
  const { state } = r;
  if (token !== state.maxToken || token !== state.volumeEpoch || state.mode === 'recovery') return;
  const split = splitBatch(state, batch, (at) => {
    const own = r.disk.log.get(at);
    return own && { term: own.record.term, crc: own.crc };
  });
  if (split.error) throw new Error(`${r.id} ${split.error} at ${split.at}`);
  const first = batch[0];
  const last = batch[batch.length - 1];
  if (!first || !last) return;
  store(w, r, split.fresh, () => {
    const merged = mergeHoles(state, first.record.prevGroup + 1, last.record.lsn + 1, pgcl);
    w.seen.splits += merged.rests.filter((rest) => rest.sent).length;
    setSgcl(state, pgcl);
    setGroupTail(state, pgcl);
    r.disk.groupTail = state.groupTail;
    r.disk.checkpoint = takeCheckpoint(state, chance(w, 5)) ?? r.disk.checkpoint;
  });
}

function append(w: World): void {
  const batch: EncodedRecord[] = [];
  for (let n = nextBetween(w.prng, 1, 3); n > 0; n--) {
    const before = w.truth[w.truth.length - 1]?.record.lsn ?? -1;
    w.tail += nextBetween(w.prng, 1, 3); // the LSNs between belong to other groups
    const one = record(w.tail, before, w.token);
    batch.push(one);
    w.truth.push(one);
  }
  const pgcl = pgclOf(w);
  for (const r of w.replicas) send(w, r, () => deliverBatch(w, r, batch, one(batch).record.term, pgcl));
}

const one = (batch: readonly EncodedRecord[]): EncodedRecord => {
  const [first] = batch;
  if (!first) throw new Error('empty batch');
  return first;
};

function resend(w: World): void {
  const pgcl = pgclOf(w);
  for (const r of w.replicas) {
    const { token } = w;
    send(w, r, () => {
      if (token === r.state.volumeEpoch && r.state.mode === 'normal') setSgcl(r.state, pgcl);
    });
    const above = w.truth.filter((known) => known.record.lsn > pgcl && known.record.term === w.token);
    if (above.length > 0) send(w, r, () => deliverBatch(w, r, above, token, pgcl));
  }
}

/** The writer repeats a record or two that one replica has not acknowledged (WAL-12): often inside a hole it asked for. */
function repeatSome(w: World): void {
  const r = w.replicas[nextBelow(w.prng, w.replicas.length)];
  if (!r) return;
  const scl = sclOf(w, r);
  const missed = w.truth.filter(({ record: { lsn: at, term: of } }) => at > scl && of === w.token);
  const at = nextBelow(w.prng, missed.length + 1);
  const some = missed.slice(at, at + 2);
  const { token } = w;
  const pgcl = pgclOf(w);
  if (some.length > 0) send(w, r, () => deliverBatch(w, r, some, token, pgcl));
}

const find = (w: World, id: NodeId): Replica => {
  const found = w.replicas.find((r) => r.id === id);
  if (!found) throw new Error(`no replica ${id}`);
  return found;
};

function runHoles(w: World, r: Replica): void {
  const wake = nextHoleWake(r.state);
  if (!r.state.discoverDue && (wake === null || wake > w.now)) return;
  w.seen.timeouts += tickHoles(r.state, w.now).length;
  const { requests, statusRound } = discoverHoles(r.state, w.now);
  for (const { to, message } of requests) send(w, find(w, to), () => serve(w, find(w, to), r, message));
  if (!statusRound) return;
  const epochs = { volumeEpoch: r.state.volumeEpoch, memberEpoch: 1 };
  for (const peer of w.replicas) {
    if (peer === r) continue;
    send(w, peer, () => {
      if (checkPeerEpochs(peer.state, epochs)) return;
      const status = ownStatus(peer.state);
      send(w, r, () => recordPeerStatus(r.state, peer.id, status));
    });
  }
}

function serve(w: World, server: Replica, asker: Replica, request: GapReq): void {
  const served = serveGap(server.state, request);
  const status = ownStatus(server.state);
  const { volumeEpoch } = server.state;
  const reply = (parts: { first: number; end: number; records: Uint8Array }[], done: boolean): void =>
    send(w, asker, () =>
      takeReply(w, asker, server.id, request, { volumeEpoch, status, parts, done, served }),
    );
  if (served.refused) {
    reply([], true);
    return;
  }
  served.parts.forEach(([first, end], i) => {
    const records = [...server.disk.log.values()]
      .filter(({ record: { lsn: at } }) => first <= at && at < end)
      .sort((a, b) => a.record.lsn - b.record.lsn);
    const isLast = i + 1 === served.parts.length;
    const cut = Math.floor((first + end) / 2);
    const half = (from: number, to: number) => ({
      first: from,
      end: to,
      records: framed(records.filter(({ record: { lsn: at } }) => from <= at && at < to)),
    });
    if (cut > first && chance(w, 50)) {
      reply([half(first, cut)], false);
      reply([half(cut, end)], isLast);
    } else reply([half(first, end)], isLast);
  });
  if (served.parts.length === 0) reply([], true);
}

interface Answer {
  readonly volumeEpoch: Term;
  readonly status: PeerStorageStatus;
  readonly parts: { first: number; end: number; records: Uint8Array }[];
  readonly done: boolean;
  readonly served: ReturnType<typeof serveGap>;
}

function takeReply(w: World, r: Replica, from: NodeId, request: GapReq, answer: Answer): void {
  const { state } = r;
  const { volumeEpoch, status, parts, done, served } = answer;
  const message = {
    kind: 'GapReply',
    reqId: request.reqId,
    group: GROUP,
    volumeEpoch,
    parts,
    done,
    status,
    refused: served.refused,
    held: served.refused ? [] : served.parts,
  } as const;
  const taken = acceptReply(state, from, message, w.now);
  if (taken.ignored) {
    w.seen.ignored++;
    return;
  }
  check(taken.rejectedParts === 0, () => `${r.id} rejected a part of ${from}`);
  const { fillId } = taken;
  if (fillId === null) return;
  store(w, r, taken.records, () => {
    if (!completeFill(state, fillId, w.now).stale) w.seen.fills++;
  });
}

function crash(w: World, r: Replica): void {
  r.incarnation++;
  r.disk.bootEpoch++;
  r.state = openState(r.id, r.disk);
  w.seen.crashes++;
  if (nclOf(r.state.list) < (listRanges(r.state.list.data).at(-1)?.[1] ?? 0) - 1) w.seen.rebuiltHoles++;
}

export function runUntil(w: World, end: number, act: () => void): void {
  while (w.now < end) {
    w.now++;
    act();
    const due = w.agenda.filter(({ at }) => at <= w.now);
    const rest = w.agenda.filter(({ at }) => at > w.now);
    w.agenda.length = 0;
    w.agenda.push(...rest);
    for (const { run } of due) run();
    for (const r of w.replicas) {
      runHoles(w, r);
      checkRequests(r);
      if (w.now % 25 === 0) checkTruth(w, r);
    }
  }
}

export function faults(w: World): void {
  if (w.open && chance(w, 25)) append(w);
  if (w.now % 100 === 0) resend(w);
  if (w.open && w.now % 5 === 0) repeatSome(w);
  if (w.now % 40 === 0) pushRecovery(w);
  if (chance(w, 0.2)) crash(w, w.replicas[nextBelow(w.prng, 3)] ?? find(w, nodeId('A')));
  if (w.open && w.now > 500 && chance(w, 0.1)) recover(w);
}

export function heal(w: World): void {
  w.loss = 0;
  if (w.now % 100 === 0) resend(w);
  if (w.now % 40 === 0) pushRecovery(w);
}
