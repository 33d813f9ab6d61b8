// The schedule of a run, from its tape: the same windows that the browser's workers had (same seed, same trace), as
// sizes. So nothing has to be measured inside the run that is measured.

import type { NodeId, Time } from '../src/base/ids.ts';
import { completeWindow, nextStep, takeEvents } from '../src/sim/fabric.ts';
import type { Edge } from '../src/sim/fabric-state.ts';
import { makeFabric } from '../src/sim/fabric-state.ts';
import { openRunner, runWindow } from '../src/sim/node-runner.ts';
import { setupRun } from '../src/sim/run-setup.ts';
import type { NodeRunner } from '../src/sim/runner-state.ts';
import { parseTape } from '../src/sim/tape-parse.ts';
import { noLimits } from '../src/sim/testing/no-limits.ts';
import type { WindowAnswer, WindowRequest } from '../src/sim/types.ts';
import { familyWith } from '../src/sim/world.ts';
import { known } from '../src/stacks/known.ts';
import { programOf } from '../src/stacks/programs.ts';
import { tapes } from '../src/stacks/tapes.ts';
import type { Part, Schedule } from './browser/schedule.ts';

export interface Recorded extends Schedule {
  /** Virtual µs that the schedule spans. */
  readonly virtualUs: number;
}

function partOf(node: number, request: WindowRequest, answer: WindowAnswer): Part {
  const last = new Map<string, number | null>();
  for (const { key, bytes } of answer.durable) last.set(key, bytes === null ? null : bytes.length);
  return {
    node,
    received: request.deliveries.map(({ bytes }) => bytes.length),
    sent: answer.sent.map(({ bytes }) => bytes.length),
    writes: [...last],
  };
}

/** The windows from virtual time `from` on, until `until` or `most` windows. The tape has no crash. */
export function recordSchedule(
  tapeText: string,
  edge: Edge,
  { from, until, most }: { readonly from: Time; readonly until: Time; readonly most: number },
): Recorded {
  const parsed = parseTape(tapes, tapeText);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  const result = setupRun(known, parsed.tape);
  if (!result.ok) throw new Error(result.error);
  const { spec, program } = result.setup;
  const fabric = makeFabric(spec);
  const runners = new Map<NodeId, NodeRunner<unknown, unknown>>();
  const nodes = spec.cluster.nodes.map(({ id }) => id);
  const windows: Part[][] = [];
  let commits = 0;
  let beganAt = 0;
  while (windows.length < most && fabric.now < until) {
    const next = nextStep(fabric, { edge, tape: tapes }, noLimits);
    takeEvents(fabric);
    if (next.kind === 'idle') break;
    if (next.kind === 'lifecycle') {
      for (const op of next.ops) {
        if (op.kind !== 'open') throw new Error(`a schedule is of a run without faults, not with ${op.kind}`);
        runners.set(op.node, openRunner(programOf(program), op.config, new Map(), op.at, op.life));
      }
      continue;
    }
    const isRecorded = fabric.now > from;
    if (isRecorded && windows.length === 0) beganAt = fabric.now;
    const parts: Part[] = [];
    const answers = new Map<NodeId, WindowAnswer>();
    for (const [node, request] of next.requests) {
      const runner = runners.get(node);
      if (runner === undefined) throw new Error(`${node} is not open`);
      const answer = runWindow(programOf(program), runner, request);
      answers.set(node, answer);
      if (!isRecorded) continue;
      parts.push(partOf(nodes.indexOf(node), request, answer));
      for (const { event } of answer.trace) if (event.kind === 'commit.ack') commits++;
    }
    completeWindow(fabric, answers, familyWith(programOf(program)));
    if (isRecorded) windows.push(parts);
  }
  return { nodes, windows, commits, virtualUs: fabric.now - beganAt };
}
