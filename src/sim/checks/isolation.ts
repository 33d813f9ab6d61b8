// Isolation anomalies as cycles of dependencies between transactions (Adya, "Weak Consistency", 1999; named as Elle does,
// VLDB 2020; reliability: C02). A version of a key is known by the value written, which nobody else writes; versions are
// ordered by the SCN of their commit, in the log that had the key then. A dependency says that one transaction must come before another:
//   ww  it wrote the version before the other's     wr  the other read what it wrote
//   rw  it read a version before the other's        rt  it was answered before the other was called
// A row that refers to another by a foreign key has read that one: that it was there, where it came once and was never replaced.
// What a reader of the volume serves may lag behind what others have seen: there `rt` holds within a session alone, and only
// where it asks for that (READ-41, READ-43). Only what the history says for certain makes a dependency: a version without SCN,
// or of a value that two wrote, makes none, so that a cycle found is one.

import { findCycle } from './dependency-cycles.ts';
import type { Served } from './history.ts';

/** What a transaction may rely on: its only access, or the isolation level of several. */
export type Level = 'one access' | 'read committed' | 'repeatable read' | 'serializable';

export interface Access {
  readonly key: string;
  readonly value: string;
}

export interface Transaction {
  readonly id: string;
  readonly client: string;
  /** Places in the run's one order of events; `returned` is Infinity when no answer came. */
  readonly called: number;
  readonly returned: number;
  /** Virtual µs of the call. */
  readonly calledAt: number;
  /** `fail`: surely not applied. */
  readonly outcome: 'ok' | 'fail' | 'unknown';
  /** SCN of its commit; null: it wrote nothing, or it is not known. */
  readonly scn: number | null;
  /** How often keys had passed to another volume before its call: only SCNs of one era are of one log. Left out: never. */
  readonly era?: number;
  /** In the order in which they were done. */
  readonly reads: readonly Access[];
  readonly writes: readonly Access[];
  /** Keys whose rows it refers to by foreign keys: they were there, in whatever version. Left out: none. */
  readonly referred?: readonly string[];
  /** Of its writes those that heed no snapshot (TRUNCATE, as PostgreSQL says of it). Left out: none. */
  readonly overwritten?: readonly string[];
  /** Reads of a key that it had written itself before, with what it had last written of it. */
  readonly ownReads: readonly OwnRead[];
  /** The reader that served it; null or left out: the writer did. */
  readonly served?: Served | null;
  /** Its driver's life: a session ends with it. */
  readonly life?: number;
  /** Left out: `read committed`. */
  readonly level?: Level;
}

export interface OwnRead extends Access {
  readonly wrote: string;
}

export type DependencyKind = 'ww' | 'wr' | 'rw' | 'rt';

export interface Dependency {
  readonly kind: DependencyKind;
  readonly from: Transaction;
  readonly to: Transaction;
  /** Null of `rt`. */
  readonly key: string | null;
}

export type AnomalyName = 'internal' | 'G0' | 'G1a' | 'G1b' | 'G1c' | 'lostUpdate' | 'G-single' | 'G2';

export interface Anomaly {
  readonly name: AnomalyName;
  /** Without the order in which clients saw answers and made calls it would be no cycle. */
  readonly needsTime: boolean;
  /** Each ends where the next begins, and the last where the first does; of G1a, G1b and internal the one read. */
  readonly edges: readonly Dependency[];
}

/** The transactions of an anomaly, each once, in the order in which its edges name them. */
export const transactionsOf = ({ edges }: Anomaly): readonly Transaction[] => [
  ...new Set(edges.flatMap(({ from, to }) => [from, to])),
];

export interface Isolation {
  readonly judged: number;
  readonly counts: Readonly<Record<DependencyKind, number>>;
  /** The gravest anomaly, with the fewest transactions; null: none. */
  readonly anomaly: Anomaly | null;
  /** Reads of versions whose place among the others is not known. */
  readonly readsUnplaced: number;
}

interface Version {
  readonly writer: Transaction;
  readonly key: string;
  /** Not the last one that its transaction wrote of the key. */
  readonly isIntermediate: boolean;
  /** Its place among the versions of its key, 0 the first; null: not known. */
  place: number | null;
}

const versionName = (key: string, value: string): string => `${key}\n${value}`;

interface Versions {
  /** By key and value; null where two transactions wrote the same. */
  readonly byName: ReadonlyMap<string, Version | null>;
  /** Those whose place is known, in their order, by key. */
  readonly ordered: ReadonlyMap<string, readonly Version[]>;
}

function findVersions(transactions: readonly Transaction[]): Versions {
  const byName = new Map<string, Version | null>();
  const byKey = new Map<string, Version[]>();
  for (const writer of transactions)
    writer.writes.forEach(({ key, value }, i) => {
      const isIntermediate = writer.writes.slice(i + 1).some((later) => later.key === key);
      const version: Version = { writer, key, isIntermediate, place: null };
      const name = versionName(key, value);
      byName.set(name, byName.has(name) ? null : version);
      if (isIntermediate || writer.outcome === 'fail' || writer.scn === null) return;
      const others = byKey.get(key);
      if (others === undefined) byKey.set(key, [version]);
      else others.push(version);
    });
  for (const versions of byKey.values()) {
    versions.sort(
      ({ writer: a }, { writer: b }) => (a.era ?? 0) - (b.era ?? 0) || (a.scn ?? 0) - (b.scn ?? 0),
    );
    versions.forEach((version, place) => {
      version.place = place;
    });
  }
  return { byName, ordered: byKey };
}

/** A read of what failed, or of what its transaction had not finished. */
function findDirtyRead(transactions: readonly Transaction[], { byName }: Versions): Anomaly | null {
  let intermediate: Anomaly | null = null;
  for (const reader of transactions)
    for (const { key, value } of reader.outcome === 'ok' ? reader.reads : []) {
      const version = byName.get(versionName(key, value));
      if (version === undefined || version === null || version.writer === reader) continue;
      const edges: readonly Dependency[] = [{ kind: 'wr', from: version.writer, to: reader, key }];
      if (version.writer.outcome === 'fail') return { name: 'G1a', needsTime: false, edges };
      if (version.isIntermediate) intermediate ??= { name: 'G1b', needsTime: false, edges };
    }
  return intermediate;
}

/**
 * A transaction that misses its own write (Elle: internal): whatever the isolation level, a row that it has written stays
 * as it left it until it ends. The edge comes from whose version it read; from itself where nobody wrote what it read.
 */
function findInternal(transactions: readonly Transaction[], { byName }: Versions): Anomaly | null {
  for (const reader of transactions)
    for (const { key, value, wrote } of reader.outcome === 'ok' ? reader.ownReads : []) {
      if (value === wrote) continue;
      const from = byName.get(versionName(key, value))?.writer ?? reader;
      return { name: 'internal', needsTime: false, edges: [{ kind: 'wr', from, to: reader, key }] };
    }
  return null;
}

interface Found {
  readonly edges: readonly Dependency[];
  readonly readsUnplaced: number;
}

/** ww, wr and rw. `isWhole`: a value that nobody wrote is from before all of them. */
function findDependencies(
  transactions: readonly Transaction[],
  { byName, ordered }: Versions,
  isWhole: boolean,
): Found {
  const edges: Dependency[] = [];
  let readsUnplaced = 0;
  const add = (kind: DependencyKind, from: Transaction, to: Transaction, key: string): void => {
    if (from !== to) edges.push({ kind, from, to, key });
  };
  for (const [key, versions] of ordered)
    versions.forEach((version, i) => {
      const before = versions[i - 1];
      if (before !== undefined) add('ww', before.writer, version.writer, key);
    });
  for (const reader of transactions) {
    if (reader.outcome !== 'ok') continue;
    // Of a row that came once and was never replaced it is known which version that was.
    for (const key of reader.referred ?? []) {
      const [only, ...others] = ordered.get(key) ?? [];
      if (only !== undefined && others.length === 0) add('wr', only.writer, reader, key);
    }
    for (const { key, value } of reader.reads) {
      const version = byName.get(versionName(key, value));
      if (version?.writer.outcome === 'fail') continue;
      if (version !== undefined && version !== null) add('wr', version.writer, reader, key);
      const place = version === undefined ? (isWhole ? -1 : null) : (version?.place ?? null);
      if (place === null) {
        readsUnplaced++;
        continue;
      }
      const next = ordered.get(key)?.[place + 1];
      if (next !== undefined) add('rw', reader, next.writer, key);
    }
  }
  return { edges, readsUnplaced };
}

/** Sees what every transaction saw that was answered before it was called: the writer served it. */
const isNewest = ({ served }: Transaction): boolean => served === undefined || served === null;

/** The writer's transactions after those that were answered before their call, and the order of each session. */
const findTimes = (transactions: readonly Transaction[]): readonly Dependency[] => [
  ...findRealTime(transactions),
  ...findSessions(transactions),
];

/** READ-43: a session sees on a reader what it has seen and written before, unless its level is `eventual`. */
function findSessions(transactions: readonly Transaction[]): Dependency[] {
  const last = new Map<string, Transaction>();
  const edges: Dependency[] = [];
  for (const to of [...transactions].sort((a, b) => a.called - b.called)) {
    const session = `${to.client} ${to.life ?? 0}`;
    const from = last.get(session);
    if (from !== undefined && from.returned < to.called && to.served?.level === 'session')
      edges.push({ kind: 'rt', from, to, key: null });
    if (to.outcome === 'ok' && Number.isFinite(to.returned)) last.set(session, to);
  }
  return edges;
}

/** Who was answered before who was called, without what follows from two others. */
function findRealTime(transactions: readonly Transaction[]): readonly Dependency[] {
  const byCall = [...transactions].sort((a, b) => a.called - b.called);
  const byReturn = transactions
    .filter(({ outcome, returned }) => outcome === 'ok' && Number.isFinite(returned))
    .sort((a, b) => a.returned - b.returned);
  const edges: Dependency[] = [];
  let frontier: Transaction[] = [];
  let next = 0;
  for (const to of byCall) {
    let returned = byReturn[next];
    while (returned !== undefined && returned.returned < to.called) {
      // Whoever was answered before this one was called comes before `to` by way of it.
      const { called } = returned;
      const isWay = isNewest(returned);
      frontier = [...frontier.filter((one) => one.returned > called || !isWay), returned];
      returned = byReturn[++next];
    }
    for (const from of isNewest(to) ? frontier : []) edges.push({ kind: 'rt', from, to, key: null });
  }
  return edges;
}

/** Adya's names, the gravest first: which edge a cycle has, and which others it may have. */
const classes: readonly (readonly [AnomalyName, DependencyKind, readonly DependencyKind[]])[] = [
  ['G0', 'ww', ['ww']],
  ['G1c', 'wr', ['ww', 'wr']],
  ['G-single', 'rw', ['ww', 'wr']],
  ['G2', 'rw', ['ww', 'wr', 'rw']],
];

/** Two that read the same version of a key and both wrote it: the second did not see what the first did. */
const isLostUpdate = (edges: readonly Dependency[]): boolean =>
  edges.length === 2 &&
  edges.every(({ kind }) => kind === 'ww' || kind === 'rw') &&
  edges[0]?.key === edges[1]?.key;

function findAnomaly(
  edges: readonly Dependency[],
  needsTime: boolean,
  wanted?: readonly AnomalyName[],
): Anomaly | null {
  for (const [name, must, may] of classes) {
    if (wanted?.includes(name) === false) continue;
    const cycle = findCycle(edges, must, needsTime ? [...may, 'rt'] : may);
    if (cycle === null) continue;
    return {
      name: name === 'G-single' && isLostUpdate(cycle) ? 'lostUpdate' : name,
      needsTime,
      edges: cycle,
    };
  }
  return null;
}

/** Which reads before a write may stand in a cycle of the name: at what level the one that read is. */
const allowed: Readonly<Record<AnomalyName, readonly Level[]>> = {
  internal: [],
  G0: [],
  G1a: [],
  G1b: [],
  G1c: [],
  lostUpdate: ['read committed'],
  'G-single': ['read committed'],
  G2: ['read committed', 'repeatable read'],
};

const isOverwriting = ({ kind, to, key }: Dependency): boolean =>
  kind === 'ww' && key !== null && to.overwritten?.includes(key) === true;

/**
 * Who empties a table writes over what its snapshot does not see (PostgreSQL, TRUNCATE: "not MVCC-safe"). So it may have read before a
 * transaction wrote that came before it, and that one alone; two anti-dependencies are what serializable transactions are watched for.
 */
const isExcused = ({ edges }: Anomaly): boolean =>
  edges.some(isOverwriting) && edges.filter(({ kind }) => kind === 'rw').length < 2;

/**
 * The gravest anomaly that no level allows which one of its transactions is at (Adya, mixed levels): an anti-dependency binds by
 * the level of the transaction that read. Of a serializable one it binds in G2 where the other is serializable, too: PostgreSQL
 * watches those alone, and in a cycle whose anti-dependencies are all of that kind two of them follow one another, and the last of
 * these three commits first (Fekete et al., TODS 2005), which is refused. `isWhole`: as below.
 */
export function findForbidden(transactions: readonly Transaction[], isWhole: boolean): Anomaly | null {
  const applied = transactions.filter(({ outcome }) => outcome !== 'fail');
  const versions = findVersions(transactions);
  const { edges } = findDependencies(transactions, versions, isWhole);
  const all = [...edges, ...findTimes(applied)];
  const binds =
    (name: AnomalyName) =>
    ({ kind, from, to }: Dependency): boolean => {
      if (kind !== 'rw') return true;
      if (name === 'G2' && from.level === 'serializable') return to.level === 'serializable';
      return !allowed[name].includes(from.level ?? 'read committed');
    };
  const heeding = (of: readonly Dependency[]): Dependency[] => of.filter((edge) => !isOverwriting(edge));
  const bound = (name: 'G-single' | 'G2', of: readonly Dependency[], needsTime: boolean): Anomaly | null => {
    const known = of.filter(binds(name));
    const found = findAnomaly(known, needsTime, [name]);
    return found !== null && isExcused(found) ? findAnomaly(heeding(known), needsTime, [name]) : found;
  };
  return (
    findInternal(transactions, versions) ??
    findDirtyRead(transactions, versions) ??
    findAnomaly(all, true, ['G0', 'G1c']) ??
    bound('G-single', edges, false) ??
    bound('G-single', heeding(all), true) ??
    bound('G2', edges, false) ??
    bound('G2', heeding(all), true)
  );
}

/** `isWhole`: the history begins with the run, so that what nobody wrote was there before. */
export function judgeIsolation(transactions: readonly Transaction[], isWhole: boolean): Isolation {
  const applied = transactions.filter(({ outcome }) => outcome !== 'fail');
  const versions = findVersions(transactions);
  const { edges, readsUnplaced } = findDependencies(transactions, versions, isWhole);
  const times = findTimes(applied);
  const all = [...edges, ...times];
  const count = (kind: DependencyKind): number => all.filter((edge) => edge.kind === kind).length;
  return {
    judged: applied.length,
    counts: { ww: count('ww'), wr: count('wr'), rw: count('rw'), rt: count('rt') },
    anomaly:
      findInternal(transactions, versions) ??
      findDirtyRead(transactions, versions) ??
      findAnomaly(edges, false) ??
      findAnomaly(all, true),
    readsUnplaced,
  };
}
