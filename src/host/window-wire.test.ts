// What a node's worker and the fabric's tell each other is the same after the way between them.
import { expect, it } from 'vitest';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { completeWindow, nextStep } from '../sim/fabric.ts';
import { runWindow } from '../sim/node-runner.ts';
import { freshTape, setupRun } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { noLimits } from '../sim/testing/no-limits.ts';
import type { TracedEvent, WindowAnswer } from '../sim/types.ts';
import { familyWith, makeWorld, perform } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { presets } from '../stacks/presets.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { packAnswer, packRequest, unpackAnswer, unpackRequest } from './window-wire.ts';

interface Seen {
  frames: number;
  shared: number;
  readonly trace: TracedEvent[];
}

/** Works a tape off up to `until`, µs, with every request and answer packed and unpacked on its way. */
async function passOverWire(tape: Tape, until: number): Promise<Seen> {
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  const { program, spec } = made.setup;
  const host = { program: programOf(program), edge: await loadSqlEdge(), tape: tapes };
  const world = makeWorld<unknown, unknown>(spec);
  const { fabric } = world;
  const seen: Seen = { frames: 0, shared: 0, trace: [] };
  while (fabric.now < until) {
    const next = nextStep(fabric, host, { ...noLimits, until: until as Time });
    if (next.kind === 'idle') break;
    if (next.kind === 'lifecycle') {
      for (const op of next.ops) perform(world, host, op);
      continue;
    }
    const answers = new Map<(typeof fabric.nodes)[number]['spec']['id'], WindowAnswer>();
    for (const [node, request] of next.requests) {
      const arrived = unpackRequest(packRequest(request));
      expect(arrived).toEqual(request);
      const runner = world.runners.get(node);
      if (runner === undefined) throw new Error(`${node} is not open`);
      const answer = runWindow(host.program, runner, arrived);
      const unpacked = unpackAnswer(packAnswer(answer));
      expect(unpacked).toEqual(answer);
      seen.frames += unpacked.sent.length;
      seen.trace.push(...unpacked.trace);
      seen.shared += unpacked.sent.filter(
        ({ bytes }, i) => i > 0 && bytes === unpacked.sent[i - 1]?.bytes,
      ).length;
      answers.set(node, unpacked);
    }
    completeWindow(fabric, answers, familyWith(host.program));
  }
  return seen;
}

it('every request and answer of a run arrives as it was sent, a broadcast as one frame', async () => {
  const tape = freshTape(presets, 'cynosdb', 3);
  if ('error' in tape) throw new Error(tape.error);
  const seen = await passOverWire(tape, 60_000);
  expect(seen.frames).toBeGreaterThan(200);
  expect(seen.trace.length).toBeGreaterThan(500);
  expect(seen.shared).toBeGreaterThan(20);
});

/** Two stores that restart together ask each other for the end of the log; the second of two pieces is answered first. */
const CATCH_UP = `postdb-tape 1
engine 0.12.0
preset hook-hole
profile demo
seed 7

0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true
40.841 crash store-2
157.138 restart store-2
214.712 crash store-2
260.240 crash store-3
1893.167 restart store-2
1893.167 restart store-3
`;

it('HOLE-4 a fill beyond the last record of a replica arrives as the hole that it opens', async () => {
  const parsed = parseTape(tapes, CATCH_UP);
  if (!parsed.ok) throw new Error(parsed.error);
  const { trace } = await passOverWire(parsed.tape, 1_946_075);
  const opened = trace.filter(
    ({ event }, i) => event.kind === 'hole.open' && trace[i + 1]?.event.kind === 'hole.fill',
  );
  expect(opened).toMatchObject([{ node: 'store-2', event: { group: 'g2' } }]);
});
