// The gauges of all stacks: read from trace events and from views, for the recorder's metrics, the samples of the charts
// and the comparisons of *Run until*.

import { present } from '../../base/assert.ts';
import type { NodeId } from '../../base/ids.ts';
import { mergeTables } from '../../base/merge-tables.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import type { NodeView } from '../../core/kernel/view.ts';
import type { Stack } from '../../sim/stack.ts';
import type { NodeFrame, WorldFrame } from '../picture/frame.ts';
import type { FrameGauge, Gauge, GaugeReading, SteppedGauge } from './gauge.ts';

type Named = Gauge & { readonly id: string; readonly stacks: readonly string[] };
interface GaugeValue {
  readonly value: number;
  /** Of the writer who said it, 0 where it is nobody's. */
  readonly term: number;
}
/** The last value of each place, by gauge. */
export type GaugeValues = Map<string, Map<string, GaugeValue>>;
type Views = readonly (NodeView | null)[];
type Place = readonly [place: string, value: GaugeValue];

const saidBy = ({ value, term = 0 }: GaugeReading): GaugeValue => ({ value, term });
/** The value of its place from now on, unless a newer writer has said one. */
function take(values: Map<string, GaugeValue>, place: string, reading: GaugeReading): void {
  const value = saidBy(reading);
  const known = values.get(place);
  if (known === undefined || known.term <= value.term) values.set(place, value);
}
/** Without what older writers say of a place of which a newer one speaks. */
function ofNewest(places: readonly Place[]): Place[] {
  const terms = new Map<string, number>();
  for (const [place, { term }] of places) terms.set(place, Math.max(term, terms.get(place) ?? 0));
  return places.filter(([place, { term }]) => term === terms.get(place));
}

/** The gauges of every stack, merged. */
export interface Gauges {
  readonly byId: ReadonlyMap<string, Named>;
  /** Those that a condition can compare, by word. */
  readonly compared: ReadonlyMap<string, Named>;
  /** Those that follow from an event, by its kind. */
  readonly byEvent: ReadonlyMap<string, readonly Named[]>;
}

declare module '../../sim/known.ts' {
  interface Known {
    readonly gauges: Gauges;
  }
}

export function makeGauges(stacks: readonly Pick<Stack, 'id' | 'gauges'>[]): Gauges {
  const tables = stacks.map(({ gauges: own }) => own);
  const byId: ReadonlyMap<string, Named> = new Map(
    Object.entries(mergeTables<string, Gauge>('gauge', tables)).map(([id, gauge]) => {
      const users = stacks.flatMap(({ id: stack, gauges: own }) => (Object.hasOwn(own, id) ? [stack] : []));
      return [id, { ...gauge, id, stacks: users }];
    }),
  );
  const compared = [...byId.values()].flatMap((gauge) =>
    gauge.word === undefined ? [] : [{ [gauge.word]: gauge }],
  );
  const byEvent = new Map<string, Named[]>();
  for (const gauge of byId.values())
    if (gauge.event !== undefined)
      byEvent.set(gauge.event.kind, [...(byEvent.get(gauge.event.kind) ?? []), gauge]);
  return {
    byId,
    compared: new Map(Object.entries(mergeTables<string, Named>('word of a gauge', compared))),
    byEvent,
  };
}

/** Whose value it is: `v1`, `g2`, `store-3`, `store-3 g2`; nothing for the cluster's. */
function placeOf({ scope }: Gauge, node: NodeId, { volume, group }: GaugeReading): string {
  if (scope === 'cluster') return '';
  if (scope === 'volume') return `${volume}`;
  if (scope === 'node') return node;
  return scope === 'group' ? `${group}` : `${node} ${group}`;
}

/** Gauges of a stack that follow from events, without values yet. */
export const unreadGauges = ({ byId }: Gauges, of: string): GaugeValues =>
  new Map(
    [...byId.values()].flatMap(({ id, stacks: users, event }) =>
      users.includes(of) && event !== undefined ? [[id, new Map()]] : [],
    ),
  );

/** Takes what an event sets. */
export function followEvent({ byEvent }: Gauges, values: GaugeValues, event: TraceEvent, node: NodeId): void {
  for (const gauge of byEvent.get(event.kind) ?? []) {
    const reading = values.has(gauge.id) ? gauge.event?.read(event) : undefined;
    const known = values.get(gauge.id);
    if (reading !== undefined && known !== undefined) take(known, placeOf(gauge, node, reading), reading);
  }
}

/** When events set a gauge of the cluster or of this volume, and to what. */
export function setsOf(
  { byId }: Gauges,
  id: SteppedGauge,
  events: readonly { readonly at: number; readonly event: TraceEvent; readonly node: NodeId }[],
  volume: string,
): { readonly at: number; readonly value: number }[] {
  const gauge = byId.get(id);
  let newest = 0;
  return events.flatMap(({ at, event, node }) => {
    const reading = gauge?.event?.kind === event.kind ? gauge.event.read(event) : undefined;
    if (!gauge || !reading || !['', volume].includes(placeOf(gauge, node, reading))) return [];
    const { value, term } = saidBy(reading);
    if (term < newest) return [];
    newest = term;
    return [{ at, value }];
  });
}

/** What is known where a watch begins: of the events so far, and of nodes' newest views. */
export function withViews(
  { byId }: Gauges,
  followed: GaugeValues,
  views: Iterable<readonly [NodeId, NodeView | null]>,
): GaugeValues {
  const all: GaugeValues = new Map([...followed].map(([id, values]) => [id, new Map(values)]));
  for (const [node, view] of views)
    for (const role of view?.roles ?? [])
      for (const [id, values] of all) {
        const gauge = byId.get(id);
        for (const reading of gauge?.fromView?.(role) ?? [])
          take(values, placeOf(present(gauge, id), node, reading), reading);
      }
  return all;
}

/** Of a place, `v1`, `g2` or `store-3 g2`, by the word of a fact; one that nobody has said yet is none. */
export function gaugeIn(
  { compared }: Gauges,
  values: GaugeValues,
  word: string,
  place: string,
): number | null {
  const value = values.get(compared.get(word)?.id ?? '')?.get(place)?.value ?? -1;
  return value < 0 ? null : value;
}

/** What a gauge says in one figure: of events, where none has said of the views that show it; null: nothing yet. */
export function figureOf(
  gauge: Named,
  followed: GaugeValues | null,
  views: Views,
  volume: string,
): number | null {
  const { fromView, total } = gauge;
  const known = [...(followed?.get(gauge.id) ?? [])];
  const shown = (): Place[] =>
    ofNewest(
      views.flatMap((view) =>
        view === null
          ? []
          : view.roles.flatMap((role) =>
              (fromView?.(role) ?? []).map(
                (reading) => [placeOf(gauge, view.node, reading), saidBy(reading)] as const,
              ),
            ),
      ),
    );
  if (total === undefined) {
    const isOwn = ([place]: Place): boolean => place === '' || place === volume;
    return (known.find(isOwn) ?? shown().find(isOwn))?.[1].value ?? null;
  }
  const values = (known.length > 0 || fromView === undefined ? known : shown()).map(([, { value }]) => value);
  if (total === 'min') return values.length === 0 ? null : Math.min(...values);
  return total === 'max' ? Math.max(0, ...values) : values.reduce((sum, value) => sum + value, 0);
}

/**
 * The gauges of a picture of this stack; `volume` is the cluster's own. One that nothing has said yet is −1, and absent in a
 * run that was opened from its disks (`isResumed`): then it has a value that nobody has read yet.
 */
export const frameGauges = (
  { byId }: Gauges,
  of: string,
  followed: GaugeValues,
  views: Views,
  volume: string,
  isResumed = false,
): Readonly<Partial<Record<FrameGauge, number>>> =>
  Object.fromEntries(
    [...byId.values()].flatMap((gauge) => {
      if (!gauge.stacks.includes(of) || !gauge.inFrame) return [];
      const value = figureOf(gauge, followed, views, volume);
      return value === null && isResumed ? [] : [[gauge.id, value ?? -1]];
    }),
  );

/**
 * What a gauge of this volume says in a picture: of its metrics, for the cluster's own volume, else of views; null: nothing. Nodes that are
 * down show what they last were (`ofDown`): another may have written the volume since.
 */
export const shownGauge = (
  { byId }: Gauges,
  id: SteppedGauge,
  { cluster, metrics, nodes }: Pick<WorldFrame, 'cluster' | 'metrics' | 'nodes'>,
  volume: string,
  ofDown: boolean,
): number | null => {
  const known = volume === cluster.volume && !ofDown ? metrics[id] : undefined;
  const views = nodes.filter(({ status }) => (status === 'down') === ofDown).map(({ view }) => view);
  return known ?? figureOf(present(byId.get(id), id), null, views, volume);
};

/** Whether a node that is up shows this gauge of the volume now: without one its metrics have what was said last. */
export const isShownNow = (
  { byId }: Gauges,
  id: SteppedGauge,
  nodes: readonly Pick<NodeFrame, 'status' | 'view'>[],
  volume: string,
): boolean => {
  const gauge = present(byId.get(id), id);
  const views = nodes.filter(({ status }) => status !== 'down').map(({ view }) => view);
  return gauge.fromView === undefined || figureOf(gauge, null, views, volume) !== null;
};

/** What each gauge of this stack says of the cluster as one figure: of a picture's metrics, else of its nodes' views. */
export const sampledGauges = (
  { byId }: Gauges,
  of: string,
  metrics: Readonly<Partial<Record<FrameGauge, number>>>,
  nodes: readonly { readonly view: NodeView | null }[],
  volume: string,
): Readonly<Record<string, number | null>> => {
  const known = new Map<string, number>(Object.entries(metrics));
  const views = nodes.map(({ view }) => view);
  const shown = [...byId.values()].filter(
    ({ stacks: users, inFrame, total }) => users.includes(of) && (inFrame === true || total !== undefined),
  );
  return Object.fromEntries(
    shown.flatMap((gauge) => {
      const value = known.get(gauge.id) ?? figureOf(gauge, null, views, volume);
      // The least of none is no number: the cluster has nothing of the kind.
      if (value === null && gauge.total === 'min') return [];
      return [[gauge.id, value === null || value < 0 ? null : value]];
    }),
  );
};
