// What a node's worker and the fabric's tell each other is the same after the way between them.
import { expect, it } from 'vitest';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { completeWindow, nextStep, noLimits } from '../sim/fabric.ts';
import { makeFabric } from '../sim/fabric-state.ts';
import { openRunner, runWindow } from '../sim/node-runner.ts';
import { programOf } from '../sim/programs.ts';
import { freshTape, setupRun } from '../sim/run-setup.ts';
import type { NodeRunner } from '../sim/runner-state.ts';
import type { WindowAnswer } from '../sim/types.ts';
import { familyWith } from '../sim/world.ts';
import { packAnswer, packRequest, unpackAnswer, unpackRequest } from './window-wire.ts';

it('every request and answer of a run arrives as it was sent, a broadcast as one frame', async () => {
  const tape = freshTape('cynosdb', 3);
  if ('error' in tape) throw new Error(tape.error);
  const made = setupRun(tape);
  if (!made.ok) throw new Error(made.error);
  const fabric = makeFabric(made.setup.spec);
  const program = programOf(made.setup.program);
  const runners = new Map<string, NodeRunner<unknown, unknown>>();
  const seen = { frames: 0, events: 0, shared: 0 };
  const edge = await loadSqlEdge();
  while (fabric.now < 60_000) {
    const next = nextStep(fabric, edge, { ...noLimits, until: 60_000 as Time });
    if (next.kind === 'idle') break;
    if (next.kind === 'lifecycle') {
      for (const op of next.ops) {
        if (op.kind === 'open')
          runners.set(op.node, openRunner(program, op.config, new Map(), op.at, op.life));
      }
      continue;
    }
    const answers = new Map<(typeof fabric.nodes)[number]['spec']['id'], WindowAnswer>();
    for (const [node, request] of next.requests) {
      const arrived = unpackRequest(packRequest(request));
      expect(arrived).toEqual(request);
      const runner = runners.get(node);
      if (runner === undefined) throw new Error(`${node} is not open`);
      const answer = runWindow(program, runner, arrived);
      const unpacked = unpackAnswer(packAnswer(answer));
      expect(unpacked).toEqual(answer);
      seen.frames += unpacked.sent.length;
      seen.events += unpacked.trace.length;
      seen.shared += unpacked.sent.filter(
        ({ bytes }, i) => i > 0 && bytes === unpacked.sent[i - 1]?.bytes,
      ).length;
      answers.set(node, unpacked);
    }
    completeWindow(fabric, answers, familyWith(program));
  }
  expect(seen.frames).toBeGreaterThan(200);
  expect(seen.events).toBeGreaterThan(500);
  expect(seen.shared).toBeGreaterThan(20);
});
