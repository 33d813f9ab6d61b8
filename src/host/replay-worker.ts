// The replay worker: plays a tape's past for the page (player.ts), in slices, so that it can be told to stop.

import { present } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import type { ViewParams } from '../core/door.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { makeNewsDesk } from '../sim/news.ts';
import { listedTotal } from '../sim/recorder.ts';
import { readCondition } from '../sim/run-condition.ts';
import { setupRun } from '../sim/run-setup.ts';
import { untilLimit } from '../sim/run-until.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { allowedUntil, makePacing, tie } from './pacing.ts';
import { makePictureGate } from './picture-gate.ts';
import { makePlayer, type Player } from './player.ts';
import type { ReplayEvent, ReplayRequest } from './replay-messages.ts';
import type { UntilEnd, UntilResult } from './run-loop.ts';

/** Wall ms of simulation between two looks at what the page wants. */
const SLICE_MS = 10;
const FRAME_MS = 16;

const post = (event: ReplayEvent): void => self.postMessage(event);
const pacing = makePacing();
const gate = makePictureGate();
const desk = makeNewsDesk();
let player: Player | null = null;
let tape: Tape | null = null;
let view: ViewParams = { group: null, lsnWindow: null, span: 32, detail: false };
let pick = { minRank: 2, limit: 200 };
let playing = false;
/** Which play is the one under way: an earlier one ends at its next turn. */
let plays = 0;
let verify = false;
/** Requests are done one after the other; play is interrupted by any of them. */
let queue: Promise<void> = Promise.resolve();

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const current = (): Player => present(player, 'a loaded tape');

self.onmessage = (event: MessageEvent<ReplayRequest>) => {
  const request = event.data;
  if (request.kind === 'pause') playing = false;
  if (request.kind === 'drawn') {
    gate.onDrawn();
    return;
  }
  queue = queue.then(async () => {
    try {
      const value = await handle(request);
      if ('id' in request) post({ kind: 'done', id: request.id, value });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if ('id' in request) post({ kind: 'refused', id: request.id, error: text });
    }
  });
};

async function handle(request: Exclude<ReplayRequest, { kind: 'drawn' }>): Promise<unknown> {
  switch (request.kind) {
    case 'load':
      return load(request);
    case 'seek':
      plays++; // it would go on to where the wall says it should be
      await seek(request.time as Time);
      show();
      if (playing) startPlay();
      return;
    case 'step': {
      playing = false;
      const found = current().stepForward(request.minRank);
      show();
      return found;
    }
    case 'back':
      playing = false;
      return back(request.minRank);
    case 'until':
      return runUntil(request.condition);
    case 'play':
      playing = true;
      pacing.speed = request.speed;
      startPlay();
      return tell();
    case 'pause':
      return tell();
    case 'view':
      view = request.params;
      if (player !== null) show();
      return;
    case 'pick':
      pick = { minRank: request.minRank, limit: request.limit };
      if (player !== null) show();
      return;
    case 'past':
      return current().past(request.query);
    case 'digest':
      return digest();
  }
}

async function load(request: Extract<ReplayRequest, { kind: 'load' }>): Promise<void> {
  playing = false;
  const edge = await loadSqlEdge();
  const parsed = parseTape(request.text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  const setup = setupRun(parsed.tape);
  if (!setup.ok) throw new Error(setup.error);
  tape = parsed.tape;
  verify = request.verify;
  player = makePlayer(setup.setup, edge);
  await seek((request.seek ?? setup.setup.bootUntilUs) as Time);
  show();
}

async function seek(time: Time): Promise<void> {
  const p = current();
  desk.restart();
  p.rewindTo(time);
  const from = p.now();
  while (!p.run(time, SLICE_MS)) {
    post({ kind: 'progress', done: p.now() - from, of: time - from });
    await pause(0);
  }
}

async function back(minRank: number): Promise<boolean> {
  const p = current();
  const at = p.lastEventBefore(minRank);
  if (at === null) return false;
  await seek(at);
  show();
  return true;
}

/** At full speed until a condition holds; a pause cancels. */
async function runUntil(text: string): Promise<UntilResult> {
  const p = current();
  const read = readCondition(text, p.cluster);
  if (!read.ok) return read;
  plays++; // what played before would go on to where the wall says it should be
  playing = true;
  const watch = p.watch(read.condition);
  const limit = untilLimit(read.condition, p.now(), p.end) as Time;
  let end: UntilEnd | null = null;
  while (end === null) {
    end = p.runUntil(watch, limit, SLICE_MS);
    if (gate.isOpen()) show();
    await pause(0);
    if (end === null && !playing) end = 'cancelled';
  }
  playing = false;
  show();
  return { ok: true, end, at: p.now() };
}

function startPlay(): void {
  tie(pacing, current().now(), performance.now());
  plays++;
  play(plays).catch((error: unknown) => {
    playing = false;
    post({ kind: 'diverged', detail: error instanceof Error ? error.message : String(error) });
    tell();
  });
}

async function play(own: number): Promise<void> {
  const p = current();
  while (playing && own === plays && player === p) {
    const limit = Math.min(p.end, allowedUntil(pacing, p.now(), performance.now())) as Time;
    const reached = p.run(limit, SLICE_MS);
    if (reached && limit >= p.end) {
      playing = false;
      show();
      atEnd();
      break;
    }
    if (gate.isOpen()) show();
    await pause(FRAME_MS);
  }
  if (own === plays) tell();
}

/** The verdict of a replay: its end hash against the one that the tape was saved with. */
function atEnd(): void {
  const expected = tape?.header.end?.hash ?? null;
  const found = current().hash();
  if (verify && expected !== null && found !== expected)
    post({ kind: 'diverged', detail: `end hash ${found}, the tape says ${expected}` });
}

function digest() {
  const p = current();
  return { hash: p.hash(), nodes: p.digests(), events: p.recorder().inputs, time: p.now() };
}

function show(): void {
  const p = current();
  post({ kind: 'frame', frame: p.frame(view, p.now()) });
  gate.onSent();
  const events = p
    .recorder()
    .listed.filter((event) => event.rank >= pick.minRank)
    .slice(-pick.limit);
  const news = desk.take(p.recorder());
  post({ kind: 'events', events, total: listedTotal(p.recorder()), news });
  tell();
}

function tell(): void {
  const p = current();
  post({ kind: 'state', playing, time: p.now(), end: p.end, atEnd: p.now() >= p.end });
}
