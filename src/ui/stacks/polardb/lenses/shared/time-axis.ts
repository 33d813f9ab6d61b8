// T1 to T5 of a page over virtual time (docs/spec/logindex.md §3, V-1, V-2): lanes of the writer, of shared storage and of each reader, the steps
// on them, and whether any read had too little or too much. Pure: steps of a page in, an axis out.

import { parseTape } from '../../../../../sim/tape-parse.ts';
import { printTape } from '../../../../../sim/tape-print.ts';
import { tapes } from '../../../../../stacks/tapes.ts';
import type { PageStep } from './steps.ts';

export const storageLane = 'storage';

export interface AxisStep {
  readonly step: PageStep;
  /** Index of its lane. */
  readonly lane: number;
}

export interface TimeAxis {
  /** The writer first, then shared storage, then readers by name. */
  readonly lanes: readonly string[];
  /** In the order of time. */
  readonly steps: readonly AxisStep[];
  /** Virtual µs, `[first, last]`, with room at both ends. */
  readonly from: number;
  readonly to: number;
  /** The latest read that the mechanisms should have made impossible. */
  readonly wrong: PageStep | null;
}

const laneOf = ({ kind, node }: PageStep): string => (kind === 'stored' ? storageLane : node);

const isWriters = ({ kind }: PageStep): boolean =>
  kind === 'changed' || kind === 'blocked' || kind === 'stored';

/** Room at both ends, as a share of the stretch, and µs at least. */
const margin = { share: 0.06, least: 500 } as const;

export function timeAxis(steps: readonly PageStep[]): TimeAxis {
  const writers = new Set(steps.filter(isWriters).map(({ node }) => node));
  const readers = new Set(steps.filter((step) => !isWriters(step)).map(({ node }) => node));
  for (const node of writers) readers.delete(node);
  const byName = (names: Iterable<string>): string[] => [...names].sort();
  const lanes = [...byName(writers), storageLane, ...byName(readers)];
  const first = steps[0]?.at ?? 0;
  const last = steps.at(-1)?.at ?? 0;
  const room = Math.max(margin.least, (last - first) * margin.share);
  return {
    lanes,
    steps: steps.map((step) => ({ step, lane: lanes.indexOf(laneOf(step)) })),
    from: Math.max(0, first - room),
    to: last + room,
    wrong: steps.findLast(({ kind }) => kind === 'past' || kind === 'ahead' || kind === 'future') ?? null,
  };
}

/** The mechanisms that keep such reads away, each by the name of the planted bug that leaves it out (LI-8). */
export const mechanisms = ['shared.no-logindex', 'shared.no-outdate', 'shared.no-flush-gate'] as const;
export type Mechanism = (typeof mechanisms)[number];

/** The same tape with the mechanism off, or on again; no end is expected of it. Throws when it is no tape. */
export function tapeWithSwitch(text: string, name: Mechanism, isOff: boolean): string {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  const { header, actions } = parsed.tape;
  const others = header.mutants.filter((one) => one !== name);
  return printTape(tapes, {
    actions,
    header: { ...header, mutants: isOff ? [...others, name] : others, end: null },
  });
}
