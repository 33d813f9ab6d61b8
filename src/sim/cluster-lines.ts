// A cluster as lines (docs/spec/presets.md): the file of a preset, and in the header of a tape the cluster that no preset names.
// What is printed reads back exactly; every line is checked as it is read, and the whole by cluster-check.ts.

import { groupId, type NodeId, nodeId } from '../base/ids.ts';
import {
  type ChunkSpec,
  type ClusterSpec,
  type DiskSpec,
  type GroupSpec,
  isBetween,
  type NodeSpec,
  type ZoneLink,
} from '../core/kernel/cluster-spec.ts';
import { groupKeyFirst } from '../core/page/page-key.ts';
import { checkChange, type Profile, profiles } from '../presets/parameters.ts';
import type { Preset, PresetLoad } from '../presets/preset.ts';
import { CLUSTER_LIMITS as MOST } from './cluster-check.ts';
import type { NodeKindTable } from './node-kinds.ts';
import { isClusterName, ownClusterName } from './preset-names.ts';
import {
  BadLine,
  badLine,
  checkName,
  expectEnd,
  hasMore,
  MAX_INTEGER,
  once,
  parseInteger,
  parseMs,
  takeInteger,
  takeMs,
  takeName,
  takeWord,
  type Words,
} from './tape-tokens.ts';
import { readWorkload } from './workload-words.ts';

/** Longest latency of a link or of a disk, and longest boot: a virtual minute. */
const LONGEST_LINK_US = 60_000_000;

/** What has been read of a cluster's lines. */
export interface ClusterDraft {
  name: string | null;
  architecture: string | null;
  isHidden: boolean;
  isInMemory: boolean;
  nodes: NodeSpec[];
  groups: Omit<GroupSpec, 'id' | 'keyFirst' | 'keyEnd'>[];
  chunks: ChunkSpec[];
  placement: ClusterSpec['placement'] | null;
  links: ZoneLink[];
  bootUntilMs: number | null;
  slowdown: number | null;
  profile: Profile | null;
  changes: (readonly [string, number])[];
  seed: number | null;
  loads: PresetLoad[];
  /** Where each part was said, by its field (cluster-check.ts); lines count from 1. */
  readonly lines: Map<string, number>;
}

export const emptyCluster = (): ClusterDraft => ({
  name: null,
  architecture: null,
  isHidden: false,
  isInMemory: false,
  nodes: [],
  groups: [],
  chunks: [],
  placement: null,
  links: [],
  bootUntilMs: null,
  slowdown: null,
  profile: null,
  changes: [],
  seed: null,
  loads: [],
  lines: new Map(),
});

export type KindsOf = (architecture: string) => NodeKindTable | null;

/** `store-1..3,cos-1` are four. */
function takeNames(words: Words, what: string): NodeId[] {
  const found = takeWord(words, what)
    .split(',')
    .flatMap((part) => {
      const range = /^(.*?)(\d{1,4})\.\.(\d{1,4})$/.exec(part);
      if (range === null) return [checkName(part, what)];
      const [, stem = '', first, last] = range;
      const from = parseInteger(first ?? '', what, 1, MOST.nodes);
      const to = parseInteger(last ?? '', what, from, from + MOST.nodes - 1);
      return Array.from({ length: to - from + 1 }, (_, i) => checkName(`${stem}${from + i}`, what));
    });
  if (found.length > MOST.nodes) throw badLine('moreNames', { what, most: MOST.nodes });
  return found.map(nodeId);
}

interface Field {
  readonly word: string;
  readonly of: keyof DiskSpec;
  readonly unit: 'ms' | '';
  readonly min: number;
  readonly max: number;
}

/** What a node's line may say of its disk. */
export const diskFields: readonly Field[] = [
  { word: 'sync', of: 'syncUs', unit: 'ms', min: 1, max: LONGEST_LINK_US },
  { word: 'syncJitter', of: 'syncJitterUs', unit: 'ms', min: 0, max: LONGEST_LINK_US },
  { word: 'read', of: 'readUs', unit: 'ms', min: 1, max: LONGEST_LINK_US },
  { word: 'bandwidth', of: 'bandwidth', unit: '', min: 1, max: 100_000 },
  { word: 'size', of: 'limitBytes', unit: '', min: 65_536, max: 64 * 1024 * 1024 * 1024 },
];

/** `word=value` pairs up to the end of the line; of those that are not known the first is refused. */
function takePairs(words: Words, known: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  while (hasMore(words)) {
    const word = takeWord(words, 'field');
    const equals = word.indexOf('=');
    const name = word.slice(0, Math.max(0, equals));
    if (equals <= 0 || !known.includes(name))
      throw badLine('expected', { anyOf: known.map((one) => `${one}=…`), found: word });
    if (found.has(name)) throw badLine('givenTwice', { what: name });
    found.set(name, word.slice(equals + 1));
  }
  return found;
}

function readDisk(pairs: ReadonlyMap<string, string>): { ownDisk?: DiskSpec } {
  const entries = diskFields.flatMap(({ word, of, unit, min, max }) => {
    const text = pairs.get(word);
    if (text === undefined) return [];
    return [[of, unit === 'ms' ? parseMs(text, word, min, max) : parseInteger(text, word, min, max)]];
  });
  return entries.length === 0 ? {} : { ownDisk: Object.fromEntries(entries) as DiskSpec };
}

/** `node store-1..3 store a,b,c sync=2.000` */
function readNodes(draft: ClusterDraft, kinds: NodeKindTable, words: Words): void {
  const names = takeNames(words, 'node');
  const word = takeWord(words, 'kind');
  const kind = Object.hasOwn(kinds, word) ? kinds[word] : undefined;
  if (kind === undefined)
    throw badLine('notNodeKind', {
      architecture: draft.architecture ?? '',
      known: Object.keys(kinds),
      found: word,
    });
  const zones = takeWord(words, 'zone')
    .split(',')
    .map((zone) => checkZone(zone));
  const pairs = takePairs(words, ['priority', ...diskFields.map((field) => field.word)]);
  const said = pairs.get('priority');
  const priority = said === undefined ? kind.is.haPriority : parseInteger(said, 'priority', 0, 255);
  if (said !== undefined && !kind.is.roles.includes('compute')) throw badLine('noPriority', { kind: word });
  const disk = readDisk(pairs);
  for (const [i, id] of names.entries()) {
    if (draft.nodes.some((one) => one.id === id)) throw badLine('twoNodes', { node: id });
    if (draft.nodes.length >= MOST.nodes) throw badLine('moreThan', { most: MOST.nodes, what: 'nodes' });
    const zone = zones[i % zones.length] as string;
    const ha = priority === undefined ? {} : { haPriority: priority };
    draft.nodes.push({ id, zone, ...kind.is, ...ha, ...disk });
  }
}

function checkZone(zone: string): string {
  if (!/^[a-z][a-z0-9-]{0,15}$/.test(zone)) throw badLine('notZone', { found: zone });
  return zone;
}

/** `write=2 read=2`, and `copies=3` where no names say how many. */
function takeQuorum(words: Words, isCounted: boolean): { n: number; vw: number; vr: number } {
  const pairs = takePairs(words, [...(isCounted ? ['copies'] : []), 'write', 'read']);
  const take = (name: string): number => {
    const text = pairs.get(name);
    if (text === undefined) throw badLine('missing', { what: `${name}=…` });
    return parseInteger(text, name, 1, MOST.copies);
  };
  return { n: isCounted ? take('copies') : 0, vw: take('write'), vr: take('read') };
}

/** `link a b base=3.000 jitter=0.200 tail=1`, or `p50=3.100 p99.9=9.000` in place of a jitter. */
function readLink(draft: ClusterDraft, words: Words): void {
  const from = checkZone(takeWord(words, 'zone'));
  const to = checkZone(takeWord(words, 'zone'));
  if (draft.links.some((one) => isBetween(one, from, to)))
    throw badLine('givenTwice', { what: `link ${from} ${to}` });
  let baseUs: number | null = null;
  let jitterUs = 0;
  let isHeavyTailed = false;
  const percentiles: [number, number][] = [];
  while (hasMore(words)) {
    const word = takeWord(words, 'field');
    const [, name = '', text = ''] = /^([^=]*)=(.*)$/.exec(word) ?? [];
    const share = /^p(\d{1,3})(?:\.(\d))?$/.exec(name);
    if (name === 'base') baseUs = parseMs(text, 'base', 1, LONGEST_LINK_US);
    else if (name === 'jitter') jitterUs = parseMs(text, 'jitter', 0, LONGEST_LINK_US);
    else if (name === 'tail') isHeavyTailed = parseInteger(text, 'tail', 0, 1) === 1;
    else if (share !== null)
      percentiles.push([
        Number(share[1]) * 10 + Number(share[2] ?? 0),
        parseMs(text, name, 1, LONGEST_LINK_US),
      ]);
    else throw badLine('linkField', { found: word });
  }
  if (baseUs === null) throw badLine('missing', { what: 'base=…' });
  if (percentiles.length > 0 && (jitterUs > 0 || isHeavyTailed)) throw badLine('jitterOrPercentiles');
  draft.links.push({
    from,
    to,
    baseUs,
    jitterUs,
    ...(isHeavyTailed ? { isHeavyTailed } : {}),
    ...(percentiles.length > 0 ? { percentiles: checkPercentiles(baseUs, percentiles) } : {}),
  });
}

function checkPercentiles(baseUs: number, all: [number, number][]): [number, number][] {
  let [share, us] = [0, baseUs];
  for (const [perMille, at] of all) {
    if (perMille <= share || perMille > 1000 || at < us) throw badLine('percentilesGrow');
    [share, us] = [perMille, at];
  }
  if (all.length > MOST.percentiles)
    throw badLine('moreThan', { most: MOST.percentiles, what: 'percentiles' });
  return all;
}

function kindsOf(draft: ClusterDraft, known: KindsOf): NodeKindTable {
  const { architecture } = draft;
  if (architecture === null) throw badLine('architectureFirst');
  const kinds = known(architecture);
  if (kinds === null) throw badLine('unknownArchitecture', { found: architecture });
  return kinds;
}

type Reader = (draft: ClusterDraft, words: Words, kinds: KindsOf) => void;

/** Lines that a tape's header and a cluster's file have alike. */
const layoutReaders: Readonly<Record<string, Reader>> = {
  cluster(draft, words) {
    once(draft.name === null, 'cluster');
    draft.name = takeWord(words, 'cluster');
    if (!isClusterName(draft.name)) throw badLine('notClusterName', { found: draft.name });
  },
  architecture(draft, words, kinds) {
    once(draft.architecture === null, 'architecture');
    const id = takeName(words, 'architecture');
    if (kinds(id) === null) throw badLine('unknownArchitecture', { found: id });
    draft.architecture = id;
  },
  'in-memory'(draft) {
    draft.isInMemory = true;
  },
  node: (draft, words, kinds) => readNodes(draft, kindsOf(draft, kinds), words),
  group(draft, words) {
    const replicas = takeNames(words, 'stores');
    const { vw, vr } = takeQuorum(words, false);
    if (draft.groups.length >= MOST.groups) throw badLine('moreThan', { most: MOST.groups, what: 'groups' });
    draft.groups.push({ replicas, vw, vr });
  },
  tablets(draft, words) {
    once(draft.placement === null, 'tablets');
    draft.placement = takeQuorum(words, true);
  },
  chunks(draft, words) {
    once(draft.chunks.length === 0, 'chunks');
    const count = takeInteger(words, 'chunks', 1, MOST.chunks);
    const replicas = takeNames(words, 'chunk servers');
    draft.chunks = Array.from({ length: count }, (_, i) => ({ id: groupId(`c${i}`), replicas }));
  },
  link: readLink,
  boot(draft, words) {
    once(draft.bootUntilMs === null, 'boot');
    draft.bootUntilMs = takeMs(words, 'boot', 0, LONGEST_LINK_US) / 1000;
  },
  slowdown(draft, words) {
    once(draft.slowdown === null, 'slowdown');
    draft.slowdown = takeInteger(words, 'slowdown', 0, 1_000_000);
  },
};

/** Lines that a tape says in its own header, or as its first actions. */
const fileReaders: Readonly<Record<string, Reader>> = {
  hidden(draft) {
    draft.isHidden = true;
  },
  profile(draft, words) {
    once(draft.profile === null, 'profile');
    draft.profile = takeProfile(words);
  },
  set: (draft, words) => takeChange(draft.changes, words),
  seed(draft, words) {
    once(draft.seed === null, 'seed');
    draft.seed = takeInteger(words, 'seed', 0, MAX_INTEGER);
  },
  load(draft, words) {
    const node = nodeId(takeName(words, 'driver'));
    const name = takeName(words, 'load');
    if (draft.loads.length >= MOST.loads) throw badLine('moreThan', { most: MOST.loads, what: 'loads' });
    draft.loads.push({ node, name, spec: readWorkload(words) });
  },
};

export function takeProfile(words: Words): Profile {
  const name = takeName(words, 'profile');
  const found = profiles.find((known) => known === name);
  if (found === undefined) throw badLine('mustBe', { what: 'profile', known: profiles });
  return found;
}

/** `set <parameter> <value>`, among those that were read before. */
export function takeChange(changes: (readonly [string, number])[], words: Words): void {
  const name = takeWord(words, 'parameter');
  const value = takeInteger(words, name, 0, MAX_INTEGER);
  const fault = checkChange(name, value);
  if (fault !== null) throw new BadLine(fault);
  if (changes.some(([known]) => known === name)) throw badLine('setTwice', { name });
  changes.push([name, value]);
}

/** Which part of the cluster a line says, as a fault of the whole names it. */
function fieldOf(draft: ClusterDraft, key: string): readonly string[] {
  switch (key) {
    case 'node':
      return draft.nodes.map(({ id }) => `node ${id}`);
    case 'group':
      return draft.groups.map((_, i) => `group g${i + 1}`);
    case 'link':
      return draft.links.map(({ from, to }) => `link ${from} ${to}`);
    case 'set':
      return draft.changes.map(([name]) => `set ${name}`);
    case 'load':
      return draft.loads.map(({ name }) => `load ${name}`);
    default:
      return [key];
  }
}

/** Reads a line of a cluster's layout, or with `isFile` any that its file may have; false: it is none of these. */
export function readClusterLine(
  draft: ClusterDraft,
  key: string,
  words: Words,
  kinds: KindsOf,
  where: { readonly line: number; readonly isFile: boolean },
): boolean {
  const readers = where.isFile ? { ...layoutReaders, ...fileReaders } : layoutReaders;
  const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
  if (read === undefined) return false;
  read(draft, words, kinds);
  expectEnd(words);
  for (const field of fieldOf(draft, key)) if (!draft.lines.has(field)) draft.lines.set(field, where.line);
  return true;
}

/** No line of a layout was read. */
export const isEmptyCluster = ({ lines }: ClusterDraft): boolean =>
  [...lines.keys()].every((field) => field.startsWith('set '));

/** The cluster that was read, not checked as a whole. `isOwn`: no preset of the lab's. Throws BadLine at what is missing. */
export function clusterOfDraft(draft: ClusterDraft, isOwn: boolean): Preset {
  const { architecture, placement, chunks, links } = draft;
  if (draft.name === null) throw badLine('lineMissing', { what: 'cluster' });
  if (architecture === null) throw badLine('lineMissing', { what: 'architecture' });
  const name = isOwn ? ownClusterName(architecture, draft.name) : draft.name;
  const groups = draft.groups.map(
    (group, i): GroupSpec => ({
      id: groupId(`g${i + 1}`),
      replicas: group.replicas,
      keyFirst: groupKeyFirst(i),
      keyEnd: groupKeyFirst(i + 1),
      vw: group.vw,
      vr: group.vr,
    }),
  );
  return {
    name,
    architecture,
    cluster: {
      preset: name,
      volume: placement === null ? 'v1' : 'v0',
      nodes: draft.nodes,
      groups,
      ...(chunks.length > 0 ? { chunks } : {}),
      ...(placement === null || placement === undefined ? {} : { placement }),
      ...(links.length > 0 ? { links } : {}),
    },
    profile: draft.profile ?? 'demo',
    changes: draft.changes,
    loads: draft.loads,
    bootUntilMs: draft.bootUntilMs ?? 0,
    slowdown: draft.slowdown ?? 0,
    seed: draft.seed ?? 1,
    ...(draft.isHidden ? { isHidden: true } : {}),
    ...(draft.isInMemory ? { isInMemory: true } : {}),
  };
}
