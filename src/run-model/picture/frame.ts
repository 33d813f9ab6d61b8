// One picture of a world at one virtual time: what the screen draws, live, in review, in replay and from a recorded
// keyframe alike. Plain data; made by `sim` so that the browser and headless runs cannot differ.

import type { NodeId, Time } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Mutants } from '../../core/kernel/mutants.ts';
import type { NodeView, Role } from '../../core/kernel/view.ts';
import type { FaultSpan } from '../../sim/fault-parts.ts';
import type { DiskFaults, DiskUse, FlightView, TracedEvent } from '../../sim/types.ts';
import type { FrameGauge } from '../gauges/gauge.ts';
import type { OutageFrame } from '../outages/outage-frame.ts';
import type { Wait } from '../waits/waits.ts';

export type NodeStatus = 'opening' | 'up' | 'down' | 'frozen' | 'failed';

export interface NodeFrame {
  readonly id: NodeId;
  readonly zone: string;
  readonly roles: readonly Role[];
  readonly status: NodeStatus;
  /** Times this node was opened, 1 is the first. */
  readonly life: number;
  /** Virtual time of the last change of status. */
  readonly since: Time;
  /** Last known state; of before the crash when down. */
  readonly view: NodeView | null;
  readonly disk: DiskUse | null;
  readonly diskFaults: DiskFaults;
  readonly clockOffsetUs: number;
  readonly slowCpuUs: number;
  /** Gain of the clock on virtual time, parts per million, when it drifts. */
  readonly clockDriftPpm?: number;
  /** The crash that waits for its moment, as on the tape. */
  readonly armed?: string;
  /** Why the node's engine stopped, when `failed`. */
  readonly error: string | null;
}

/** One direction of a link, listed when it is used by the preset's roles or not in its normal state. */
export interface LinkFrame {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly cut: boolean;
  readonly held: boolean;
  readonly lossPercent: number;
  readonly duplicatePercent: number;
  readonly reorderPercent: number;
  readonly corruptPercent: number;
  readonly baseUs: number;
  readonly jitterUs: number;
  /** True when base or jitter differ from the preset's. */
  readonly delayed: boolean;
  /** Bytes carried in a millisecond, when there is a limit. */
  readonly bytesPerMs?: number;
  /** Messages of a family that will be lost or kept back, when any are waited for. */
  readonly next?: readonly NextFrame[];
}

export interface NextFrame {
  readonly kind: 'drop' | 'hold';
  readonly family: string;
  readonly left: number;
}

/** Figures of every world, and by id the gauges of its stack: those of another are absent, and so is one that is not known yet. */
export interface MetricsFrame extends Readonly<Partial<Record<FrameGauge, number>>> {
  /** Virtual time from which commits are counted: the run's beginning, or the power cut after which it was opened from its disks. */
  readonly since: Time;
  /** Commits acknowledged since then, and per virtual second over the last window of 100 virtual ms. */
  readonly commits: number;
  readonly commitsPerSecond: number;
  /** Commit latency as clients see it, virtual µs, over the last 200 operations; −1 when there was none. */
  readonly latencyP50Us: number;
  readonly latencyP95Us: number;
  readonly latencyP99Us: number;
  /** Bytes stored on all disks. */
  readonly storedBytes: number;
  /** Bytes sent since the page looks on, by message family. */
  readonly sentBytes: Readonly<Record<string, number>>;
}

/** Of a world in which nothing has been counted. */
export const emptyMetrics: MetricsFrame = {
  since: 0 as Time,
  commits: 0,
  commitsPerSecond: 0,
  latencyP50Us: -1,
  latencyP95Us: -1,
  latencyP99Us: -1,
  storedBytes: 0,
  sentBytes: {},
};

/** A checker's first finding, sticky. */
export interface ViolationFrame {
  readonly rule: string;
  readonly at: Time;
  readonly node: NodeId | null;
  readonly message: string;
}

/** A fault of the tape with its span, for bands on the timeline. */
export type FaultFrame = Readonly<Omit<FaultSpan, 'parts'>>;

export interface WorldFrame {
  readonly preset: string;
  readonly seed: number;
  /** The nodes that are there. */
  readonly cluster: ClusterSpec;
  /** Nodes that were removed: their names are used up. Absent: none. */
  readonly gone?: readonly NodeId[];
  readonly time: Time;
  /** Inputs worked off by all nodes since the start of the run. */
  readonly events: number;
  /** Trace events so far. */
  readonly traced: number;
  readonly nodes: readonly NodeFrame[];
  readonly links: readonly LinkFrame[];
  readonly flights: readonly FlightView[];
  readonly metrics: MetricsFrame;
  readonly faults: readonly FaultFrame[];
  readonly violations: readonly ViolationFrame[];
  /** Operations that cannot go on until a fault ends, the weightiest first. */
  readonly waits: readonly Wait[];
  /** The newest outage of each volume that had one. */
  readonly outages: readonly OutageFrame[];
  /** Planted bugs of this run; none in an honest one. */
  readonly mutants: Mutants;
  /** How often each monitored rule was put to the test in this run, by slug. */
  readonly exercised: Readonly<Record<string, number>>;
}

/** An event in the list: its place in the run's order, counted from 0, and its rank. */
export interface ListedEvent extends TracedEvent {
  readonly index: number;
  readonly rank: 0 | 1 | 2 | 3;
}
