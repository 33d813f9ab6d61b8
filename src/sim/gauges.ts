// The gauges of all stacks: read from trace events and from views, for the recorder's metrics, the samples of the charts
// and the comparisons of *Run until*.

import type { NodeId } from '../base/ids.ts';
import { mergeTables } from '../base/merge-tables.ts';
import type { TraceEvent } from '../core/kernel/trace.ts';
import type { NodeView } from '../core/kernel/view.ts';
import { stacks } from '../stacks/registry.ts';
import type { FrameGauge, Gauge, GaugeId, GaugeReading } from './gauge.ts';

interface Named extends Gauge {
  readonly id: string;
  readonly stack: string;
}

const tables = stacks.map(({ id: stack, gauges: own }) =>
  Object.fromEntries(Object.entries(own).map(([id, gauge]) => [id, { ...gauge, stack }])),
);
const gauges: ReadonlyMap<string, Named> = new Map(
  Object.entries(mergeTables<string, Gauge & { stack: string }>('gauge', tables)).map(([id, gauge]) => [
    id,
    { ...gauge, id },
  ]),
);

const compared = [...gauges.values()].flatMap((gauge) =>
  gauge.word === undefined ? [] : [{ [gauge.word]: gauge }],
);
/** Those that a condition can compare, by word. */
export const comparedGauges: ReadonlyMap<string, Named> = new Map(
  Object.entries(mergeTables<string, Named>('word of a gauge', compared)),
);

const byEvent = new Map<string, Named[]>();
for (const gauge of gauges.values())
  if (gauge.event !== undefined)
    byEvent.set(gauge.event.kind, [...(byEvent.get(gauge.event.kind) ?? []), gauge]);

/** What a condition calls a gauge's value: `VDL`, `PGCL g2`, `SCL store-3 g2`; of a node `word store-3`. */
function wordOf({ word, scope }: Gauge, node: NodeId, { group }: GaugeReading): string {
  if (scope === 'volume') return `${word}`;
  if (scope === 'node') return `${word} ${node}`;
  return scope === 'group' ? `${word} ${group}` : `${word} ${node} ${group}`;
}

/** Values that the metrics of a stack take from events alone, by id; −1 before the first. */
export const unreadGauges = (of: string): Map<string, number> =>
  new Map(
    [...gauges.values()].flatMap(({ id, stack, inFrame, event }) =>
      stack === of && inFrame && event ? [[id, -1]] : [],
    ),
  );

/** Takes what an event sets. */
export function followEvent(values: Map<string, number>, event: TraceEvent): void {
  for (const { id, event: set } of byEvent.get(event.kind) ?? [])
    if (set !== undefined && values.has(id)) values.set(id, set.read(event).value);
}

/** Likewise, by the words of conditions. */
export function compareEvent(values: Map<string, number>, event: TraceEvent, node: NodeId): void {
  for (const gauge of byEvent.get(event.kind) ?? []) {
    const reading = gauge.event?.read(event);
    if (reading !== undefined) values.set(wordOf(gauge, node, reading), reading.value);
  }
}

/** When events set a gauge, and to what. */
export function setsOf(
  id: GaugeId,
  events: readonly { readonly at: number; readonly event: TraceEvent }[],
): { readonly at: number; readonly value: number }[] {
  const set = gauges.get(id)?.event;
  return events.flatMap(({ at, event }) =>
    set?.kind === event.kind ? [{ at, value: set.read(event).value }] : [],
  );
}

/** By the words of conditions, what is known where a watch begins: of the events so far, and of nodes' newest views. */
export function comparedValues(
  followed: ReadonlyMap<string, number>,
  views: Iterable<readonly [NodeId, NodeView | null]>,
): Map<string, number> {
  const values = new Map<string, number>();
  for (const [id, value] of followed) {
    const word = gauges.get(id)?.word;
    if (word !== undefined) values.set(word, value);
  }
  for (const [node, view] of views)
    for (const role of view?.roles ?? [])
      for (const gauge of comparedGauges.values())
        for (const reading of gauge.fromView?.(role) ?? [])
          values.set(wordOf(gauge, node, reading), reading.value);
  return values;
}

/** One figure of all nodes' views. */
export function totalOf(id: GaugeId, views: readonly (NodeView | null)[]): number {
  const { fromView, total } = gauges.get(id) ?? {};
  const values = views.flatMap((view) =>
    (view?.roles ?? []).flatMap((role) => (fromView?.(role) ?? []).map(({ value }) => value)),
  );
  return values.reduce((all, value) => (total === 'max' ? Math.max(all, value) : all + value), 0);
}

/** The gauges of a picture of this stack. */
export const frameGauges = (
  of: string,
  followed: ReadonlyMap<string, number>,
  views: readonly (NodeView | null)[],
): Readonly<Partial<Record<FrameGauge, number>>> => {
  const shown = [...gauges.values()].filter(({ stack, inFrame }) => stack === of && inFrame === true);
  return Object.fromEntries(shown.map(({ id }) => [id, followed.get(id) ?? totalOf(id as GaugeId, views)]));
};

/** What each gauge of this stack says of the cluster as one figure: of a picture's metrics, else of its nodes' views. */
export const sampledGauges = (
  of: string,
  metrics: Readonly<Partial<Record<FrameGauge, number>>>,
  nodes: readonly { readonly view: NodeView | null }[],
): Readonly<Record<string, number | null>> => {
  const known = new Map<string, number>(Object.entries(metrics));
  const views = nodes.map(({ view }) => view);
  const shown = [...gauges.values()].filter(
    ({ stack, inFrame, total }) => stack === of && (inFrame === true || total !== undefined),
  );
  return Object.fromEntries(
    shown.map(({ id }) => {
      const value = known.get(id) ?? totalOf(id as GaugeId, views);
      return [id, value < 0 ? null : value];
    }),
  );
};
