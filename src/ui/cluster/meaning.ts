// What a cluster on paper means: what a quorum shares, what the loss of a zone stops, whom a commit waits for and how long. Computed
// from its lines and parameters; estimates are of single messages on idle links and disks, in the middle of their jitter.

import type { NodeId } from '../../base/ids.ts';
import type { NodeSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { Preset } from '../../presets/preset.ts';
import { linkBetween } from '../../presets/round-trip.ts';
import { zonesOf } from './draft.ts';

/** A sentence of src/words/cluster, with what it takes. */
export interface Meaning {
  readonly key: string;
  readonly of: Readonly<Record<string, string | number>>;
  /** The groups that it is about, where not all are alike. */
  readonly who?: string;
  /** Something a person who builds it may not want. */
  readonly isWarning: boolean;
}

const say = (key: string, of: Meaning['of'], isWarning = false): Meaning => ({ key, of, isWarning });

interface Known {
  readonly preset: Preset;
  readonly params: Params;
}

/** Of the middle message, one way, µs. */
export function oneWayUs({ preset: { cluster }, params }: Known, from: string, to: string): number {
  const { baseUs, jitterUs, percentiles } = linkBetween(cluster, params, from, to);
  return percentiles?.find(([perMille]) => perMille >= 500)?.[1] ?? baseUs + jitterUs / 2;
}

const syncUs = ({ params }: Known, { ownDisk }: NodeSpec): number =>
  (ownDisk?.syncUs ?? params.diskSyncUs) + (ownDisk?.syncJitterUs ?? params.diskSyncJitterUs) / 2;

/** There, to disk, and back. */
const roundUs = (known: Known, from: string, to: NodeSpec): number =>
  2 * oneWayUs(known, from, to.zone) + syncUs(known, to);

/** The `count`th of them, the fastest first. */
const nth = (times: readonly number[], count: number): number =>
  [...times].sort((a, b) => a - b)[count - 1] ?? Number.POSITIVE_INFINITY;

const writerOf = ({ cluster }: Preset): NodeSpec | undefined =>
  cluster.nodes.find(
    ({ roles, isReader, isSpare }) => roles.includes('compute') && isReader !== true && isSpare !== true,
  );

/** µs from the log record's way to the answer at the writer, from the least to the most over what is not settled yet: who leads. */
export interface CommitTime {
  readonly lowUs: number;
  readonly highUs: number;
}

/** Of a protection group: the write quorum's slowest member. */
function groupCommit(known: Known, at: number): { readonly store: NodeSpec; readonly us: number } | null {
  const { cluster } = known.preset;
  const group = cluster.groups[at];
  const writer = writerOf(known.preset);
  if (group === undefined || writer === undefined) return null;
  const timed = group.replicas
    .flatMap((id) => cluster.nodes.find((spec) => spec.id === id) ?? [])
    .map((store) => ({ store, us: roundUs(known, writer.zone, store) }))
    .sort((a, b) => a.us - b.us);
  return timed[group.vw - 1] ?? null;
}

/** Of a tablet whose primary is in the zone: its own copy is one of the quorum, the others are in as many zones as there are. */
function tabletCommit(known: Known, zone: string): CommitTime | null {
  const { cluster } = known.preset;
  if (cluster.placement === undefined) return null;
  const { n, vw } = cluster.placement;
  const stores = cluster.nodes.filter(({ roles }) => roles.includes('store'));
  const own = stores.find((spec) => spec.zone === zone);
  if (own === undefined || stores.length < n) return null;
  const ownUs = syncUs(known, own);
  if (vw === 1) return { lowUs: ownUs, highUs: ownUs };
  const times = othersByZone(known, zone, own, n).sort((a, b) => a - b);
  return {
    lowUs: Math.max(ownUs, nth(times, vw - 1)),
    highUs: Math.max(ownUs, nth(times.slice(-(n - 1)), vw - 1)),
  };
}

/** Ways to where the other copies may be: one zone each where there are as many zones as copies, as the planner spreads them. */
function othersByZone(known: Known, zone: string, own: NodeSpec, copies: number): number[] {
  const stores = known.preset.cluster.nodes.filter((spec) => spec.roles.includes('store') && spec !== own);
  const zones = [...new Set(stores.map((spec) => spec.zone))].filter((other) => other !== zone);
  if (zones.length + 1 < copies) return stores.map((spec) => roundUs(known, zone, spec));
  return zones.map((other) =>
    Math.min(...stores.filter((spec) => spec.zone === other).map((spec) => roundUs(known, zone, spec))),
  );
}

/** Of a chunk: to its leader, and from it to as many as make a majority (FS-70). */
function chunkCommit(known: Known): CommitTime | null {
  const { cluster } = known.preset;
  const replicas = chunkServers(known.preset);
  const writer = writerOf(known.preset);
  if (writer === undefined || replicas.length === 0) return null;
  const others = Math.floor(replicas.length / 2);
  const times = replicas.map((leader) => {
    const followers = replicas.filter((one) => one !== leader).map((one) => roundUs(known, leader.zone, one));
    const majority = others === 0 ? 0 : nth(followers, others);
    return 2 * oneWayUs(known, writer.zone, leader.zone) + Math.max(syncUs(known, leader), majority);
  });
  return cluster.nodes.length === 0 ? null : { lowUs: Math.min(...times), highUs: Math.max(...times) };
}

function chunkServers({ cluster }: Preset): NodeSpec[] {
  const ids = new Set<NodeId>(cluster.chunks?.[0]?.replicas ?? []);
  return cluster.nodes.filter(({ id }) => ids.has(id));
}

/** Of any commit, whoever leads and wherever it lies; null: nothing can commit. */
export function commitTimeOf(preset: Preset, params: Params): CommitTime | null {
  const known = { preset, params };
  const { placement, chunks, groups } = preset.cluster;
  const times =
    placement !== undefined
      ? zonesOf(preset).flatMap((zone) => tabletCommit(known, zone) ?? [])
      : chunks !== undefined
        ? [chunkCommit(known) ?? []].flat()
        : groups.flatMap((_, at) => {
            const us = groupCommit(known, at)?.us;
            return us === undefined ? [] : [{ lowUs: us, highUs: us }];
          });
  if (times.length === 0) return null;
  return {
    lowUs: Math.min(...times.map(({ lowUs }) => lowUs)),
    highUs: Math.max(...times.map(({ highUs }) => highUs)),
  };
}

/** Milliseconds with as many decimals as say something. */
const ms = (us: number): string => (us / 1000).toFixed(us < 10_000 ? 1 : 0);
const span = ({ lowUs, highUs }: CommitTime): string =>
  ms(lowUs) === ms(highUs) ? ms(lowUs) : `${ms(lowUs)}–${ms(highUs)}`;

/** What a commit waits for, in words. */
function commits(known: Known): Meaning[] {
  const { preset } = known;
  const { cluster } = preset;
  const writer = writerOf(preset);
  if (cluster.placement !== undefined) {
    const { n: copies, vw: write } = cluster.placement;
    return zonesOf(preset).flatMap((zone) => {
      const time = tabletCommit(known, zone);
      return time === null ? [] : [say('cluster.waitsTablet', { zone, write, copies, ms: span(time) })];
    });
  }
  if (cluster.chunks !== undefined) {
    const time = commitTimeOf(preset, known.params);
    const copies = chunkServers(preset).length;
    const write = Math.floor(copies / 2) + 1;
    return time === null ? [] : [say('cluster.waitsChunk', { write, copies, ms: span(time) })];
  }
  const said = new Map<string, { readonly groups: string[]; readonly of: Meaning['of'] }>();
  for (const [i, { id, vw: write, replicas }] of cluster.groups.entries()) {
    const found = groupCommit(known, i);
    if (found === null || writer === undefined) continue;
    const of = {
      write,
      copies: replicas.length,
      node: found.store.id,
      zone: found.store.zone,
      ms: ms(found.us),
    };
    const key = JSON.stringify(of);
    const before = said.get(key);
    if (before === undefined) said.set(key, { groups: [id], of });
    else before.groups.push(id);
  }
  return [...said.values()].map(({ groups, of }) => {
    const isFar = writer !== undefined && of.zone !== writer.zone;
    return say(isFar ? 'cluster.waitsFor' : 'cluster.waitsNear', { groups: groups.join(', '), ...of });
  });
}

/** What a client adds: from its zone to the writer's and back. */
function clients(known: Known): Meaning[] {
  const { preset } = known;
  const writer = writerOf(preset);
  if (writer === undefined || preset.cluster.placement !== undefined) return [];
  const drivers = preset.cluster.nodes.filter(({ roles }) => roles.includes('driver'));
  const zones = [...new Set(drivers.map(({ zone }) => zone))];
  const commit = commitTimeOf(preset, known.params);
  if (commit === null) return [];
  return zones.map((zone) => {
    const us = 2 * oneWayUs(known, zone, writer.zone);
    const total = span({ lowUs: commit.lowUs + us, highUs: commit.highUs + us });
    return say('cluster.client', { zone, ms: ms(us), total });
  });
}

interface Quorum {
  readonly who: string | null;
  readonly copies: number;
  readonly write: number;
  readonly read: number;
}

function quorums({ cluster }: Preset): Quorum[] {
  const { groups, placement } = cluster;
  if (placement !== undefined)
    return [{ who: null, copies: placement.n, write: placement.vw, read: placement.vr }];
  const by = new Map<string, { readonly ids: string[]; readonly of: Omit<Quorum, 'who'> }>();
  for (const { id, replicas, vw, vr } of groups) {
    const of = { copies: replicas.length, write: vw, read: vr };
    const key = JSON.stringify(of);
    const before = by.get(key);
    if (before === undefined) by.set(key, { ids: [id], of });
    else before.ids.push(id);
  }
  return [...by.values()].map(({ ids, of }) => ({ who: by.size > 1 ? ids.join(', ') : null, ...of }));
}

function quorumMeaning({ who, copies, write, read }: Quorum): Meaning[] {
  if (2 * write <= copies || write + read <= copies || write > copies || read > copies) return [];
  const shared = { copies, write, read, writes: 2 * write - copies, reads: write + read - copies };
  const spare = copies - write;
  const of = who === null ? {} : { who };
  return [
    { ...say('cluster.shares', shared), ...of },
    spare === 0
      ? { ...say('cluster.noSpare', {}, true), ...of }
      : { ...say('cluster.spare', { spare, recover: copies - read }), ...of },
  ];
}

/** Most copies of a tablet that one zone has, where the others have all that they can. */
function copiesIn(preset: Preset, zone: string, copies: number): number {
  const stores = preset.cluster.nodes.filter(({ roles }) => roles.includes('store'));
  const own = stores.filter((spec) => spec.zone === zone).length;
  const zones = new Set(stores.map((spec) => spec.zone)).size;
  const others = stores.length - own;
  return Math.min(own, Math.max(Math.ceil(copies / Math.max(1, zones)), copies - others));
}

/** What keeps writes from going on once the zone is lost, or who goes on with them. */
function withoutZone(preset: Preset, zone: string): Meaning {
  const { cluster } = preset;
  const left = cluster.nodes.filter((spec) => spec.zone !== zone);
  const meta = (of: readonly NodeSpec[]): number =>
    of.filter(({ roles, isSpare }) => roles.includes('meta') && isSpare !== true).length;
  const hasMeta = 2 * meta(left) > meta(cluster.nodes);
  if (cluster.placement !== undefined) {
    const { n, vw } = cluster.placement;
    const kept = n - copiesIn(preset, zone, n);
    if (kept < vw) return say('cluster.lost.copies', { zone, kept, write: vw }, true);
    return hasMeta ? say('cluster.lost.primaries', { zone }) : say('cluster.lost.meta', { zone }, true);
  }
  const short = cluster.groups
    .map(({ id, replicas, vw }) => ({
      id,
      vw,
      kept: replicas.filter((node) => left.some((spec) => spec.id === node)).length,
    }))
    .find(({ kept, vw }) => kept < vw);
  if (short !== undefined)
    return say('cluster.lost.group', { zone, who: short.id, kept: short.kept, write: short.vw }, true);
  const servers = chunkServers(preset);
  const kept = servers.filter((spec) => spec.zone !== zone).length;
  if (servers.length > 0 && 2 * kept <= servers.length)
    return say('cluster.lost.copies', { zone, kept, write: Math.floor(servers.length / 2) + 1 }, true);
  const writer = writerOf(preset);
  if (writer?.zone !== zone)
    return say(hasMeta ? 'cluster.lost.goesOn' : 'cluster.lost.frozen', { zone }, !hasMeta);
  const next = left
    .filter(({ isReader, haPriority }) => isReader === true && haPriority !== undefined)
    .sort((a, b) => (b.haPriority ?? 0) - (a.haPriority ?? 0))[0];
  if (next === undefined) return say('cluster.lost.writer', { zone, writer: writer.id }, true);
  return hasMeta
    ? say('cluster.lost.takesOver', { zone, writer: writer.id, next: next.id })
    : say('cluster.lost.nobody', { zone, writer: writer.id, next: next.id }, true);
}

function withoutDrivers({ cluster }: Preset, zone: string): Meaning[] {
  const drivers = cluster.nodes.filter(({ roles }) => roles.includes('driver'));
  return drivers.every((spec) => spec.zone === zone) ? [say('cluster.lost.driver', { zone })] : [];
}

/** Everything that can be said of it before it runs. */
export function meaningOf(preset: Preset, params: Params): Meaning[] {
  const known = { preset, params };
  const zones = zonesOf(preset);
  return [
    ...quorums(preset).flatMap(quorumMeaning),
    ...commits(known),
    ...clients(known),
    ...(zones.length > 1
      ? zones.flatMap((zone) => [withoutZone(preset, zone), ...withoutDrivers(preset, zone)])
      : [say('cluster.oneZone', {}, true)]),
  ];
}
