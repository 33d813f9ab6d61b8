// What the host tells the page: pictures at the rate that the page draws them, the newest events, the run's state.

import type { Time } from '../base/ids.ts';
import { makePicture } from '../run-model/picture/picture.ts';
import { makeNewEventsFeed } from '../run-model/recorder/new-events.ts';
import { printLine } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { settleLost } from './client-calls.ts';
import { makeEventFeed } from './event-feed.ts';
import type { LiveState } from './fabric-messages.ts';
import { makeFrameWriter } from './frame-wire.ts';
import type { HostCore, Running } from './host-core.ts';
import { makePictureGate, type PictureGate } from './picture-gate.ts';
import type { PictureKind } from './run-loop-core.ts';
import { undoable } from './run-plan.ts';

const LIVE_MS = 200;

export interface HostScreen {
  readonly gate: PictureGate;
  pick: { readonly minRank: number; readonly limit: number };
  postLive(): void;
  postPicture(time: Time, kind: PictureKind): void;
  /** The picture of another run comes before a word of it. What keeps a node from its view ends the run's loop, which says so. */
  showFirst(): Promise<void>;
  /** Measures the speed anew from here. */
  restartMeter(): void;
}

export function makeHostScreen(core: HostCore): HostScreen {
  const gate = makePictureGate();
  const newEventsFeed = makeNewEventsFeed();
  const frames = makeFrameWriter();
  const events = makeEventFeed();
  let measured = { virtual: 0, wallMs: 0, speed: 0 };
  let pictured: Running | null = null;
  const screen: HostScreen = {
    gate,
    pick: { minRank: 2, limit: 200 },
    restartMeter() {
      const virtual = core.running?.cluster.fabric.now ?? 0;
      measured = { virtual, wallMs: performance.now(), speed: 0 };
      newEventsFeed.restart();
    },
    postLive() {
      const { running } = core;
      if (running === null) return;
      // The screen still shows the run before: it stands, and what is said is of that one.
      if (running !== pictured && !running.booting) return;
      const { cluster, loop, runId, record } = running;
      const wallMs = performance.now();
      if (wallMs - measured.wallMs >= LIVE_MS) {
        const speed =
          ((cluster.fabric.now - measured.virtual) * 1000) / Math.max(1, wallMs - measured.wallMs);
        measured = { virtual: cluster.fabric.now, wallMs, speed };
      }
      const live: LiveState = {
        runId,
        parent: record.parent === null ? null : { runId: record.parent, at: record.forkedAt },
        playing: loop.playing,
        booting: running.booting,
        speed: loop.pacing.speed,
        measuredSpeed: measured.speed,
        skipQuiet: loop.skipQuiet,
        time: cluster.fabric.now,
        events: cluster.recorder.inputs,
        memoryOnly: core.theHost().memoryOnly,
        opened: cluster.fabric.nodes.filter((node) => node.status === 'up').length,
        nodes: cluster.fabric.nodes.length,
        skips: loop.skips,
        taped: cluster.fabric.tape.length,
        lesson: record.lesson ?? null,
        marks: record.marks,
        ...undoState(core, running),
        windows: cluster.windows(),
      };
      core.post({ kind: 'live', live });
    },
    postPicture(time, kind) {
      const { running } = core;
      if (running === null || core.lost !== null) return;
      settleLost(running);
      const { cluster, setup } = running;
      const frame = makePicture(known, cluster.fabric, cluster.recorder, {
        preset: setup.tape.header.preset,
        time,
        failed: core.failed,
        describe: setup.describe,
      });
      core.post({ kind: 'frame', frame: frames.pack(frame) });
      pictured = running;
      gate.onSent();
      const newEvents =
        kind === 'intermediate' ? { events: [], jumped: false } : newEventsFeed.take(cluster.recorder);
      core.post({ kind: 'events', ...events.take(cluster.recorder, screen.pick), newEvents });
      screen.postLive();
    },
    async showFirst() {
      const { running } = core;
      if (running === null || running === pictured) return;
      const { cluster, loop } = running;
      const show = async (): Promise<void> => {
        await cluster.refreshViews(loop.view);
        screen.postPicture(cluster.fabric.now, 'final');
      };
      await loop.between(show).catch(() => undefined);
    },
  };
  return screen;
}

/** Lines are printed anew only when the tape has grown. */
const undoLines = new WeakMap<Running, { readonly length: number; readonly line: string | null }>();

function undoState(core: HostCore, running: Running): { undo: string | null; redo: string | null } {
  const { tape } = running.cluster.fabric;
  let known = undoLines.get(running);
  if (known?.length !== tape.length) {
    const place = undoable(tape);
    const action = place === null ? undefined : tape[place];
    known = { length: tape.length, line: action === undefined ? null : printLine(tapes, action) };
    undoLines.set(running, known);
  }
  return { undo: known.line, redo: core.redo.at(-1)?.line ?? null };
}
