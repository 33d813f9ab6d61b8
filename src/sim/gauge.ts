// A gauge: a named quantity of a run, and how it follows from trace events and from the views of nodes' roles. A stack adds
// gauges of its own to the typed table by merging into `StackGauges`.

import type { TraceEvent, TraceKind, TraceOf } from '../core/kernel/trace.ts';
import type { RoleView } from '../core/kernel/view.ts';

/** A value, of this group where the gauge is one of groups. */
export interface GaugeReading {
  readonly value: number;
  readonly group?: string;
}

interface GaugeEvent {
  readonly kind: TraceKind;
  read(event: TraceEvent): GaugeReading;
}

export interface Gauge {
  readonly unit: 'lsn' | 'count';
  /** What has a value of its own; `replica`: each node's of each group. */
  readonly scope: 'volume' | 'group' | 'replica' | 'node';
  /** What a condition of *Run until* calls it; absent: it cannot be compared. */
  readonly word?: string;
  /** True: the metrics of every picture have it, by its id. */
  readonly inFrame?: true;
  /** How the views of all nodes make one figure; absent: the last event does. */
  readonly total?: 'sum' | 'max';
  readonly event?: GaugeEvent;
  readonly fromView?: (role: RoleView) => readonly GaugeReading[];
}

export type GaugeTable = Readonly<Record<string, Gauge>>;

/** The event that sets a gauge. */
export const setBy = <K extends TraceKind>(
  kind: K,
  read: (event: TraceOf<K>) => GaugeReading,
): { readonly kind: K; read(event: TraceOf<K>): GaugeReading } => ({ kind, read });

/** Tables that stacks add, by declaration merging: `interface StackGauges { cynosdb: typeof cynosdbGauges }`. */
// biome-ignore lint/suspicious/noEmptyInterface: stacks extend it
export interface StackGauges {}

type InFrame<Table> = Table extends unknown
  ? { [K in keyof Table]: Table[K] extends { readonly inFrame: true } ? K : never }[keyof Table]
  : never;
type IdsOf<Table> = Table extends unknown ? keyof Table : never;

export type GaugeId = IdsOf<StackGauges[keyof StackGauges]>;
/** Gauges that the metrics of a picture have. */
export type FrameGauge = InFrame<StackGauges[keyof StackGauges]>;
