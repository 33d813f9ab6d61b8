// What the replay worker does for the page: shows a strand at a time, plays it, compares it with another, forks twins
// and acts on them, searches, and hands worlds over to the live cluster. Long work goes in slices, so that it can be
// told to end; it shows a bar once a person has waited for it.

import { present } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import { messageOf } from '../base/thrown.ts';
import type { ViewParams } from '../core/door.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { makeNewsDesk } from '../sim/news.ts';
import { listedTotal } from '../sim/recorder.ts';
import { readCondition } from '../sim/run-condition.ts';
import { ENGINE } from '../sim/run-setup.ts';
import { untilLimit } from '../sim/run-until.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { collectRun } from './collect.ts';
import { makeEventDesk } from './event-desk.ts';
import { type EventSearch, type SearchQuery, type SearchResult, searchEvents } from './event-search.ts';
import type { Difference } from './first-difference.ts';
import { makeFrameWriter } from './frame-wire.ts';
import { packPast } from './message-wire.ts';
import { allowedUntil, makePacing, tie } from './pacing.ts';
import { makePictureGate } from './picture-gate.ts';
import type { Player } from './player.ts';
import { type ErrorStop, failedBy, stopAtError } from './replay-error.ts';
import type { HandedOver, LongWork, RecordedError, ReplayEvent, ReplayRequest } from './replay-messages.ts';
import type { UntilEnd, UntilResult } from './run-loop.ts';
import { makeStrands } from './strands.ts';
import { actOnTwin, sqlOnTwin } from './twin-calls.ts';
import { capsuleOf } from './world-capsule.ts';

/** Wall ms of simulation between two looks at what the page wants. */
const SLICE_MS = 10;
const FRAME_MS = 16;
/** Wall ms after which long work shows its bar. */
const BAR_AFTER_MS = 300;
/** Why a request that was ended by a person is refused. */
const CANCELLED = 'cancelled';

type Queued = Exclude<ReplayRequest, { kind: 'drawn' } | { kind: 'cancel' }>;

export interface ReplayHost {
  /** Takes what must not wait for the work under way; true when that was all. */
  interrupt(request: ReplayRequest): request is Exclude<ReplayRequest, Queued>;
  handle(request: Queued): Promise<unknown>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function makeReplayHost(post: (event: ReplayEvent) => void): ReplayHost {
  const pacing = makePacing();
  const gate = makePictureGate();
  const desk = makeNewsDesk();
  const frames = makeFrameWriter();
  const events = makeEventDesk();
  let edge: Edge | null = null;
  const strands = makeStrands(() => present(edge, 'the SQL parser'));
  let tape: Tape | null = null;
  let view: ViewParams = { group: null, lsnWindow: null, span: 32, detail: false };
  let pick = { minRank: 2, limit: 200 };
  let playing = false;
  /** Which play is the one under way: an earlier one ends at its next turn. */
  let plays = 0;
  let verify = false;
  let cancelled = false;
  let toldDiverged = false;
  /** What the capsule of this tape tells of, and whether the page was told that it is reached. */
  let stop: ErrorStop | null = null;
  let toldStop = false;

  const current = strands.shown;

  /** Works in slices until it answers; after a while the page sees how far it is. Null when a person ended it. */
  const long = async <T>(
    what: LongWork['what'],
    slice: () => T | null,
    progress: () => { readonly done: number; readonly of: number },
  ): Promise<T | null> => {
    cancelled = false;
    const startedAt = performance.now();
    let isShown = false;
    try {
      for (;;) {
        const found = slice();
        if (found !== null) return found;
        if (performance.now() - startedAt > BAR_AFTER_MS) {
          isShown = true;
          post({ kind: 'progress', bar: { what, ...progress() } });
        }
        await pause(0);
        if (cancelled) return null;
      }
    } finally {
      if (isShown) post({ kind: 'progress', bar: null });
    }
  };

  /** False when it was ended on the way: it stands where it has come to. */
  const seekPlayer = async (
    player: Player,
    time: Time,
    what: LongWork['what'] = 'seek',
  ): Promise<boolean> => {
    player.rewindTo(time);
    const from = player.now();
    const done = await long(
      what,
      () => (player.run(time, SLICE_MS) ? true : null),
      () => ({ done: player.now() - from, of: time - from }),
    );
    return done === true;
  };

  const seek = async (time: Time): Promise<boolean> => {
    desk.restart();
    return seekPlayer(current(), Math.min(time, current().end()) as Time);
  };

  /** The strand held against the shown one comes to the same time, and both are looked through for their difference. */
  const compare = async (): Promise<void> => {
    const other = strands.against();
    if (other === null) return;
    const time = current().now();
    if (!(await seekPlayer(other, time))) return;
    const search = strands.difference();
    const difference =
      search === null
        ? null
        : await long<Difference | 'none'>(
            'search',
            () => search.lookTo(time, SLICE_MS),
            () => ({ done: 0, of: 0 }),
          );
    const failed = strands.againstId() === 'main' ? failedBy(stop, time) : undefined;
    post({ kind: 'other', frame: other.frame(view, failed), difference });
  };

  const tell = (): void => {
    const player = current();
    post({
      kind: 'state',
      playing,
      time: player.now(),
      end: player.end(),
      atEnd: player.now() >= player.end(),
      strands: strands.states(),
      shown: strands.shownId(),
      against: strands.againstId(),
    });
  };

  const show = async (): Promise<void> => {
    const player = current();
    gate.onBegun();
    const failed = strands.shownId() === 'main' ? failedBy(stop, player.now()) : undefined;
    post({ kind: 'frame', frame: frames.pack(player.frame(view, failed)) });
    gate.onSent();
    if (failed !== undefined) tellStop();
    const recorder = player.recorder();
    post({ kind: 'events', ...events.take(recorder, pick), news: desk.take(recorder) });
    tell();
    if (strands.against() === null) return;
    await compare();
    tell();
  };

  const load = async (request: Extract<ReplayRequest, { kind: 'load' }>): Promise<boolean> => {
    playing = false;
    const { loaded, bootUntilUs } = await loadTape(request.text, request.error);
    tape = loaded;
    verify = request.verify;
    toldDiverged = false;
    toldStop = false;
    const done = await seek((request.seek ?? bootUntilUs) as Time);
    await show();
    return done;
  };

  const loadTape = async (
    text: string,
    error: RecordedError | null,
  ): Promise<{ loaded: Tape; bootUntilUs: number }> => {
    edge ??= await loadSqlEdge();
    const parsed = parseTape(text);
    if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
    const until = error === null ? null : stopAtError(parsed.tape, error);
    const loaded = until?.tape ?? parsed.tape;
    strands.load(loaded);
    stop = until?.stop ?? null;
    return { loaded, bootUntilUs: current().setup.bootUntilUs };
  };

  const back = async (minRank: number): Promise<boolean> => {
    const player = current();
    let at = player.lastEventBefore(minRank);
    if (at === null) {
      // None is remembered here: what came before this place is simulated again.
      const { index, time } = { index: listedTotal(player.recorder()), time: player.now() };
      const query = { pattern: '', from: { index, time }, direction: 'previous', limit: 1000 } as const;
      const found = await runSearch(searchEvents(player, player.now(), query));
      at = found.events.findLast((event) => event.rank >= minRank && event.at < time)?.at ?? null;
    }
    if (at === null) return false;
    await seek(at);
    await show();
    return true;
  };

  const runSearch = async (search: EventSearch) => {
    const found = await long('search', () => search.next(SLICE_MS), search.progress);
    if (found === null) throw new Error(CANCELLED);
    return found;
  };

  /** What came before a twin's fork is found in the strand that it left. */
  const search = async (query: SearchQuery): Promise<SearchResult> => {
    const own = await runSearch(searchEvents(current(), horizon(), query));
    const parent = strands.parent();
    const left = query.limit - own.events.length;
    if (query.direction === 'next' || parent === null || !own.isEnd || left === 0) return own;
    const from = { index: query.from.index, time: Math.min(query.from.time, parent.at) };
    const rest = searchEvents(parent.player, parent.at, { ...query, from, limit: left });
    const earlier = await runSearch(rest);
    return { events: [...earlier.events, ...own.events], isEnd: earlier.isEnd };
  };

  /** At full speed until a condition holds; a pause cancels. */
  const runUntil = async (text: string): Promise<UntilResult> => {
    const p = current();
    const read = readCondition(text, p.cluster);
    if (!read.ok) return read;
    plays++; // what played before would go on to where the wall says it should be
    playing = true;
    const watch = p.watch(read.condition);
    const limit = untilLimit(read.condition, p.now(), p.end()) as Time;
    let end: UntilEnd | null = null;
    try {
      while (end === null) {
        end = p.runUntil(watch, limit, SLICE_MS);
        if (gate.isOpen(true)) await show();
        await pause(0);
        if (end === null && !playing) end = 'cancelled';
      }
    } finally {
      playing = false; // also where the engine throws
    }
    await show();
    return { ok: true, end, at: p.now() };
  };

  /** To just after an event: its instant has passed. */
  const seekEvent = async (index: number): Promise<boolean> => {
    const player = current();
    const query = { pattern: '', from: { index: index - 1, time: 0 }, direction: 'next', limit: 1 } as const;
    const known = player.recorder().listed.find((event) => event.index === index);
    const { events } =
      known === undefined ? await runSearch(searchEvents(player, player.end(), query)) : { events: [known] };
    const at = events[0]?.at;
    if (at === undefined) return false;
    const done = await seek((at + 1) as Time);
    await show();
    return done;
  };

  const startPlay = (): void => {
    tie(pacing, current().now(), performance.now());
    plays++;
    play(plays).catch(async (thrown: unknown) => {
      playing = false;
      if (stop?.error.detail === messageOf(thrown) && strands.shownId() === 'main') {
        // The engine stops again by itself, at the very input.
        stop = { ...stop, at: current().now() };
        await show();
        return;
      }
      tellDiverged(messageOf(thrown));
      tell();
    });
  };

  const play = async (own: number): Promise<void> => {
    const p = current();
    while (playing && own === plays && current() === p) {
      const limit = Math.min(p.end(), allowedUntil(pacing, p.now(), performance.now())) as Time;
      const reached = p.run(limit, SLICE_MS);
      checkStamps();
      if (reached && limit >= p.end()) {
        playing = false;
        await show();
        atEnd();
        break;
      }
      if (gate.isOpen(false)) await show();
      await pause(FRAME_MS);
    }
    if (own === plays) tell();
  };

  /** The verdict of a replay: its end hash against the one that the tape was saved with. */
  const atEnd = (): void => {
    const expected = tape?.header.end?.hash ?? null;
    if (!verify || expected === null || strands.shownId() !== 'main') return;
    const found = current().hash();
    if (found !== expected) tellDiverged(`end hash ${found}, the tape says ${expected}`);
  };

  /** Said once for a tape, with the event at which it shows; a replay that is another run does not go on silently. */
  const tellDiverged = (detail: string): void => {
    playing = false;
    toldDiverged = true;
    const recorded = tape?.header.engine;
    post({
      kind: 'diverged',
      detail,
      first: current().recorder().listed.at(-1) ?? null,
      engines: recorded === undefined ? null : [recorded, ENGINE],
    });
  };

  /** Said once for a tape: here its run went wrong, and the replay of it ends. */
  const tellStop = (): void => {
    if (stop === null || toldStop) return;
    toldStop = true;
    post({ kind: 'errorReached', error: stop.error });
  };

  /** A power cut on the tape stamps every node's disk: the first stamp that does not fit ends the replay. */
  const checkStamps = (): void => {
    if (toldDiverged || !verify || strands.shownId() !== 'main') return;
    const [first] = current().lived().world.fabric.divergences;
    if (first !== undefined) tellDiverged(first);
  };

  const digest = () => {
    const p = current();
    return { hash: p.hash(), nodes: p.digests(), events: p.recorder().inputs, time: p.now() };
  };

  const handOver = async (request: Extract<ReplayRequest, { kind: 'handOver' }>): Promise<void> => {
    playing = false;
    if (request.tape !== null) {
      await loadTape(request.tape.text, null);
      if (!(await seekPlayer(current(), request.tape.time as Time, 'rebuild'))) throw new Error(CANCELLED);
    }
    const { setup } = current();
    const { world, recorder } = current().lived();
    const handed: HandedOver = {
      capsule: capsuleOf(world, recorder),
      header: printTape({ header: { ...setup.tape.header, end: null }, actions: [] }),
      lines: world.fabric.tape.map(printLine),
    };
    request.port.postMessage(handed);
    request.port.close();
  };

  const handle = async (request: Queued): Promise<unknown> => {
    switch (request.kind) {
      case 'load':
        return load(request);
      case 'collect':
        return collectRun(request.text, request.what, (done, of) =>
          post({ kind: 'progress', bar: { what: 'export', done, of } }),
        );
      case 'seek': {
        plays++; // it would go on to where the wall says it should be
        const done = await seek(request.time as Time);
        await show();
        if (playing) startPlay();
        return done;
      }
      case 'seekEvent':
        playing = false;
        return seekEvent(request.index);
      case 'step': {
        playing = false;
        const found = current().stepForward(request.minRank);
        await show();
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
        if (strands.states().length > 0) await show();
        return;
      case 'pick':
        pick = { minRank: request.minRank, limit: request.limit };
        if (strands.states().length > 0) await show();
        return;
      case 'past':
        return packPast(current().past(request.query));
      case 'digest':
        return digest();
      case 'density':
        return current().density();
      case 'search':
        return search(request.query);
      case 'tape':
        return strands.tapeText(true);
      case 'handOver':
        return handOver(request);
      default:
        return onStrands(request);
    }
  };

  /** How far the shown strand is known: a tape to its end, a twin to where it stands. */
  const horizon = (): Time => (strands.shownId() === 'main' ? current().end() : current().now());

  const onStrands = async (
    request: Extract<Queued, { kind: 'fork' | 'show' | 'drop' | 'against' | 'act' | 'sql' | 'undo' }>,
  ): Promise<unknown> => {
    switch (request.kind) {
      case 'fork': {
        playing = false;
        const id = strands.fork();
        await show();
        return id;
      }
      case 'show': {
        playing = false;
        desk.restart();
        strands.show(request.strand);
        return show();
      }
      case 'drop':
        playing = false;
        strands.drop(request.strand);
        return show();
      case 'against':
        strands.setAgainst(request.strand);
        tell();
        return compare();
      case 'act': {
        const result = actOnTwin(strands, request.line);
        // A strand that stands shows at once what was done to it.
        if (result.ok && !playing) {
          await seekPlayer(current(), (current().now() + 1) as Time);
          await show();
        }
        return result;
      }
      case 'sql':
        return sqlOnTwin(strands, request, async () => {
          if (playing) await pause(FRAME_MS);
          else if (request.runToReply) {
            current().run((current().now() + 1000) as Time, SLICE_MS);
            if (gate.isOpen(false)) await show();
            await pause(0);
          } else await pause(FRAME_MS);
        });
      case 'undo': {
        playing = false;
        const line = strands.undo();
        await show();
        return line;
      }
    }
  };

  return {
    interrupt(request): request is Exclude<ReplayRequest, Queued> {
      if (request.kind === 'pause') playing = false;
      if (request.kind === 'cancel') cancelled = true;
      if (request.kind === 'drawn') gate.onDrawn();
      return request.kind === 'drawn' || request.kind === 'cancel';
    },
    handle,
  };
}
