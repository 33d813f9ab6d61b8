// Heat of key ranges over time as data: how much each tablet was asked for, wrote and logged in each step of a stretch of virtual
// time, and what happened to its group meanwhile. Pure: the metadata's view and events go in.

import type { PastMessage } from '../../../../../run-model/picture/flights.ts';
import type { ListedEvent } from '../../../../../run-model/picture/frame.ts';
import type { PlacementModel } from './project.ts';

/**
 * Requests that drivers sent to the group, commits of its volume, log records that its primary made, and bytes of the messages about
 * the group: its log, acknowledgements, pages, base images.
 */
export const heatMeasures = ['requests', 'commits', 'records', 'bytes'] as const;
export type HeatMeasure = (typeof heatMeasures)[number];

export const heatKinds = [
  'driver.route',
  'commit.ack',
  'mtr.append',
  'group.made',
  'group.shards',
  'group.move.begin',
  'group.move.done',
  'leader.lost',
  'token.grant',
  'plan.hot',
  'split.cut',
  'merge.cut',
] as const;

/** What is drawn on a row: `made`, `rolled`, `hot`, `split`, `merged`, `lost` and `led` at an instant, `move` from its begin to its end. */
export interface HeatMark {
  readonly kind: 'made' | 'rolled' | 'hot' | 'split' | 'merged' | 'lost' | 'led' | 'move';
  /** Where it leads; of a move its begin. */
  readonly listed: ListedEvent;
  readonly from: number;
  /** Null: it goes on. */
  readonly to: number | null;
  readonly node: string;
}

export interface HeatRow {
  readonly key: string;
  readonly group: string;
  readonly table: string;
  readonly keys: string;
  /** By measure, a number for each step. */
  readonly cells: Readonly<Record<HeatMeasure, readonly number[]>>;
  readonly marks: readonly HeatMark[];
}

export interface HeatModel {
  /** Virtual µs. */
  readonly from: number;
  readonly stepUs: number;
  readonly steps: number;
  readonly rows: readonly HeatRow[];
  readonly most: Readonly<Record<HeatMeasure, number>>;
}

const heatSteps = 48;

const zeros = (): number[] => Array.from({ length: heatSteps }, () => 0);

interface Draft {
  readonly cells: Record<HeatMeasure, number[]>;
  readonly marks: HeatMark[];
}

const makeDraft = (): Draft => ({
  cells: { requests: zeros(), commits: zeros(), records: zeros(), bytes: zeros() },
  marks: [],
});

function markMove(draft: Draft, listed: ListedEvent, to: string, isEnd: boolean): void {
  const { at } = listed;
  const open = draft.marks.findLastIndex(({ kind, to: end }) => kind === 'move' && end === null);
  const known = draft.marks[open];
  if (!isEnd) draft.marks.push({ kind: 'move', listed, from: at, to: null, node: to });
  else if (known !== undefined) draft.marks[open] = { ...known, to: at };
}

/** `to`: virtual µs at the right edge. */
export function projectHeat(
  { rows, bare }: Pick<PlacementModel, 'rows' | 'bare'>,
  events: readonly ListedEvent[],
  to: number,
  spanUs: number,
  messages: readonly PastMessage[] = [],
): HeatModel {
  const from = Math.max(0, to - spanUs);
  const stepUs = Math.max(heatSteps, to - from) / heatSteps;
  const drafts = new Map(rows.map(({ group }) => [group, makeDraft()]));
  const ofVolume = new Map(rows.map(({ volume, group }) => [volume, drafts.get(group)]));
  const add = (draft: Draft | undefined, measure: HeatMeasure, at: number, count: number): void => {
    const cells = draft?.cells[measure];
    const step = Math.min(heatSteps - 1, Math.floor((at - from) / stepUs));
    if (cells !== undefined && step >= 0) cells[step] = (cells[step] ?? 0) + count;
  };
  const mark = (draft: Draft | undefined, kind: HeatMark['kind'], listed: ListedEvent, node = ''): void => {
    draft?.marks.push({ kind, listed, from: listed.at, to: listed.at, node });
  };
  for (const listed of events) {
    const { at, event } = listed;
    if (at < from || at > to) continue;
    switch (event.kind) {
      case 'driver.route':
        add(drafts.get(event.group), 'requests', at, 1);
        break;
      case 'commit.ack':
        add(ofVolume.get(event.volume), 'commits', at, 1);
        break;
      case 'mtr.append':
        add(ofVolume.get(event.volume), 'records', at, event.end - event.first);
        break;
      case 'group.made':
        mark(drafts.get(event.group), 'made', listed, event.leader);
        break;
      case 'group.shards':
        if (event.firsts.length > 1) mark(drafts.get(event.group), 'rolled', listed);
        break;
      case 'plan.hot':
        mark(drafts.get(event.group), 'hot', listed);
        break;
      case 'split.cut':
        mark(ofVolume.get(event.volume), 'split', listed);
        mark(ofVolume.get(event.child), 'split', listed);
        break;
      case 'merge.cut':
        mark(ofVolume.get(event.child), 'merged', listed);
        break;
      case 'leader.lost':
        mark(ofVolume.get(event.volume), 'lost', listed, event.leader);
        break;
      case 'token.grant':
        mark(ofVolume.get(event.volume), 'led', listed, event.holder);
        break;
      case 'group.move.begin':
      case 'group.move.done': {
        const draft = drafts.get(event.group);
        if (draft !== undefined) markMove(draft, listed, event.to, event.kind === 'group.move.done');
        break;
      }
      default:
    }
  }
  for (const { sentAt, label, bytes } of messages)
    if (label.group !== null && sentAt >= from && sentAt <= to)
      add(drafts.get(label.group), 'bytes', sentAt, bytes);
  const shown: HeatRow[] = rows.map(({ group, table, keys, tablet }) => ({
    key: `${table} ${tablet} ${group}`,
    group,
    table,
    keys,
    ...(drafts.get(group) ?? makeDraft()),
  }));
  const empty: HeatRow[] = bare.map(({ table, keys, tablet }) => ({
    key: `${table} ${tablet}`,
    group: '',
    table,
    keys,
    ...makeDraft(),
  }));
  const most = (measure: HeatMeasure): number => Math.max(1, ...shown.flatMap(({ cells }) => cells[measure]));
  return {
    from,
    stepUs,
    steps: heatSteps,
    rows: [...shown, ...empty],
    most: {
      requests: most('requests'),
      commits: most('commits'),
      records: most('records'),
      bytes: most('bytes'),
    },
  };
}

/** Marks that begin in a step of a row, in the order of time. */
export const marksIn = (
  { from, stepUs, steps }: HeatModel,
  { marks }: HeatRow,
  step: number,
): readonly HeatMark[] =>
  marks
    .filter((mark) => Math.min(steps - 1, Math.floor((mark.from - from) / stepUs)) === step)
    .toSorted((a, b) => a.from - b.from);
