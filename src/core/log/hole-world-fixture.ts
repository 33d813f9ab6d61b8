// Three replicas of one group in a small seeded world: a lossy writer, a network that loses, repeats and reorders, slow
// writes, crashes and recoveries of the volume. Held after every millisecond: HOLE-24 (sent positions and live requests
// correspond), and that DATA never claims a record that the log does not hold.

import { type Lsn, lsn, type NodeId, nodeId, type Term, term } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, type Prng } from '../../base/prng.ts';
import type { HistoryEntry, PeerStorageStatus } from '../kernel/fields.ts';
import { acceptReply, completeFill } from './hole-fill.ts';
import { DEFAULTS, framed, GROUP, record } from './hole-fixture.ts';
import { nclOf, nextHole } from './hole-list.ts';
import { mergeHoles, setGroupTail, setHoleToken, setSgcl, takeCheckpoint } from './hole-manager.ts';
import { splitBatch } from './hole-overlap.ts';
import { recordPeerStatus } from './hole-peers.ts';
import { rebuildList } from './hole-rebuild.ts';
import { leaveRecovery, recoverHoles } from './hole-recovery.ts';
import { discoverHoles, type GapReq, nextHoleWake, tickHoles } from './hole-requests.ts';
import { checkPeerEpochs, serveGap } from './hole-serve.ts';
import { type HoleState, makeHoleState, ownStatus } from './hole-state.ts';
import { isMember, listRanges } from './range-set.ts';
import type { EncodedRecord } from './record.ts';

interface Durable {
  log: Map<Lsn, EncodedRecord>;
  bootEpoch: number;
  checkpoint: number;
  volumeEpoch: Term;
  maxToken: Term;
  history: readonly HistoryEntry[];
  mode: 'normal' | 'recovery';
  maxNwl: number;
  groupTail: number;
  readonly loseSentOnSplit: boolean;
  readonly broken: readonly string[];
}

interface Replica {
  readonly id: NodeId;
  readonly disk: Durable;
  state: HoleState;
  /** Rises at each crash and each recovery: what was in flight before means nothing then. */
  life: number;
}

export interface World {
  readonly prng: Prng;
  readonly replicas: Replica[];
  now: number;
  /** Percent of messages lost; as many are repeated. */
  loss: number;
  readonly agenda: { at: number; run: () => void }[];
  /** The records of the current history, ascending. */
  truth: EncodedRecord[];
  history: HistoryEntry[];
  token: Term;
  tail: number;
  open: boolean;
  maxNwl: number;
  readonly seen: Record<
    | 'fills'
    | 'timeouts'
    | 'ignored'
    | 'crashes'
    | 'recoveries'
    | 'removed'
    | 'splits'
    | 'stale'
    | 'rebuiltHoles',
    number
  >;
}

export const NAMES = ['A', 'B', 'C'].map(nodeId);
const LAL = 5;

function openState(id: NodeId, disk: Durable): HoleState {
  const links = [...disk.log.values()].map((one) => one.record).sort((a, b) => a.lsn - b.lsn);
  const rebuilt = rebuildList(0, disk.checkpoint, links);
  if (!rebuilt.list) throw new Error(rebuilt.error);
  return makeHoleState({
    params: {
      ...DEFAULTS,
      maxReqSpan: 20,
      maxInflightPerPeer: 3,
      loseSentOnSplit: disk.loseSentOnSplit,
      broken: disk.broken,
    },
    nodeId: id,
    group: GROUP,
    memberEpoch: 1,
    pgcl: disk.groupTail,
    logFloor: -1,
    members: NAMES,
    ...disk,
    list: rebuilt.list,
  });
}

export function makeWorld(seed: number, loseSentOnSplit = false, broken: readonly string[] = []): World {
  const genesis = record(0, -1);
  const history = [{ term: term(1), startLsn: lsn(0), prevEnd: lsn(-1) }];
  const replicas = NAMES.map((id): Replica => {
    const disk: Durable = {
      log: new Map([[lsn(0), genesis]]),
      bootEpoch: 1,
      checkpoint: 0,
      volumeEpoch: term(1),
      maxToken: term(1),
      history,
      mode: 'normal',
      maxNwl: -1,
      groupTail: 0,
      loseSentOnSplit,
      broken,
    };
    return { id, disk, state: openState(id, disk), life: 0 };
  });
  return {
    prng: makePrng(seed, 'holes'),
    replicas,
    now: 0,
    loss: 25,
    agenda: [],
    truth: [genesis],
    history,
    token: term(1),
    tail: 0,
    open: true,
    maxNwl: 0,
    seen: {
      fills: 0,
      timeouts: 0,
      ignored: 0,
      crashes: 0,
      recoveries: 0,
      removed: 0,
      splits: 0,
      stale: 0,
      rebuiltHoles: 0,
    },
  };
}

const chance = (w: World, percent: number): boolean => nextBelow(w.prng, 1000) < percent * 10;

function later(w: World, low: number, high: number, run: () => void): void {
  w.agenda.push({ at: w.now + nextBetween(w.prng, low, high), run });
}

/** A message: lost, or once, or twice; late ones overtake each other. The weak replica receives little, and that late. */
function send(w: World, to: Replica, deliver: () => void): void {
  const isWeak = w.loss > 0 && to === w.replicas[Math.floor(w.now / 700) % 4];
  if (chance(w, isWeak ? 70 : w.loss)) return;
  later(w, 1, chance(w, isWeak ? 50 : 15) ? 500 : 30, deliver);
  if (chance(w, w.loss)) later(w, 1, 400, deliver);
}

/** A durable write; a crash or a recovery in between undoes it. */
function store(w: World, r: Replica, records: readonly EncodedRecord[], then: () => void): void {
  const { life } = r;
  later(w, 1, 40, () => {
    if (r.life !== life) return;
    for (const one of records) r.disk.log.set(one.record.lsn, one);
    then();
  });
}

const sclOf = (w: World, r: Replica): number => {
  if (r.state.volumeEpoch !== w.token) return -1;
  const ncl = nclOf(r.state.list);
  return w.truth.findLast((one) => one.record.lsn <= ncl)?.record.lsn ?? -1;
};

const pgclOf = (w: World): number => w.replicas.map((r) => sclOf(w, r)).sort((a, b) => b - a)[1] ?? -1;

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
  const reply = (parts: { first: number; last: number; records: Uint8Array }[], done: boolean): void =>
    send(w, asker, () =>
      takeReply(w, asker, server.id, request, { volumeEpoch, status, parts, done, served }),
    );
  if (served.refused) {
    reply([], true);
    return;
  }
  served.parts.forEach(([first, last], i) => {
    const records = [...server.disk.log.values()]
      .filter(({ record: { lsn: at } }) => first <= at && at < last)
      .sort((a, b) => a.record.lsn - b.record.lsn);
    const isLast = i + 1 === served.parts.length;
    const cut = Math.floor((first + last) / 2);
    const half = (from: number, to: number) => ({
      first: from,
      last: to,
      records: framed(records.filter(({ record: { lsn: at } }) => from <= at && at < to)),
    });
    if (cut > first && chance(w, 50)) {
      reply([half(first, cut)], false);
      reply([half(cut, last)], isLast);
    } else reply([half(first, last)], isLast);
  });
  if (served.parts.length === 0) reply([], true);
}

interface Answer {
  readonly volumeEpoch: Term;
  readonly status: PeerStorageStatus;
  readonly parts: { first: number; last: number; records: Uint8Array }[];
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
  r.life++;
  r.disk.bootEpoch++;
  r.state = openState(r.id, r.disk);
  w.seen.crashes++;
  if (nclOf(r.state.list) < (listRanges(r.state.list.data).at(-1)?.[1] ?? 0) - 1) w.seen.rebuiltHoles++;
}

/** A new writer takes the volume over: keeps at least what was acknowledged as durable, and what some replica can supply. */
function recover(w: World): void {
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
function pushRecovery(w: World): void {
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
  r.life++;
  for (const fillId of pending) if (completeFill(r.state, fillId, w.now).stale) w.seen.stale++;
  w.seen.removed += recovered.removed.length;
  for (const at of recovered.removed) r.disk.log.delete(at);
  r.disk.checkpoint = recovered.checkpoint ?? r.disk.checkpoint;
  const { volumeEpoch, history, maxNwl, mode } = r.state;
  Object.assign(r.disk, { volumeEpoch, history, maxNwl, mode });
}

function check(holds: boolean, what: () => string): void {
  if (!holds) throw new Error(what());
}

/** HOLE-24. */
function checkRequests(r: Replica): void {
  const { list, peers } = r.state;
  const live = peers.flatMap(({ reqList }) => reqList);
  for (const [first, last] of listRanges(list.sent)) {
    const hole = nextHole(list, first, last);
    check(hole?.[0] === first && hole[1] === last, () => `${r.id} sent flag on data in [${first},${last})`);
    for (let at = first; at < last; at++) {
      const owners = live.filter(({ gapFirst, gapLast }) => gapFirst <= at && at < gapLast).length;
      check(owners === 1, () => `${r.id} sent position ${at} is in ${owners} live requests`);
    }
  }
  for (const { gapFirst, gapLast, curGapPos } of live) {
    const name = (): string => `${r.id} live request [${gapFirst},${gapLast}) at ${curGapPos}`;
    check(nextHole(list, gapFirst, gapLast, true) !== null, () => `${name()} without a sent position`);
    check(nextHole(list, gapFirst, gapLast)?.[0] === curGapPos, () => `${name()} is not at its first hole`);
  }
}

/** DATA is what the log holds; and at the current epoch the log holds nothing that history annulled. */
function checkTruth(w: World, r: Replica): void {
  if (r.state.volumeEpoch !== w.token) return;
  const known = new Map(w.truth.map(({ record: { lsn: at, term: of } }) => [at, of]));
  for (const [at, of] of known)
    if (isMember(r.state.list.data, at))
      check(r.disk.log.get(at)?.record.term === of, () => `${r.id} claims ${at} without its record`);
  for (const at of r.disk.log.keys()) check(known.has(at), () => `${r.id} holds the annulled ${at}`);
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
