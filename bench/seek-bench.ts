// P6: seeking in a long run, as the replay worker does it: the tape of docs/spec/presets.md (ten virtual minutes of P2's
// load with 8 clients, ten crashes and ten cuts), keyframes within 64 MB. A seek goes to a random time and makes the
// picture; a step back goes from there to the event before. What a person waits is wall time; processor time, with the
// collector's and compiler's threads in it, stands beside it for when the machine is busy.

import { performance } from 'node:perf_hooks';
import type { NodeId, Time } from '../src/base/ids.ts';
import { makePrng, nextBelow } from '../src/base/prng.ts';
import { loadSqlEdge } from '../src/edge/sql-edge.ts';
import { makePlayer, type Player } from '../src/host/player.ts';
import { ENGINE } from '../src/sim/engine.ts';
import { type RunSetup, setupRun } from '../src/sim/run-setup.ts';
import type { TapeAction } from '../src/sim/tape-actions.ts';
import { loadActions, makeTape } from '../src/sim/tape-run.ts';
import { known } from '../src/stacks/known.ts';
import { findPreset } from '../src/stacks/presets.ts';
import { type Bench, quantile, type Row } from './harness.ts';

const LENGTH_US = 600_000_000;
const SEEKS = 100;
const LIMIT_BYTES = 64_000_000;
const SEEK_REACH_MS = 200;
const BACK_REACH_MS = 100;
/** Wall time after which the first pass ends where it is, and the rows say where that was. */
const WALL_LIMIT_MS = 400_000;

const view = { group: null, lsnWindow: null, span: 32, detail: false };

/** A crash and a cut in turn, thirty virtual seconds apart. */
function makeSetup(): RunSetup {
  const preset = findPreset('bench-p2');
  if (preset === null) throw new Error('there is no preset bench-p2');
  const loads = loadActions(preset).map((action) =>
    action.kind === 'workload'
      ? { ...action, spec: { ...action.spec, clients: 8, thinkUs: 200_000 } }
      : action,
  );
  const faults = Array.from({ length: 20 }, (_, i): TapeAction => {
    const at = (15_000_000 + i * 29_000_000) as Time;
    const node = `store-${1 + (i % 6)}` as NodeId;
    if (i % 2 === 0) return { kind: 'crash', at, node, mode: 'drawn', forUs: 2_000_000 };
    const link = { from: ['rw-1' as NodeId], to: [node], isBothWays: true };
    return { kind: 'cut', at, link, forUs: 2_000_000 };
  });
  const result = setupRun(known, makeTape(preset, { engine: ENGINE, actions: [...loads, ...faults] }));
  if (!result.ok) throw new Error(result.error);
  return result.setup;
}

interface Took {
  readonly cpuMs: number;
  readonly wallMs: number;
}

function timed(work: () => void): Took {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, wallMs };
}

function seek(player: Player, time: Time): void {
  player.rewindTo(time);
  while (!player.run(time, 1000));
  player.frame(view);
}

function back(player: Player): void {
  const at = player.lastEventBefore(2);
  if (at !== null) seek(player, at);
}

async function run(): Promise<Row[]> {
  const player = makePlayer(makeSetup(), await loadSqlEdge());
  const startedAt = performance.now();
  const pass = timed(() => {
    while (!player.run(LENGTH_US as Time, 1000)) if (performance.now() - startedAt > WALL_LIMIT_MS) break;
  });
  const length = player.now();
  const inputs = player.recorder().inputs;
  const prng = makePrng(6, 'seeks', 1);
  const seeks: Took[] = [];
  const backs: Took[] = [];
  for (let i = 0; i < SEEKS; i++) {
    const time = nextBelow(prng, length) as Time;
    seeks.push(timed(() => seek(player, time)));
    backs.push(timed(() => back(player)));
  }
  const { keyframes: cache } = player;
  const note = `${(length / 60e6).toFixed(1)} virtual min, ${(inputs / 1e6).toFixed(2)} M events at ${Math.round(inputs / pass.cpuMs)} k/s, ${cache.count()} keyframes`;
  const rowOf = (name: string, times: readonly Took[], reach: number): Row => {
    const sorted = times.map(({ wallMs }) => wallMs).sort((a, b) => a - b);
    const processor = times.map(({ cpuMs }) => cpuMs).sort((a, b) => a - b);
    const value = quantile(sorted, 0.95);
    const spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / quantile(sorted, 0.5);
    return {
      id: 'P6',
      name,
      value,
      unit: 'ms',
      spread,
      reach: `≤ ${reach} ms`,
      isReached: value <= reach,
      note: `median ${quantile(sorted, 0.5).toFixed(0)} ms; processor time: p95 ${quantile(processor, 0.95).toFixed(0)} ms, median ${quantile(processor, 0.5).toFixed(0)} ms`,
    };
  };
  return [
    rowOf('seek, p95 of 100', seeks, SEEK_REACH_MS),
    rowOf('one step back, p95', backs, BACK_REACH_MS),
    {
      id: 'P6',
      name: 'keyframes',
      value: cache.bytes(),
      unit: 'B',
      spread: 0,
      reach: '≤ 64 MB',
      isReached: cache.bytes() <= LIMIT_BYTES,
      note,
    },
  ];
}

export const bench: Bench = { id: 'P6', title: 'seeking in a long run', run };
