// A gauge: a named quantity of a run, and how it follows from trace events and from the views of nodes' roles. A stack adds
// gauges of its own to the typed table by merging into `StackGauges`.

import type { TraceEvent, TraceKind, TraceOf } from '../../core/kernel/trace.ts';
import type { RoleView } from '../../core/kernel/view.ts';

/** What has a value of its own, and what a reading says beside its value; of a `replica`: each node's of each group. */
interface Readings {
  cluster: { readonly value: number };
  volume: { readonly value: number; readonly volume: string; readonly term: number };
  group: { readonly value: number; readonly group: string; readonly term: number };
  replica: { readonly value: number; readonly group: string };
  node: { readonly value: number };
}
type Scope = keyof Readings;

export interface GaugeReading {
  readonly value: number;
  readonly volume?: string;
  readonly group?: string;
  /** Of the writer who says it. What a writer of an older term goes on saying is its belief, and no value of the volume any more. */
  readonly term?: number;
}

interface GaugeEvent<R> {
  readonly kind: TraceKind;
  read(event: TraceEvent): R;
}
/** What a node's role shows with any view parameters: whichever lens is open, the figure is the same. */
type FromView<R> = (role: RoleView) => readonly R[];

/** `word` is what a condition of *Run until* calls it; conditions follow events, so only what an event sets has one. */
type Source<R> =
  | { readonly event: GaugeEvent<R>; readonly word?: string; readonly fromView?: FromView<R> }
  | { readonly event?: never; readonly word?: never; readonly fromView: FromView<R> };

/**
 * What the metrics have by its id: with `inFrame` every picture. With `total` one figure of all values (of nodes' views
 * where it reads them, else of the last event of each place), without it that of the cluster or of its own volume.
 */
type Figure<S extends Scope> =
  | { readonly inFrame: true; readonly total: 'sum' | 'max' }
  | {
      readonly inFrame?: never;
      readonly total: 'sum' | 'max' | 'min';
      readonly fromView: FromView<Readings[S]>;
    }
  | { readonly inFrame?: S extends 'cluster' | 'volume' ? true : never; readonly total?: never };

type GaugeOf<S extends Scope> = { readonly unit: 'lsn' | 'count'; readonly scope: S } & Source<Readings[S]> &
  Figure<S>;
export type Gauge = { [S in Scope]: GaugeOf<S> }[Scope];

export type GaugeTable = Readonly<Record<string, Gauge>>;

declare module '../../sim/stack.ts' {
  interface Stack {
    /** Named quantities, by id. */
    readonly gauges: GaugeTable;
  }
}

/** The event that sets a gauge. */
export function setBy<K extends TraceKind, R extends GaugeReading>(
  kind: K,
  read: (event: TraceOf<K>) => R,
): GaugeEvent<R>;
export function setBy(kind: TraceKind, read: (event: never) => GaugeReading): unknown {
  return { kind, read };
}

/** Tables that stacks add, by declaration merging: `interface StackGauges { log: typeof logGauges }`. */
// biome-ignore lint/suspicious/noEmptyInterface: stacks extend it
export interface StackGauges {}

type Tables = StackGauges[keyof StackGauges];
/** Ids of the gauges of such a shape, in each of the tables. */
type IdsOf<Table, Shape> = Table extends unknown
  ? { [K in keyof Table]: Table[K] extends Shape ? K : never }[keyof Table]
  : never;

export type GaugeId = IdsOf<Tables, unknown>;
/** Gauges that the metrics of a picture have. */
export type FrameGauge = IdsOf<Tables, { readonly inFrame: true }>;
/** Of those, the ones that a lane of the timeline can follow: each event sets the whole figure. */
export type SteppedGauge = IdsOf<
  Tables,
  { readonly inFrame: true; readonly event: object; readonly total?: never }
>;
