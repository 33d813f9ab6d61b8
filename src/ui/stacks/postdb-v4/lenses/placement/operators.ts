// What the planner of placement does, did and would do next, as data (docs/spec/placement.md §3, §4): each change of a group's members or of
// its leadership with its reason, how far it is in pages, bytes and LSNs, and what is left on a node that is drained (PCS-79). Pure.

import type { TraceKind } from '../../../../../core/kernel/trace.ts';
import type { StoreGroupView } from '../../../../../core/log-store/store-view.ts';
import type { MetaView, MoveView, PlannedOpView, PlanView } from '../../../../../core/pcs/pcs-view.ts';
import type { ListedEvent, NodeFrame } from '../../../../../run-model/picture/frame.ts';
import { storeOf } from '../../../../model/node-facts.ts';

export const operatorKinds: readonly TraceKind[] = [
  'plan.begin',
  'group.move.begin',
  'group.move.done',
  'token.grant',
  'base.chunk',
];

/** Of leadership: it copies nothing. */
export const isTransfer = (why: string): boolean => why === 'transfer' || why === 'ISOLATE';

/** Pages and bytes of the base image that the new replica has, of those that it needs; null: none is on its way. */
export interface Image {
  readonly pages: number;
  readonly total: number;
  readonly bytes: number;
}

export interface RunningMove {
  readonly group: string;
  readonly move: MoveView;
  /** Null: it began before what is looked back at. */
  readonly why: string | null;
  readonly image: Image | null;
}

export interface PlannedMove extends PlannedOpView {
  /** R of both nodes, or L where leadership is transferred; null: there is no such node. */
  readonly fromCost: number | null;
  readonly toCost: number | null;
  readonly tolerance: number;
}

/** An operator of the stretch that is looked back at. */
export interface PastOperator {
  readonly key: string;
  readonly group: string;
  readonly from: string;
  readonly to: string;
  /** A reason of plan-words.ts. */
  readonly why: string;
  /** Virtual µs. */
  readonly at: number;
  /** Null: it goes on, or its end was not seen. */
  readonly endedAt: number | null;
  /** `done`, `rolledBack`, why it was refused; of a transfer who leads now. */
  readonly outcome: string;
  /** Of the base image that it copied. */
  readonly bytes: number;
}

/** A replica that has yet to leave a node that is drained, beside the one that takes its place. */
export interface DrainRow {
  readonly node: string;
  readonly group: string;
  readonly isLeader: boolean;
  /** SCL and NWL that the node says; −1: it says nothing. */
  readonly scl: number;
  readonly nwl: number;
  readonly pages: number;
  /** Null: no operator has begun. */
  readonly to: string | null;
  readonly toScl: number;
  readonly phase: MoveView['phase'] | null;
}

type Nodes = Readonly<Record<string, NodeFrame>>;

const replicaAt = (nodes: Nodes, node: string, group: string): StoreGroupView | null =>
  storeOf(nodes[node])?.groups.find((one) => one.group === group) ?? null;

const isMove = ({ group, why }: PastOperator, of: string): boolean => group === of && !isTransfer(why);

/** In the order in which they began. */
export function pastOperators(
  events: readonly ListedEvent[],
  volumes: ReadonlyMap<string, string>,
): readonly PastOperator[] {
  const found: PastOperator[] = [];
  const change = (at: number, part: Partial<PastOperator>): void => {
    const known = found[at];
    if (known !== undefined) found[at] = { ...known, ...part };
  };
  const lastOf = (test: (one: PastOperator) => boolean): number => found.findLastIndex(test);
  const add = (at: number, group: string, from: string, to: string, why: string): void => {
    found.push({
      key: `${group} ${at} ${to}`,
      group,
      from,
      to,
      why,
      at,
      endedAt: null,
      outcome: '',
      bytes: 0,
    });
  };
  for (const { at, event, node } of events)
    switch (event.kind) {
      case 'plan.begin': {
        const { group, from, to, why } = event;
        add(at, group, from, to, why);
        break;
      }
      case 'group.move.begin': {
        const { group, from, to, lost } = event;
        const planned = lastOf((one) => isMove(one, group) && one.to === to && one.endedAt === null);
        if (planned < 0) add(at, group, from, to, lost ? 'lost' : 'order');
        break;
      }
      case 'group.move.done': {
        const { group, to, outcome } = event;
        change(
          lastOf((one) => isMove(one, group) && one.to === to && one.endedAt === null),
          { endedAt: at, outcome },
        );
        break;
      }
      case 'base.chunk': {
        const { group, bytes } = event;
        change(
          lastOf((one) => isMove(one, group) && one.to === node),
          { bytes },
        );
        break;
      }
      case 'token.grant': {
        const group = volumes.get(event.volume);
        const open = lastOf((one) => one.group === group && isTransfer(one.why) && one.endedAt === null);
        change(open, { endedAt: at, outcome: event.holder });
        break;
      }
      default:
    }
  return found;
}

export function runningMoves(
  meta: MetaView,
  nodes: Nodes,
  past: readonly PastOperator[],
): readonly RunningMove[] {
  return meta.groups.flatMap(({ group, move }): RunningMove[] => {
    if (move === null) return [];
    const operator = past.findLast((one) => isMove(one, group) && one.to === move.to);
    const image = storeOf(nodes[move.to])?.importing.find((one) => one.group === group);
    return [
      {
        group,
        move,
        why: operator?.why ?? (move.isLost ? 'lost' : null),
        image: image === undefined ? null : { pages: image.pages, total: image.total, bytes: image.bytes },
      },
    ];
  });
}

export function plannedMoves(plan: PlanView | null): readonly PlannedMove[] {
  if (plan === null) return [];
  const costOf = (id: string | null, isLeadership: boolean): number | null => {
    const node = plan.nodes.find((one) => one.node === id);
    return node === undefined ? null : isLeadership ? node.leaderCost : node.cost;
  };
  return plan.ops.map((op): PlannedMove => {
    const isLeadership = isTransfer(op.why);
    return {
      ...op,
      fromCost: costOf(op.from, isLeadership),
      toCost: costOf(op.to, isLeadership),
      tolerance: isLeadership ? plan.leaderTolerance : plan.tolerance,
    };
  });
}

/** PCS-79: what the metadata lists of a node that is to leave, group by group. */
export function drainRows({ sharding, groups }: MetaView, nodes: Nodes): readonly DrainRow[] {
  return (sharding?.offline ?? []).flatMap((node) =>
    groups.flatMap(({ group, members, move }): DrainRow[] => {
      if (!members.sets.flat().includes(node) && !members.learners.includes(node)) return [];
      const own = replicaAt(nodes, node, group);
      const to = move?.from === node ? move.to : null;
      const next = to === null ? null : replicaAt(nodes, to, group);
      return [
        {
          node,
          group,
          isLeader: sharding?.groups.find((one) => one.group === group)?.leader === node,
          scl: own?.scl ?? -1,
          nwl: own?.nwl ?? -1,
          pages: own?.pages ?? 0,
          to,
          toScl: next?.scl ?? -1,
          phase: to === null ? null : (move?.phase ?? null),
        },
      ];
    }),
  );
}

/** Where a person may move a replica of the group to: nodes that are up, are not drained, and have none of it. */
export const targetsOf = (
  nodes: readonly { readonly id: string; readonly status: string; readonly isDrained: boolean }[],
  attachments: Readonly<Record<string, string>>,
): readonly string[] =>
  nodes.flatMap(({ id, status, isDrained }) =>
    status === 'up' && !isDrained && (attachments[id] ?? 'none') === 'none' ? [id] : [],
  );
