// Per-key linearizability of registers (docs/checkers.md, client.linearizable). Every write stores a value nobody else writes, and then the
// question has a polynomial answer (Gibbons and Korach, "Testing shared memories", 1997): group each write with the
// reads of its value; a group whose last call comes after its first return must own the interval between (a forward
// zone), any other group can be put at one instant of its interval (a backward zone). The history is linearizable iff
// no read returns before its write is called, no two forward zones overlap, and none contains a whole backward zone.
// A write with an unknown outcome may have happened at any time after its call, or never, until somebody reads it.

import { countBefore } from '../../base/sorted.ts';

export interface RegisterOperation {
  readonly kind: 'read' | 'write';
  /** Value written, or read; '' as a read's value means that the row was not there. */
  readonly value: string;
  /** Places in the run's one order of events; `returned` is Infinity when no answer came. */
  readonly called: number;
  readonly returned: number;
  /** `fail`: surely not applied. Reads count only when `ok`. */
  readonly outcome: 'ok' | 'fail' | 'unknown';
  readonly id: string;
}

export interface RegisterFault {
  readonly reason:
    | 'readOfNothing'
    | 'readOfFailed'
    | 'readFromFuture'
    | 'forwardZonesOverlap'
    | 'zoneContained';
  /** The operations that cannot be ordered, at most four. */
  readonly operations: readonly RegisterOperation[];
}

interface Cluster {
  readonly write: RegisterOperation;
  readonly reads: RegisterOperation[];
}

interface Zone {
  readonly low: number;
  readonly high: number;
  readonly cluster: Cluster;
}

/** The first reason why the history of one key is not linearizable, or null. `initial` is its value at the start. */
export function checkRegister(
  operations: readonly RegisterOperation[],
  initial: string,
): RegisterFault | null {
  const clusters = new Map<string, Cluster>();
  const start: RegisterOperation = {
    kind: 'write',
    value: initial,
    called: -2,
    returned: -1,
    outcome: 'ok',
    id: 'initial',
  };
  clusters.set(initial, { write: start, reads: [] });
  const failed = new Map<string, RegisterOperation>();
  for (const operation of operations) {
    if (operation.kind !== 'write') continue;
    if (operation.outcome === 'fail') failed.set(operation.value, operation);
    else {
      const returned = operation.outcome === 'ok' ? operation.returned : Number.POSITIVE_INFINITY;
      clusters.set(operation.value, { write: { ...operation, returned }, reads: [] });
    }
  }
  for (const read of operations) {
    if (read.kind !== 'read' || read.outcome !== 'ok') continue;
    const cluster = clusters.get(read.value);
    if (cluster === undefined) {
      const write = failed.get(read.value);
      return write === undefined
        ? { reason: 'readOfNothing', operations: [read] }
        : { reason: 'readOfFailed', operations: [write, read] };
    }
    if (read.returned < cluster.write.called)
      return { reason: 'readFromFuture', operations: [cluster.write, read] };
    cluster.reads.push(read);
  }
  return checkZones([...clusters.values()]);
}

function checkZones(clusters: readonly Cluster[]): RegisterFault | null {
  const forward: Zone[] = [];
  const backward: Zone[] = [];
  for (const cluster of clusters) {
    // Nobody read an unknown write: it may as well not have happened.
    if (cluster.write.outcome === 'unknown' && cluster.reads.length === 0) continue;
    let firstReturn = cluster.write.returned;
    let lastCall = cluster.write.called;
    for (const read of cluster.reads) {
      firstReturn = Math.min(firstReturn, read.returned);
      lastCall = Math.max(lastCall, read.called);
    }
    if (firstReturn < lastCall) forward.push({ low: firstReturn, high: lastCall, cluster });
    else backward.push({ low: lastCall, high: firstReturn, cluster });
  }
  forward.sort((a, b) => a.low - b.low);
  for (let i = 1; i < forward.length; i++) {
    const before = forward[i - 1] as Zone;
    const zone = forward[i] as Zone;
    if (zone.low < before.high) return { reason: 'forwardZonesOverlap', operations: witnesses(before, zone) };
  }
  for (const zone of backward) {
    const outer = lastStartingBefore(forward, zone.low);
    if (outer !== null && outer.low < zone.low && zone.high < outer.high)
      return { reason: 'zoneContained', operations: witnesses(outer, zone) };
  }
  return null;
}

/** The forward zone with the largest `low` below `at`; they do not overlap, so only it can contain the instant. */
function lastStartingBefore(zones: readonly Zone[], at: number): Zone | null {
  const count = countBefore(zones, ({ low }) => low < at);
  return zones[count - 1] ?? null;
}

function witnesses(a: Zone, b: Zone): RegisterOperation[] {
  const lastRead = (zone: Zone): RegisterOperation[] => {
    const read = zone.cluster.reads.reduce<RegisterOperation | null>(
      (last, one) => (last === null || one.called > last.called ? one : last),
      null,
    );
    return read === null ? [] : [read];
  };
  return [a.cluster.write, ...lastRead(a), b.cluster.write, ...lastRead(b)];
}
