// `sim run`: a tape at full speed, with trace, history and hash as asked for.

import { createWriteStream, type WriteStream, writeFileSync } from 'node:fs';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { makeRunExport, traceHead, traceLine } from '../run-model/exports/run-export.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import { printTape } from '../sim/tape-print.ts';
import { NEVER } from '../sim/types.ts';
import { makeWorld, runWorld, worldDigests, worldHash } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { openTape } from './open-tape.ts';

export interface RunOptions {
  readonly until?: string | undefined;
  readonly hash?: boolean | undefined;
  readonly trace?: string | undefined;
  readonly history?: string | undefined;
  readonly json?: boolean | undefined;
  readonly settled?: string | undefined;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
/** What the command line takes, beside the tape. */
export const RUN_ARGUMENTS = {
  until: text,
  hash: flag,
  trace: text,
  history: text,
  json: flag,
  settled: text,
} as const;

export async function runTape(path: string, options: RunOptions): Promise<ExitCode> {
  const opened = await openTape(path, '--until', options.until);
  if (opened === null) return exitCodes.usage;
  const { spec, program, tape } = opened.setup;
  const { until } = opened;
  if (options.settled !== undefined) writeFileSync(options.settled, printTape(tapes, tape));
  const edge = await loadSqlEdge();
  const monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  const { engine, preset, seed } = tape.header;
  const head = { engine, preset, seed };
  const history = makeRunExport(options.history?.endsWith('.edn') === true ? 'edn' : 'history', head);
  const traceFile: WriteStream | null = options.trace === undefined ? null : createWriteStream(options.trace);
  traceFile?.write(`${traceHead(head)}\n`);
  const world = makeWorld<unknown, unknown>(spec);
  const startedAt = performance.now();
  runWorld(
    world,
    {
      program: programOf(program),
      edge,
      tape: tapes,
      onTrace: (events) => {
        for (const event of events) {
          observe(known.monitors, monitors, event);
          traceFile?.write(`${traceLine(event)}\n`);
        }
        if (options.history !== undefined) history.add(events);
      },
    },
    { until: Math.min(until, NEVER) as Time },
  );
  const wallMs = performance.now() - startedAt;
  traceFile?.end();
  if (options.history !== undefined) writeFileSync(options.history, history.finish());
  const hash = worldHash(world);
  const expected = options.until === undefined ? (tape.header.end?.hash ?? null) : null;
  const report = {
    until: world.fabric.now / 1000,
    inputs: world.events,
    windows: world.windows,
    hash,
    expected,
    violations: monitors.violations,
    divergences: world.fabric.divergences,
    inputsPerSecond: Math.round((world.events * 1000) / wallMs),
    ...(options.hash === true ? { nodes: worldDigests(world) } : {}),
  };
  print(report, options.json === true);
  const differs = expected !== null && expected !== hash;
  return monitors.violations.length > 0 || world.fabric.divergences.length > 0 || differs
    ? exitCodes.violation
    : exitCodes.ok;
}

interface Report {
  readonly until: number;
  readonly inputs: number;
  readonly windows: number;
  readonly hash: string;
  readonly expected: string | null;
  readonly violations: readonly { readonly rule: string; readonly at: number; readonly message: string }[];
  readonly divergences: readonly string[];
  readonly inputsPerSecond: number;
  readonly nodes?: readonly {
    readonly node: string;
    readonly life: number;
    readonly hash: string;
    readonly state: string;
    readonly disk: string;
  }[];
}

function print(report: Report, asJson: boolean): void {
  if (asJson) {
    console.log(JSON.stringify(report, null, 1));
    return;
  }
  const { until, inputs, windows, hash, expected, violations, divergences, inputsPerSecond, nodes } = report;
  console.log(`to ${until} ms: ${inputs} inputs in ${windows} windows, ${inputsPerSecond} inputs/s`);
  console.log(
    `hash ${hash}${expected === null ? '' : expected === hash ? ' (as on the tape)' : ` DIFFERS from the tape's ${expected}`}`,
  );
  for (const node of nodes ?? [])
    console.log(`  ${node.node} life ${node.life} trace ${node.hash} state ${node.state} disk ${node.disk}`);
  for (const { rule, at, message } of violations)
    console.log(`VIOLATION ${rule} at ${at / 1000} ms: ${message}`);
  for (const divergence of divergences) console.log(`DIVERGED ${divergence}`);
}
