// Sizes and loads of groups (docs/spec/pcs.md PCS-96): bytes of its pages and kept log as the store of its leader's node tells them, and
// requests in the last window as its leader does. They are the memory of who leads the metadata, heard anew at each election, and no
// entries. The planner reads them in steps: what swings by less is noise, and would make it swing with it (PCS-70). The first step counts
// whole: of groups that are all small one would cost many times as much as another for a few bytes or requests more.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { Figures } from '../placement/operators.ts';
import { defaultPlacement } from '../placement/placement-state.ts';
import type { MetaState } from './meta-state.ts';
import { isLeading } from './pcs-raft.ts';
import { placeOf } from './volumes.ts';

type LoadReport = Omit<MessageOf<'SchemaReport'>['loads'][number], 'group'>;

export interface GroupFigures {
  /** By node: the newest report of each. */
  readonly sizes: Map<NodeId, ReadonlyMap<GroupId, number>>;
  readonly loads: Map<NodeId, ReadonlyMap<GroupId, LoadReport>>;
  /** The newest figures that the leader of each reported. */
  readonly reported: Map<GroupId, Figures>;
  /** The steps that these have reached. */
  readonly planned: Map<GroupId, Figures>;
}

export const makeGroupFigures = (): GroupFigures => ({
  sizes: new Map(),
  loads: new Map(),
  reported: new Map(),
  planned: new Map(),
});

/** Steps of the planner's figures: bytes (shardTargetBytes of pcs.md §1) and requests (hotMinLoad). */
export const SIZE_STEP = 65_536;
const LOAD_STEP = defaultPlacement.hotMinLoad;

export function recordSizes(
  { placement }: MetaState,
  from: NodeId,
  { sizes }: MessageOf<'GroupSizes'>,
): void {
  placement.figures.sizes.set(from, new Map(sizes.map(({ group, size }) => [group, size])));
}

export function recordLoads(
  { placement }: MetaState,
  from: NodeId,
  { loads }: MessageOf<'SchemaReport'>,
): void {
  placement.figures.loads.set(from, new Map(loads.map(({ group, ...load }) => [group, load])));
}

/** As its leader tells them; null: nobody leads it, its leader has not reported here, or this node does not lead the metadata. */
function figuresOf(state: MetaState, group: GroupId): Figures | null {
  const writer = placeOf(state.content, group)?.volume.writer ?? null;
  if (writer === null || !isLeading(state)) return null;
  const { sizes, loads } = state.placement.figures;
  const size = sizes.get(writer)?.get(group);
  const load = loads.get(writer)?.get(group);
  return size === undefined || load === undefined ? null : { size, load: load.load, buckets: load.buckets };
}

export function shownFigures(
  state: MetaState,
  group: GroupId,
): { readonly size: number | null; readonly load: number | null } {
  const { size = null, load = null } = figuresOf(state, group) ?? {};
  return { size, load };
}

/** Once in a heartbeat's time. Of a group that nobody leads now what was known is kept. */
export function followFigures(state: MetaState): void {
  const { reported: newest, planned } = state.placement.figures;
  const groups = state.content.volumes.flatMap((volume) => volume.groups.map(({ group }) => group));
  for (const known of [newest, planned])
    for (const group of [...known.keys()]) if (!groups.includes(group)) known.delete(group);
  for (const group of groups) {
    const reported = figuresOf(state, group);
    if (reported === null) continue;
    newest.set(group, reported);
    const known = planned.get(group) ?? { size: 0, load: 0 };
    planned.set(group, { ...inFigureSteps(known, reported), buckets: [] });
  }
}

/** What a plan reckons with; `reached`: absent of a group of which nothing was heard yet. */
export const inPlan = (reached: Figures | undefined): Figures => ({
  size: Math.max(SIZE_STEP, reached?.size ?? 0),
  load: Math.max(LOAD_STEP, reached?.load ?? 0),
  buckets: [],
});

/** The step that `value` has reached; one that it leaves by less than a quarter of a step is kept. */
export function inSteps(known: number, value: number, step: number): number {
  const slack = step >> 2;
  return value >= known - slack && value < known + step + slack ? known : Math.floor(value / step) * step;
}

/** Size and load as steps, from those that were reached before. */
export const inFigureSteps = (
  known: { readonly size: number; readonly load: number },
  { size, load }: { readonly size: number; readonly load: number },
): { readonly size: number; readonly load: number } => ({
  size: inSteps(known.size, size, SIZE_STEP),
  load: inSteps(known.load, load, LOAD_STEP),
});
