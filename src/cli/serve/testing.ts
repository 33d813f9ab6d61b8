// A cluster for tests of an application: real nodes behind an address of PostgreSQL's protocol, faults as lines of a tape, and the run
// as a tape at the end. The same seed, and the same requests at the same virtual times, give the same run.

import { freshTape, setupRun } from '../../sim/run-setup.ts';
import { known } from '../../stacks/known.ts';
import { presets } from '../../stacks/presets.ts';
import { wakePacer } from './pace.ts';
import { servePg } from './pg-server.ts';
import { act, makeServedCluster, runTo, stoppedMessage, tapeOf } from './served-cluster.ts';

export interface TestCluster {
  /** `database`: `lab`, `rw`, `ro`, a node or a driver (docs/clients.md). */
  connectionString(database?: string): string;
  /** A line of a tape without its time (`crash rw-1 for 20.000 ms`), done now, or after so many virtual ms. Throws what is wrong with it. */
  act(line: string, inMs?: number): void;
  /** Lets virtual time pass: nobody has to ask anything meanwhile. Throws when the cluster has stopped by an internal error. */
  run(ms: number): void;
  /** Rules that the run has violated, as sentences; a right cluster has none. */
  violations(): readonly string[];
  /** Commits acknowledged so far. */
  commits(): number;
  /** Ends the connections and the server; the run as a tape, with its hash. */
  stop(): Promise<string>;
}

/** Throws for a preset that is not there. */
export async function startCluster(options: {
  readonly preset?: string;
  readonly seed?: number;
}): Promise<TestCluster> {
  const { preset = 'cynosdb', seed = 1 } = options;
  const tape = freshTape(presets, preset, seed);
  if ('error' in tape) throw new Error(tape.error);
  const result = setupRun(known, { ...tape, actions: [] });
  if (!result.ok) throw new Error(result.error);
  const cluster = await makeServedCluster(result.setup, true);
  const server = await servePg(cluster, 0, { kind: 'hold' });
  const { fabric } = cluster.world;
  return {
    connectionString: (database = 'lab') => `postgresql://postgres@127.0.0.1:${server.port}/${database}`,
    act(line, inMs) {
      const error = act(cluster, line, inMs === undefined ? null : fabric.now + Math.round(inMs * 1000));
      if (error !== null) throw new Error(error);
      if (inMs === undefined) runTo(cluster, fabric.now + 1);
      wakePacer(server.pacer, true);
    },
    run(ms) {
      runTo(cluster, fabric.now + Math.round(ms * 1000));
      if (cluster.stopped !== null) throw new Error(stoppedMessage(cluster.stopped));
      wakePacer(server.pacer, true);
    },
    violations: () =>
      cluster.recorder.monitors.violations.map(
        ({ rule, at, message }) => `${rule} at ${at / 1000} ms: ${message}`,
      ),
    commits: () => cluster.recorder.commits,
    async stop() {
      await server.stop();
      return tapeOf(cluster);
    },
  };
}

/** Runs a test with each of these seeds; what fails says with which. */
export async function everySeed(
  first: number,
  last: number,
  test: (seed: number) => Promise<void>,
): Promise<void> {
  for (let seed = first; seed <= last; seed++) {
    try {
      await test(seed);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}
