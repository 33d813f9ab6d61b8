// The load of P1: how a page runs it, and what it counts meanwhile. The same in every engine.
import { ENGINE } from '../../sim/engine.ts';
import type { Lab } from '../api.ts';

export const VALUE_BYTES = 200;
/** Wall time that is not counted, then wall time that is. */
export const stretchMs = { warmup: 3000, measured: 10_000 } as const;

export interface Stretch {
  readonly commitsPerSecond: number;
  /** Virtual time at its start and at its end. */
  readonly from: number;
  readonly until: number;
}

export const measuredTape = (clients: number): string => `postdb-tape 1
engine ${ENGINE}
preset bench-p1
profile bench
seed 7

0.000 workload d1 kind=kv-insert rows=0 clients=${clients} thinkUs=0 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=${VALUE_BYTES} load=true
`;

/** In the page: the run of this tape at maximum speed, counted after its warm-up by what the screen receives. */
export async function measureInPage([tape, { warmup, measured }]: readonly [
  string,
  typeof stretchMs,
]): Promise<Stretch> {
  const { lab } = window as unknown as { readonly lab: Lab };
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const look = () => ({
    at: performance.now(),
    commits: lab.frame()?.metrics.commits ?? 0,
    time: lab.frame()?.time ?? 0,
  });
  await lab.startTape(tape, null);
  await wait(warmup);
  const before = look();
  await wait(measured);
  const after = look();
  lab.pause();
  return {
    commitsPerSecond: ((after.commits - before.commits) * 1000) / (after.at - before.at),
    from: before.time,
    until: after.time,
  };
}
