// The HA group as data (docs/spec/failover.md §2, §9): who writes, who would be taken next and why, each node's connections to the
// stores (FENCE-53), and the steps of the classic switch, calculated, beside those of the recovery that is shown (FENCE-51). Pure.

import type { NodeId } from '../../../../../base/ids.ts';
import type { ConnectionView } from '../../../../../core/compute/connections.ts';
import type { MetaView } from '../../../../../core/pcs/pcs-view.ts';
import type { NodeFrame } from '../../../../../run-model/picture/frame.ts';
import { classicSteps, classicSwitch } from '../../../../../sim/classic-switch.ts';
import { computeOf, metaOf } from '../../../../model/node-facts.ts';
import { attachmentAt } from '../../../../model/volumes.ts';
import type { RecoveryModel } from './project.ts';

export interface HaRow {
  readonly node: NodeId;
  readonly part: 'writer' | 'target' | 'standby' | 'reader';
  /** Null: a reader, which is never chosen. */
  readonly priority: number | null;
  readonly up: boolean;
  /** −1: nothing is known of it. Of a writer: it applies nothing. */
  readonly applyLsn: number;
  /** Of a writer: its own VDL; −1: its node has none open. */
  readonly vdl: number;
  /** Its place in the order of FENCE-20 among the standbys that are up; 0: none. */
  readonly place: number;
  readonly connections: readonly ConnectionView[];
}

export interface HaModel {
  readonly volume: string;
  readonly token: number;
  readonly rows: readonly HaRow[];
  /** Silence after which the writer is given up, µs. */
  readonly failoverAfterUs: number;
}

type Nodes = Readonly<Record<string, NodeFrame>>;

/** What the leader of the newest term shows; null: the metadata has none, or the volume has one writer only. */
export function projectHa(nodes: Nodes, volume: string): HaModel | null {
  let best: MetaView | null = null;
  for (const frame of Object.values(nodes)) {
    const view = metaOf(frame);
    if (view?.member === 'leader' && (best === null || view.term > best.term)) best = view;
  }
  const group = best?.computeGroups?.find((one) => one.volume === volume);
  // Where tables are cut the replicas elect by their logs (PCS-49), not by priority.
  if (best === null || group === undefined || best.sharding !== undefined) return null;
  const { holder, token } = best;
  const { target, failoverAfterUs, readers } = group;
  // the last picture of a node that is down has none any more
  const connectionsOf = (node: NodeId) =>
    nodes[node]?.status === 'up' ? (computeOf(nodes[node])?.connections ?? []) : [];
  const vdlOf = (node: NodeId): number => {
    const view = nodes[node]?.status === 'down' ? null : computeOf(nodes[node]);
    return (view === null ? null : attachmentAt(view, volume)?.vdl) ?? -1;
  };
  let place = 0;
  const members = group.members.map(({ node, priority, up, applyLsn }): HaRow => {
    const part = node === holder ? 'writer' : node === target ? 'target' : 'standby';
    const isNext = up && node !== holder;
    if (isNext) place++;
    return {
      node,
      part,
      priority,
      up,
      applyLsn,
      vdl: part === 'writer' ? vdlOf(node) : -1,
      place: isNext ? place : 0,
      connections: connectionsOf(node),
    };
  });
  const others = readers.map((node): HaRow => {
    const view = computeOf(nodes[node]);
    const applyLsn = view?.reader?.applyLsn ?? -1;
    const up = nodes[node]?.status === 'up';
    const connections = connectionsOf(node);
    return { node, part: 'reader', priority: null, up, applyLsn, vdl: -1, place: 0, connections };
  });
  return { volume, token, rows: [...members, ...others], failoverAfterUs };
}

export interface SwitchRow {
  readonly step: (typeof classicSteps)[number];
  /** ms; null: not seen. */
  readonly ours: number | null;
  readonly classic: number;
}

/** µs between the beginnings of two steps of the recovery; null: one of them has not begun. */
function between({ attempt, outage }: RecoveryModel, first: string, last: string | null): number | null {
  const at = (step: string): number | undefined => attempt?.steps.find((one) => one.step === step)?.at;
  const from = at(first);
  const to = last === null ? outage.openedAt : at(last);
  return from === undefined || to === undefined || to === null ? null : (to - from) / 1000;
}

/** A classic standby that has the whole log of the run to apply, and `dirtyPages` to write. */
export function switchRows(model: RecoveryModel, dirtyPages: number): readonly SwitchRow[] {
  const begun = model.attempt?.steps[0]?.at ?? null;
  const detectMs = begun === null ? null : (begun - model.outage.from) / 1000;
  const records = Math.max(0, model.attempt?.vdlPrime ?? 0);
  const classic = classicSwitch({ detectMs: detectMs ?? 0, records, dirtyPages });
  const ours: Readonly<Record<SwitchRow['step'], number | null>> = {
    detect: detectMs,
    signal: between(model, 'token', 'R1'),
    stopReceiver: between(model, 'R1', 'R2'),
    applyAndCheckpoint: between(model, 'R2', 'R7'),
    exit: between(model, 'R7', null),
    serve:
      model.toCommitUs === null || model.toOpenUs === null
        ? null
        : (model.toCommitUs - model.toOpenUs) / 1000,
  };
  return classicSteps.map((step) => ({ step, ours: ours[step], classic: classic[step] }));
}
