// A picture of a real run for tests of lenses: a tape played headless to a time, with the views that the lens asks for.
// The same makers as live and replay; nothing in it is made up.

import type { Time } from '../../base/ids.ts';
import type { Mutants } from '../../core/kernel/mutants.ts';
import type { ViewParams } from '../../core/kernel/view-params.ts';
import type { ListedEvent, NodeFrame, WorldFrame } from '../../run-model/picture/frame.ts';
import { watchRun } from '../../run-model/picture/watched-run.ts';
import { type PastPicture, type PastQuery, pastPicture } from '../../run-model/recorder/past.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import { makeMessageLog } from '../../sim/message-log.ts';
import { setupRun } from '../../sim/run-setup.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import type { OutReply } from '../../sim/types.ts';
import { runWorld, type World } from '../../sim/world.ts';
import { known } from '../../stacks/known.ts';
import { tapes } from '../../stacks/tapes.ts';

export interface WorldShot {
  readonly frame: WorldFrame;
  readonly nodes: Readonly<Record<string, NodeFrame>>;
  readonly events: readonly ListedEvent[];
  readonly replies: readonly OutReply[];
  /** Events and messages of a stretch, as the lab answers them. */
  readonly past: (query: PastQuery) => PastPicture;
}

export interface ShotOptions {
  readonly edge: Edge;
  readonly preset?: string;
  readonly seed?: number;
  /** Planted bugs that are on. */
  readonly mutants?: Mutants;
  /** Tape lines, times in ms. */
  readonly lines: readonly string[];
  readonly atMs: number;
  readonly view: Partial<ViewParams>;
}

function readTape({ preset = 'cynosdb', seed = 7, mutants = [], lines }: Omit<ShotOptions, 'atMs'>) {
  const head = ['postdb-tape 1', 'engine 0.1.0', `preset ${preset}`, 'profile demo', `seed ${seed}`];
  const switches = mutants.map((name) => `broken ${name}`);
  const parsed = parseTape(tapes, [...head, ...switches, ...lines].join('\n'));
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  return made.setup;
}

/** A run that goes on, and can be looked at wherever it stands. */
export interface WorldRun {
  readonly world: World<unknown, unknown>;
  /** To this virtual time, or to the window in which `stop` says so; whether it did. */
  readonly runTo: (until: Time, stop?: (fresh: readonly ListedEvent[]) => boolean) => boolean;
  readonly shoot: () => WorldShot;
  readonly past: WorldShot['past'];
}

export function startWorld(options: Omit<ShotOptions, 'atMs'>): WorldRun {
  const setup = readTape(options);
  const replies: OutReply[] = [];
  const { world, recorder, host, picture } = watchRun(known, setup, options.edge, {
    preset: options.preset ?? 'cynosdb',
    onReply: (reply) => replies.push(reply),
  });
  world.fabric.traffic.log = makeMessageLog(world.fabric.now);
  let seen = 0;
  const runTo: WorldRun['runTo'] = (until, stop) => {
    const ended = runWorld(world, host, {
      until,
      ...(stop !== undefined && {
        stop: () => {
          const fresh = recorder.listed.filter(({ index }) => index >= seen);
          seen += fresh.length;
          return stop(fresh);
        },
      }),
    });
    seen = (recorder.listed.at(-1)?.index ?? -1) + 1;
    return ended === 'stopped';
  };
  const past: WorldShot['past'] = (query) => pastPicture(world.fabric, recorder, query, setup.describe);
  const shoot = (): WorldShot => {
    const frame = picture({ group: null, lsnWindow: null, span: 64, detail: true, ...options.view });
    return {
      frame,
      nodes: Object.fromEntries(frame.nodes.map((node) => [node.id, node])),
      events: recorder.listed,
      replies,
      past,
    };
  };
  return { world, runTo, shoot, past };
}

export function shootWorld(options: ShotOptions): WorldShot {
  const run = startWorld(options);
  run.runTo((options.atMs * 1000) as Time);
  return run.shoot();
}

const transfers =
  '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true';

/** `hook-hole` with two clients that transfer from the start, and these lines of a tape besides. */
export const shootTransfers = (edge: Edge, atMs: number, ...lines: readonly string[]): WorldShot =>
  viewTransfers(edge, atMs, {}, ...lines);

/** The same, with what is asked of the nodes' views. */
export const viewTransfers = (
  edge: Edge,
  atMs: number,
  view: Partial<ViewParams>,
  ...lines: readonly string[]
): WorldShot => shootWorld({ edge, preset: 'hook-hole', lines: [transfers, ...lines], atMs, view });
