// What a monitor is: a module with rules, a state of its own for each thing that it watches, and a handler for each kind of
// trace event that it reads. Scopes: one state for the cluster, one for each volume (a writer's log, its watermarks and
// recoveries), or one for each group (its replicas, by node). The engine (monitors.ts) routes events by what they are
// about, so two writers on one node, or a writer that moves, mix nothing.
//
// States are plain data and hold no reference to each other: what is cloned with a world has no two names for one thing. A
// module adds the type of its state to VolumeStates, GroupStates or ClusterStates and its rules to RuleTable by declaration
// merging, so that others read them typed (`volume.truth`, `group.fencing`); it alone changes its own.

import type { NodeId, Time } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TraceKind, TraceOf } from '../../core/kernel/trace.ts';
import type { Directory } from './volumes.ts';

export interface Rule {
  /** Sentences of docs/spec, `WAL-20`. */
  readonly ids: readonly string[];
  /** Seed or paper by the tags of docs/spec/terms.md; D is a decision of this project. */
  readonly source: string;
  /** The lens that shows what it is about. What it says stands in src/words: `rule.<slug>.title` and `.text`. */
  readonly lens: string;
}
export type Rules = Readonly<Record<string, Rule>>;
/** What a table of rules adds to RuleTable. */
export type RulesOf<R extends Rules> = Readonly<Record<keyof R, Rule>>;

/** Every rule by its slug; modules and end-of-run checkers add theirs. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface RuleTable {}
export type RuleSlug = keyof RuleTable;

// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface ClusterStates {}
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface VolumeStates {}
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface GroupStates {}

export interface Violation {
  readonly rule: RuleSlug;
  readonly at: Time;
  readonly node: NodeId | null;
  /** What the rule was broken for, where it holds for each volume by itself. */
  readonly volume?: string;
  readonly message: string;
}

export interface Group extends GroupStates {
  readonly id: string;
}

export interface Volume extends VolumeStates {
  readonly id: string;
  /** LSNs that may be allocated above VDL (WAL-7). */
  readonly lal: number;
  /** Made by a restore; null: the cluster's own, there from the start. */
  readonly origin: TraceOf<'restore.begin'> | null;
  /** Deleted, or older than a run that was resumed: what is traced of it counts no more, or not yet. */
  isGone: boolean;
  readonly groups: Map<string, Group>;
}

/** By volume and group. */
export interface CatchingUp {
  /** A change of members went on, with a learner that was still catching up. */
  readonly groups: Set<string>;
  /** Groups with how far they were archived, while their object store still took log or base images. */
  readonly archives: Map<string, number>;
}

/** What has brought nothing for so long, in virtual µs, does not catch up. */
export const SILENT_US = 1_000_000;

/** Plain data: the states of one run's monitors and what they have found. */
export interface Monitors extends ClusterStates {
  /** The stack whose modules these are. */
  readonly stack: string;
  readonly violations: Violation[];
  /** How often each rule was put to the test. */
  readonly exercised: Record<RuleSlug, number>;
  /** The cluster's own first. */
  readonly volumes: [Volume, ...Volume[]];
  readonly directory: Directory;
  /** What still went on when the run was judged, and is asked later in it; null: it is judged for good. */
  catchingUp: CatchingUp | null;
}

/** What a volume is when its monitors begin. */
export interface VolumeFacts {
  readonly volume: string;
  readonly cluster: Pick<ClusterSpec, 'nodes' | 'groups'>;
  readonly lal: number;
  /** The run began before what the monitors see (a lab reopened from its disks). */
  readonly isResumed: boolean;
  readonly origin: TraceOf<'restore.begin'> | null;
  /** The metadata made it for a key range while the cluster ran (PCS-39); nobody has opened it yet. */
  readonly isMade?: true;
}

/** As the run began; `isResumed`: before what the monitors see. */
export interface ClusterLayout extends Pick<ClusterSpec, 'nodes' | 'chunks' | 'groups'> {
  readonly isResumed: boolean;
}

type Handlers<Subject, Rest extends readonly unknown[] = []> = {
  readonly [K in TraceKind]?: (c: Check, subject: Subject, event: TraceOf<K>, ...rest: Rest) => void;
};

interface Module {
  readonly rules: Rules;
}
export interface ClusterModule<N extends keyof ClusterStates = keyof ClusterStates> extends Module {
  readonly scope: 'cluster';
  readonly name: N;
  readonly make: (cluster: ClusterLayout) => ClusterStates[N];
  readonly observe: Handlers<Monitors>;
  readonly finish?: (c: Check, monitors: Monitors) => void;
}
export interface VolumeModule<N extends keyof VolumeStates = keyof VolumeStates> extends Module {
  readonly scope: 'volume';
  readonly name: N;
  readonly make: (facts: VolumeFacts) => VolumeStates[N];
  readonly observe: Handlers<Volume>;
  /** Before every event of the volume, of whatever kind. */
  readonly before?: (c: Check, volume: Volume) => void;
  /** At the end of a run, after healing and a calm. */
  readonly finish?: (c: Check, volume: Volume) => void;
}
export interface GroupModule<N extends keyof GroupStates = keyof GroupStates> extends Module {
  readonly scope: 'group';
  readonly name: N;
  readonly make: (facts: VolumeFacts, id: string) => GroupStates[N];
  readonly observe: Handlers<Group, [volume: Volume]>;
  /** The node's replica is gone: its disk is lost, or (`replaced`) a base image or a removal took its place. */
  readonly forget?: (group: Group, node: NodeId, why: 'lost' | 'replaced') => void;
  readonly finish?: (c: Check, group: Group, volume: Volume) => void;
}
export type MonitorModule = ClusterModule | VolumeModule | GroupModule;

/** The event that is being checked, and where findings go. One object for all events. */
export interface Check {
  monitors: Monitors;
  readonly modules: readonly MonitorModule[];
  at: Time;
  node: NodeId;
  ordinal: number;
  /** The volume whose rules are being checked. */
  volume: string | null;
}

const MAX_VIOLATIONS = 100;

/** Counts that a rule was put to the test, and records its first violation when it does not hold. */
export function expectRule(
  c: Check,
  rule: RuleSlug,
  holds: boolean,
  say: () => string,
  node: NodeId | null = c.node,
): void {
  const { violations, exercised } = c.monitors;
  exercised[rule]++;
  if (holds || violations.length >= MAX_VIOLATIONS || violations.some((found) => found.rule === rule)) return;
  const { at, volume } = c;
  violations.push({ rule, at, node, ...(volume === null ? {} : { volume }), message: say() });
}

/** The states of one scope by the names of their modules. */
const statesOf = <M extends MonitorModule>(modules: readonly M[], make: (module: M) => unknown) =>
  Object.fromEntries(modules.map((module) => [module.name, make(module)]));

export const clusterStates = (modules: readonly MonitorModule[], cluster: ClusterLayout): ClusterStates =>
  statesOf(
    modules.filter((module) => module.scope === 'cluster'),
    ({ make }) => make(cluster),
  ) as unknown as ClusterStates;

export function makeVolume(modules: readonly MonitorModule[], facts: VolumeFacts): Volume {
  const states = statesOf(
    modules.filter((module) => module.scope === 'volume'),
    ({ make }) => make(facts),
  ) as unknown as VolumeStates;
  const { volume: id, lal, origin, cluster } = facts;
  const groups = new Map(
    cluster.groups.map((group) => [String(group.id), makeGroup(modules, facts, group.id)]),
  );
  return { ...states, id, lal, origin, isGone: false, groups };
}

function makeGroup(modules: readonly MonitorModule[], facts: VolumeFacts, id: string): Group {
  const states = statesOf(
    modules.filter((module) => module.scope === 'group'),
    ({ make }) => make(facts, id),
  ) as unknown as GroupStates;
  return { ...states, id };
}

/** The group's states; a group that nobody announced counts as the volume's, with nothing known of it. */
export function groupOf({ modules }: Check, volume: Volume, id: string): Group {
  let group = volume.groups.get(id);
  if (group === undefined) {
    const cluster = { nodes: [], groups: [] };
    const { id: name, lal, origin } = volume;
    group = makeGroup(modules, { volume: name, cluster, lal, origin, isResumed: true }, id);
    volume.groups.set(id, group);
  }
  return group;
}

/** Everything a replica had reported or been asked is of a copy that is gone. */
export function forgetReplica(
  { modules }: Check,
  group: Group,
  node: NodeId,
  why: 'lost' | 'replaced',
): void {
  for (const module of modules) if (module.scope === 'group') module.forget?.(group, node, why);
}
