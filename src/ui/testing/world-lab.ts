// A lab without a screen for tests of rare events: one world that is run on, acted on and looked at, as the live run is.

import { time } from '../../base/ids.ts';
import { inject } from '../../sim/fabric.ts';
import { parseAction } from '../../sim/tape-parse.ts';
import { printLine } from '../../sim/tape-print.ts';
import { tapes } from '../../stacks/tapes.ts';
import type { RareLab } from '../faults/rare-steps.ts';
import { type ShotOptions, startWorld, type WorldShot } from './world-frame.ts';

export interface WorldLab extends RareLab {
  /** What was put on the tape, in order. */
  readonly lines: readonly string[];
  readonly shoot: () => WorldShot;
}

/** `event [at node] or time >= ms`, or the time alone: what rare events wait for. */
const awaited = /^(?:([a-z.A-Z]+)(?: at (\S+))? or )?time >= ([\d.]+)$/;

export function makeWorldLab({ atMs, ...options }: ShotOptions): WorldLab {
  const { world, runTo, shoot, past } = startWorld(options);
  const lines: string[] = [];
  runTo(time(atMs * 1000));
  return {
    lines,
    shoot,
    run: () => ({ liveTime: world.fabric.now }),
    frame: () => shoot().frame,
    subscribe: () => () => undefined,
    past: async (query) => past(query),
    act: async (text) => {
      const action = parseAction(tapes, `0.000 ${text}`);
      if ('error' in action) return { ok: false, error: action.error };
      const { action: taped } = inject(world.fabric, action);
      lines.push(printLine(tapes, taped));
      return { ok: true, at: taped.at, line: printLine(tapes, taped) };
    },
    runUntil: async (condition) => {
      const [, kind, node, ms] = awaited.exec(condition) ?? [];
      if (ms === undefined) throw new Error(`a test lab does not wait for ${condition}`);
      const isFound = runTo(time(Math.round(Number(ms) * 1000)), (fresh) =>
        fresh.some((one) => one.event.kind === kind && (node === undefined || one.node === node)),
      );
      const isTime = kind === undefined;
      return { ok: true, end: isFound || isTime ? 'found' : 'limit', at: world.fabric.now };
    },
  };
}
