// `npm run serve`: a cluster in this process behind an address of PostgreSQL's protocol on 127.0.0.1, until it is interrupted.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Time } from '../base/ids.ts';
import { messageOf } from '../base/thrown.ts';
import { profiles } from '../presets/parameters.ts';
import { freshTape, type SetupResult, setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { known } from '../stacks/known.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { clusterOfFile } from './cluster-option.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { readPace } from './serve/pace.ts';
import { databasesOf, servePg } from './serve/pg-server.ts';
import { makeServedCluster, stoppedMessage, tapeOf } from './serve/served-cluster.ts';

export interface ServeOptions {
  readonly preset?: string | undefined;
  readonly cluster?: string | undefined;
  readonly tape?: string | undefined;
  readonly profile?: string | undefined;
  readonly seed?: string | undefined;
  readonly port: string;
  readonly pace: string;
  readonly record?: string | undefined;
}

const text = { type: 'string' } as const;
/** What the command line takes. */
export const SERVE_ARGUMENTS = {
  preset: text,
  cluster: text,
  tape: text,
  profile: text,
  seed: text,
  port: { ...text, default: '5433' },
  pace: { ...text, default: 'asked' },
  record: text,
} as const;

/** Of a preset without its load, because the clients are the load; of a tape with all that is on it. */
function setupOf({
  preset = 'cynosdb',
  cluster,
  tape: path,
  profile: profileName,
  seed: seedText,
}: ServeOptions): SetupResult {
  if (path !== undefined) {
    if (!existsSync(path)) return { ok: false, error: `${path} is not there` };
    const parsed = parseTape(tapes, readFileSync(path, 'utf8'));
    return parsed.ok
      ? setupRun(known, parsed.tape)
      : { ok: false, error: `${path}:${parsed.line}: ${parsed.error}` };
  }
  const seed = seedText === undefined ? null : Number(seedText);
  if (seed !== null && !Number.isSafeInteger(seed))
    return { ok: false, error: `--seed ${seedText} is not a whole number` };
  const file = cluster === undefined ? ({ ok: true, said: preset } as const) : clusterOfFile(cluster);
  if (!file.ok) return file;
  const tape = freshTape(presets, file.said, seed);
  if ('error' in tape) return { ok: false, error: tape.error };
  const profile =
    profileName === undefined ? tape.header.profile : profiles.find((one) => one === profileName);
  if (profile === undefined)
    return { ok: false, error: `--profile ${profileName} is none of ${profiles.join(', ')}` };
  return setupRun(known, { header: { ...tape.header, profile }, actions: [] });
}

export async function serve(options: ServeOptions): Promise<ExitCode> {
  const refuse = (error: string): ExitCode => {
    console.error(error);
    return exitCodes.usage;
  };
  const pace = readPace(options.pace);
  if (pace === null) return refuse(`--pace ${options.pace} is none of asked, hold, max, 1 or a slowdown`);
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return refuse(`--port ${options.port} is no port`);
  const result = setupOf(options);
  if (!result.ok) return refuse(result.error);
  const cluster = await makeServedCluster(result.setup, options.record !== undefined);
  const server = await servePg(cluster, port, pace).catch((error: unknown) => messageOf(error));
  if (typeof server === 'string') return refuse(`127.0.0.1:${port} cannot be listened on: ${server}`);
  console.log(
    `${cluster.setup.tape.header.preset} at postgresql://postgres@127.0.0.1:${server.port}/lab  (pace ${options.pace})`,
  );
  console.log(`databases: ${databasesOf(cluster).join(', ')}; faults: CALL lab.crash('…'); Ctrl C ends`);
  await interrupted();
  await server.stop();
  const { violations } = cluster.recorder.monitors;
  if (options.record !== undefined) {
    writeFileSync(options.record, tapeOf(cluster));
    console.log(
      `${options.record}: ${cluster.world.fabric.tape.length} actions to ${(cluster.world.fabric.now as Time) / 1000} ms`,
    );
  }
  if (cluster.stopped !== null) {
    console.error(stoppedMessage(cluster.stopped));
    return exitCodes.harness;
  }
  for (const { rule, at, message } of violations)
    console.log(`VIOLATION ${rule} at ${at / 1000} ms: ${message}`);
  return violations.length > 0 ? exitCodes.violation : exitCodes.ok;
}

const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
