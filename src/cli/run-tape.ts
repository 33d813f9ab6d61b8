// `sim run`: a tape at full speed, with trace, history and hash as asked for.

import { createWriteStream, readFileSync, type WriteStream, writeFileSync } from 'node:fs';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import { programOf } from '../sim/programs.ts';
import { makeRunExport, traceHead, traceLine } from '../sim/run-export.ts';
import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { NEVER } from '../sim/types.ts';
import { makeWorld, runWorld, worldDigests, worldHash } from '../sim/world.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface RunOptions {
  readonly until?: string | undefined;
  readonly hash?: boolean | undefined;
  readonly trace?: string | undefined;
  readonly history?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Without an end on the tape and without --until a run goes on for this long, virtual µs after its last action. */
const DEFAULT_TAIL_US = 1_000_000;

export async function runTape(path: string, options: RunOptions): Promise<ExitCode> {
  const parsed = parseTape(readFileSync(path, 'utf8'));
  if (!parsed.ok) {
    console.error(`${path}:${parsed.line}: ${parsed.error}`);
    return exitCodes.usage;
  }
  const result = setupRun(parsed.tape);
  if (!result.ok) {
    console.error(`${path}: ${result.error}`);
    return exitCodes.usage;
  }
  const { spec, program, tape } = result.setup;
  const untilMs = options.until === undefined ? null : Number(options.until);
  if (untilMs !== null && !(untilMs >= 0)) {
    console.error(`--until ${options.until} is not a time in virtual ms`);
    return exitCodes.usage;
  }
  const last = tape.actions[tape.actions.length - 1];
  const until = (
    untilMs === null ? (tape.header.end?.at ?? (last?.at ?? 0) + DEFAULT_TAIL_US) : Math.round(untilMs * 1000)
  ) as Time;
  const edge = await loadSqlEdge();
  const monitors = makeMonitors(spec.cluster, spec.params.lal);
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
      onTrace: (events) => {
        for (const event of events) {
          observe(monitors, event);
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
  const expected = untilMs === null ? (tape.header.end?.hash ?? null) : null;
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
