// A cluster while it is built: what a person has said so far, right or not, and what each control changes in it. What runs in the end is
// `presetOf`, which the one check of clusters (sim/cluster-check.ts) has judged.

import { groupId, nodeId } from '../../base/ids.ts';
import {
  type ClusterSpec,
  type DiskSpec,
  type GroupSpec,
  isBetween,
  type NodeSpec,
  type ZoneLink,
} from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { WorkloadSpec } from '../../core/kernel/workload-spec.ts';
import { groupKeyFirst } from '../../core/page/page-key.ts';
import type { ClusterFault } from '../../presets/cluster-faults.ts';
import { fittedTimers } from '../../presets/fit-timers.ts';
import { makeParams, type Profile } from '../../presets/parameters.ts';
import type { Preset, PresetLoad } from '../../presets/preset.ts';
import { roundTripUs } from '../../presets/round-trip.ts';
import { faultsOf } from '../../sim/cluster-file.ts';
import { kindOf, type NodeKindTable } from '../../sim/node-kinds.ts';
import { ownClusterName } from '../../sim/preset-names.ts';
import { presets } from '../../stacks/presets.ts';
import { linksOf, profileOf } from './latency-profiles.ts';

export interface Typed {
  readonly text: string;
  /** How the field is called on the page. */
  readonly label: string;
}

export interface Draft {
  /** As it is said; its timers may be fitted yet. */
  readonly preset: Preset;
  /** Times of waiting that are not said otherwise grow with the slowest round trip (`fittedTimers`). */
  readonly fitsTimers: boolean;
  /** What is typed and is no value, by its field: it stays as it is, and nothing starts. */
  readonly typed: Readonly<Record<string, Typed>>;
}

export const nameOf = ({ preset: { name } }: Draft): string => name.slice(name.indexOf('.') + 1);

export const kindsOf = ({ architecture }: Preset): NodeKindTable => presets.kindsOf(architecture) ?? {};

/** Zones with a node, in the order of the alphabet. */
export const zonesOf = ({ cluster }: Preset): string[] =>
  [...new Set(cluster.nodes.map(({ zone }) => zone))].sort();

export const nodesOf = (preset: Preset, kind: string): NodeSpec[] =>
  preset.cluster.nodes.filter((spec) => kindOf(kindsOf(preset), spec) === kind);

/** A cluster's timers as fitted are not its own. */
function withoutFitted(preset: Preset): Pick<Draft, 'preset' | 'fitsTimers'> {
  const fitted = new Map(fittedTimers(preset.profile, preset.cluster));
  const said = new Map(preset.changes);
  const fitsTimers = [...fitted].every(([name, value]) => said.get(name) === value);
  if (!fitsTimers) return { preset, fitsTimers };
  return {
    preset: { ...preset, changes: preset.changes.filter(([name, value]) => fitted.get(name) !== value) },
    fitsTimers,
  };
}

/** From any cluster, a preset's or one's own. */
export function draftOf(preset: Preset, name: string): Draft {
  const { isHidden: _, ...shown } = preset;
  return withName({ ...withoutFitted(shown), typed: {} }, name);
}

export function withName(draft: Draft, name: string): Draft {
  const run = ownClusterName(draft.preset.architecture, name);
  return {
    ...draft,
    preset: { ...draft.preset, name: run, cluster: { ...draft.preset.cluster, preset: run } },
  };
}

/** The parameters of a cluster; its profile's where what is said of them is refused. */
export function paramsOf({ profile, changes, cluster }: Preset): Params {
  const made = makeParams(profile, changes, cluster);
  const known = made.ok ? made : makeParams(profile);
  if (!known.ok) throw new Error(known.error);
  return known.params;
}

/** How the plainest cluster of the architecture boots, ms. */
const plainBootMs = (architecture: string): number => presets.findPreset(architecture)?.bootUntilMs ?? 0;

/** What is run: with timers and boot as long as its links ask for. */
export function presetOf({ preset, fitsTimers }: Draft): Preset {
  if (!fitsTimers) return preset;
  const { profile, cluster, architecture } = preset;
  const said = new Set(preset.changes.map(([name]) => name));
  const fitted = fittedTimers(profile, cluster).filter(([name]) => !said.has(name));
  const made = makeParams(profile);
  const longer = made.ok ? roundTripUs(made.params, cluster) / roundTripUs(made.params) : 1;
  return {
    ...preset,
    changes: [...fitted, ...preset.changes],
    bootUntilMs: Math.max(preset.bootUntilMs, Math.ceil(plainBootMs(architecture) * longer)),
  };
}

export const faultsOfDraft = (draft: Draft): ClusterFault[] => faultsOf(presets, presetOf(draft), true);

const withCluster = (draft: Draft, cluster: Partial<ClusterSpec>): Draft => ({
  ...draft,
  preset: { ...draft.preset, cluster: { ...draft.preset.cluster, ...cluster } },
});

/** What a field has typed that is no value; null: it is one again. */
export function withTyped(draft: Draft, field: string, typed: Typed | null): Draft {
  const { [field]: _, ...others } = draft.typed;
  return { ...draft, typed: typed === null ? others : { ...others, [field]: typed } };
}

/** FENCE-18: where a standby may take over, the writer has a priority too. */
function withPriorities(preset: Preset, nodes: readonly NodeSpec[]): NodeSpec[] {
  const kinds = kindsOf(preset);
  const isAppointed = nodes.some((spec) => spec.isReader && spec.haPriority !== undefined);
  return nodes.map((spec) => {
    if (kindOf(kinds, spec) !== 'writer' || kinds.writer?.is.haPriority !== undefined) return spec;
    const { haPriority = 1, ...plain } = spec;
    return isAppointed ? { ...plain, haPriority } : plain;
  });
}

/** The zone of those that has fewest nodes of the kind, the first of them. */
function emptiest(zones: readonly string[], of: readonly NodeSpec[]): string {
  const count = (zone: string): number => of.filter((spec) => spec.zone === zone).length;
  return [...zones].sort((a, b) => count(a) - count(b))[0] ?? 'a';
}

function newNode(preset: Preset, kind: string, nodes: readonly NodeSpec[]): NodeSpec | null {
  const known = kindsOf(preset)[kind];
  if (known === undefined) return null;
  const taken = new Set<string>(nodes.map(({ id }) => id));
  let number = 1;
  while (taken.has(`${known.prefix}${number}`)) number++;
  const alike = nodes.filter((spec) => kindOf(kindsOf(preset), spec) === kind);
  const zone = emptiest(zonesOf(preset), alike);
  return { id: nodeId(`${known.prefix}${number}`), zone, ...known.is };
}

/** So many nodes of a kind: new ones come into the zone that has fewest, the last ones go. */
export function withCount(draft: Draft, kind: string, count: number): Draft {
  const { preset } = draft;
  let nodes = [...preset.cluster.nodes];
  const of = nodesOf(preset, kind);
  const gone = new Set(of.slice(count).map(({ id }) => id));
  nodes = nodes.filter(({ id }) => !gone.has(id));
  for (let i = of.length; i < count; i++) {
    const made = newNode(preset, kind, nodes);
    if (made === null) return draft;
    const after = nodes.findLastIndex((spec) => kindOf(kindsOf(preset), spec) === kind);
    nodes.splice(after < 0 ? nodes.length : after + 1, 0, made);
  }
  return withNodes(draft, withPriorities(preset, nodes));
}

const majorityOf = (copies: number): number => Math.floor(copies / 2) + 1;

/** A quorum that is the majority stays one with other copies. */
function asLarge(group: GroupSpec, replicas: GroupSpec['replicas']): GroupSpec {
  const before = majorityOf(group.replicas.length);
  const isMajority = group.vw === before && group.vr === before && replicas.length > 0;
  const now = majorityOf(replicas.length);
  return { ...group, replicas, ...(isMajority ? { vw: now, vr: now } : {}) };
}

/** Groups that had every store have every store again; replicas on nodes that are gone go with them. */
function withNodes(draft: Draft, nodes: readonly NodeSpec[]): Draft {
  const { cluster } = draft.preset;
  const hosts = (of: readonly NodeSpec[], role: 'store' | 'chunk') =>
    of.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);
  const moved = (replicas: GroupSpec['replicas'], role: 'store' | 'chunk'): GroupSpec['replicas'] => {
    const after = hosts(nodes, role);
    const hadAll = hosts(cluster.nodes, role).length === replicas.length;
    return hadAll ? after : replicas.filter((id) => after.includes(id));
  };
  const { groups, chunks } = cluster;
  return withCluster(draft, {
    nodes,
    groups: groups.map((group) => asLarge(group, moved(group.replicas, 'store'))),
    ...(chunks === undefined
      ? {}
      : { chunks: chunks.map((chunk) => ({ ...chunk, replicas: moved(chunk.replicas, 'chunk') })) }),
  });
}

/** In so many zones, the nodes of each kind spread over them in turn; links keep their profile. */
export function withZones(draft: Draft, count: number): Draft {
  const { preset } = draft;
  const before = zonesOf(preset);
  const profile = profileOf(preset.cluster.links ?? [], before);
  const zones = Array.from({ length: count }, (_, i) => String.fromCharCode(97 + i));
  const seen = new Map<string, number>();
  const nodes = preset.cluster.nodes.map((spec) => {
    const kind = kindOf(kindsOf(preset), spec) ?? '';
    const at = seen.get(kind) ?? 0;
    seen.set(kind, at + 1);
    return { ...spec, zone: zones[at % count] ?? 'a' };
  });
  return inZones(withCluster(draft, { nodes }), profile);
}

export function withZoneOf(draft: Draft, node: string, zone: string): Draft {
  const { preset } = draft;
  const profile = profileOf(preset.cluster.links ?? [], zonesOf(preset));
  const nodes = preset.cluster.nodes.map((spec) => (spec.id === node ? { ...spec, zone } : spec));
  return inZones(withCluster(draft, { nodes }), profile);
}

/** Links of the zones that are there: as their profile has them, or as they were said. */
function inZones(draft: Draft, profile: ReturnType<typeof profileOf>): Draft {
  const zones = zonesOf(draft.preset);
  const { links = [] } = draft.preset.cluster;
  return withLinks(
    draft,
    profile === null
      ? links.filter(({ from, to }) => zones.includes(from) && zones.includes(to))
      : linksOf(profile, zones),
  );
}

export function withLinks(draft: Draft, links: readonly ZoneLink[]): Draft {
  const { links: _, ...rest } = draft.preset.cluster;
  return {
    ...draft,
    preset: { ...draft.preset, cluster: { ...rest, ...(links.length > 0 ? { links } : {}) } },
  };
}

/** Null: the parameters say it. */
export function withLink(draft: Draft, from: string, to: string, link: ZoneLink | null): Draft {
  const { links = [] } = draft.preset.cluster;
  const at = links.findIndex((one) => isBetween(one, from, to));
  if (link === null)
    return withLinks(
      draft,
      links.filter((_, i) => i !== at),
    );
  return withLinks(draft, at < 0 ? [...links, link] : links.with(at, link));
}

/** Key ranges follow each other in the order of the groups. */
const withGroups = (draft: Draft, groups: readonly Omit<GroupSpec, 'id' | 'keyFirst' | 'keyEnd'>[]): Draft =>
  withCluster(draft, {
    groups: groups.map(({ replicas, vw, vr }, i) => ({
      id: groupId(`g${i + 1}`),
      replicas,
      keyFirst: groupKeyFirst(i),
      keyEnd: groupKeyFirst(i + 1),
      vw,
      vr,
    })),
  });

/** So many groups: new ones are as the last one is. */
export function withGroupCount(draft: Draft, count: number): Draft {
  const { groups } = draft.preset.cluster;
  const last = groups.at(-1);
  if (last === undefined) return draft;
  return withGroups(
    draft,
    Array.from({ length: count }, (_, i) => groups[i] ?? last),
  );
}

export function withGroup(
  draft: Draft,
  at: number,
  change: Partial<Pick<GroupSpec, 'replicas' | 'vw' | 'vr'>>,
): Draft {
  const { groups } = draft.preset.cluster;
  return withGroups(
    draft,
    groups.map((group, i) => (i === at ? { ...group, ...change } : group)),
  );
}

export function withTablets(draft: Draft, change: Partial<NonNullable<ClusterSpec['placement']>>): Draft {
  const { placement } = draft.preset.cluster;
  return placement === undefined ? draft : withCluster(draft, { placement: { ...placement, ...change } });
}

/** So many chunks, each with so many copies on the first of its servers. */
export function withChunks(draft: Draft, count: number, copies: number): Draft {
  const servers = nodesOf(draft.preset, 'chunk').map(({ id }) => id);
  const replicas = servers.slice(0, copies);
  const chunks = Array.from({ length: count }, (_, i) => ({ id: groupId(`c${i}`), replicas }));
  return withCluster(draft, { chunks });
}

/** Of one node; undefined: as all disks. */
export function withDisk(draft: Draft, node: string, of: keyof DiskSpec, value: number | undefined): Draft {
  const nodes = draft.preset.cluster.nodes.map((spec): NodeSpec => {
    if (spec.id !== node) return spec;
    const { ownDisk = {}, ...rest } = spec;
    const { [of]: _, ...others } = ownDisk;
    const disk: DiskSpec = value === undefined ? others : { ...others, [of]: value };
    return Object.keys(disk).length === 0 ? rest : { ...rest, ownDisk: disk };
  });
  return withCluster(draft, { nodes });
}

export const changeOf = ({ changes }: Preset, name: string): number | undefined =>
  changes.find(([known]) => known === name)?.[1];

/** Undefined: as the profile has it. */
export function withChange(draft: Draft, name: string, value: number | undefined): Draft {
  const { changes } = draft.preset;
  const others = changes.filter(([known]) => known !== name);
  const next = value === undefined ? others : [...others, [name, value] as const];
  return { ...draft, preset: { ...draft.preset, changes: next } };
}

export const withPart = (
  draft: Draft,
  part: { readonly profile?: Profile; readonly seed?: number; readonly bootUntilMs?: number },
): Draft => ({ ...draft, preset: { ...draft.preset, ...part } });

/** Of the first load, which a new cluster has by itself. */
export function withLoad(draft: Draft, change: Partial<WorkloadSpec>): Draft {
  const [first, ...others] = draft.preset.loads;
  if (first === undefined) return draft;
  const loads: readonly PresetLoad[] = [{ ...first, spec: { ...first.spec, ...change } }, ...others];
  return { ...draft, preset: { ...draft.preset, loads } };
}
