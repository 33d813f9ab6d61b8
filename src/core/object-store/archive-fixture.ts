// Objects of a small backup, for tests: log segments with real records, parts of bases, manifests.

import {
  type GroupId,
  groupId,
  type Lsn,
  type NodeId,
  nodeId,
  type Range,
  type Term,
  type Time,
} from '../../base/ids.ts';
import { type EncodedRecord, encodeRecord } from '../log/record.ts';
import type { PageKey } from '../page/page-key.ts';
import { baseObjectName, logObjectName, manifestObjectName } from './object-name.ts';
import {
  encodeBaseObject,
  encodeLogSegment,
  encodeManifest,
  type Manifest,
  type ManifestGroup,
} from './objects.ts';

export interface NamedObject {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export const G1: GroupId = groupId('g1');
export const STORE_1: NodeId = nodeId('store-1');

export function archiveRecord(lsn: number, prevGroup: number, group: GroupId = G1): EncodedRecord {
  return encodeRecord({
    lsn: lsn as Lsn,
    prevVolume: (lsn - 1) as Lsn,
    prevGroup: prevGroup as Lsn,
    prevBlock: -1 as Lsn,
    group,
    blockKey: 7 as PageKey,
    term: 1 as Term,
    mtrFirst: lsn as Lsn,
    cpl: true,
    commit: true,
    op: 1,
    init: false,
    payload: new Uint8Array([lsn & 255]),
    time: (lsn * 10) as Time,
  });
}

export function joinRecords(records: readonly EncodedRecord[]): Uint8Array {
  const bytes = new Uint8Array(records.reduce((sum, one) => sum + one.bytes.length, 0));
  let at = 0;
  for (const one of records) {
    bytes.set(one.bytes, at);
    at += one.bytes.length;
  }
  return bytes;
}

/** A segment `[first, end)` with records at `lsns`. */
export function logObject(first: number, end: number, lsns: readonly number[]): NamedObject {
  const records = lsns.map((lsn, i) => archiveRecord(lsn, lsns[i - 1] ?? first - 1));
  const bytes = encodeLogSegment({
    group: G1,
    first: first as Lsn,
    end: end as Lsn,
    token: 1 as Term,
    records: joinRecords(records),
  });
  return { name: logObjectName('v1', G1, [first, end], bytes), bytes };
}

export function baseObject(base: number, keys: readonly number[], part = 0): NamedObject {
  const pages = keys.map((key) => ({
    blockKey: key as PageKey,
    lsn: base as Lsn,
    page: new Uint8Array([key & 255, 1, 2]),
  }));
  const bytes = encodeBaseObject({ group: G1, base: base as Lsn, part, pages });
  return { name: baseObjectName('v1', G1, base, part, bytes), bytes };
}

/** Group g1 with these segments and bases as the manifest names them. */
export const manifestGroup = (
  logs: readonly NamedObject[],
  ranges: readonly (readonly [number, number])[],
  changes: Partial<ManifestGroup> = {},
): ManifestGroup => ({
  group: G1,
  archiver: STORE_1,
  appointment: 1,
  archivedTo: ((ranges[ranges.length - 1]?.[1] ?? 0) - 1) as Lsn,
  bases: [{ base: -1 as Lsn, pages: 0, parts: [] }],
  logs: logs.map(({ name, bytes }, i) => ({
    first: (ranges[i]?.[0] ?? 0) as Lsn,
    end: (ranges[i]?.[1] ?? 0) as Lsn,
    token: 1 as Term,
    name,
    bytes: bytes.length,
    records: 1,
  })),
  gaps: [],
  ...changes,
});

export function manifestObject(
  version: number,
  groups: readonly ManifestGroup[],
  changes: Partial<Manifest> = {},
): NamedObject {
  const bytes = encodeManifest({
    volume: 'v1',
    version,
    token: 1 as Term,
    history: [{ term: 1 as Term, startLsn: 0 as Lsn, prevEnd: -1 as Lsn }],
    groups: [...groups],
    cpls: [{ lsn: 3 as Lsn, time: 30, commit: true }],
    ...changes,
  });
  return { name: manifestObjectName('v1', version, bytes), bytes };
}

/** What lies between the first base and the end of the group's log and is in no segment. */
export function gapsOf({ bases, logs }: Pick<ManifestGroup, 'bases' | 'logs'>): Range[] {
  const gaps: Range[] = [];
  let covered = (bases[0]?.base ?? -1) + 1;
  for (const { first, end } of logs) {
    if (first > covered) gaps.push([covered, first]);
    if (end > covered) covered = end;
  }
  return gaps;
}
