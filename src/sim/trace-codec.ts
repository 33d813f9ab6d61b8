// The binary form of trace events, for running hashes and digests, and the rank of each kind: from the tables of core's
// rooms and of every stack.

import { assert } from '../base/assert.ts';
import {
  BadBytes,
  type ByteReader,
  type ByteWriter,
  readInt,
  readText,
  readU8,
  readUint,
  writeInt,
  writeText,
  writeU8,
  writeUint,
} from '../base/bytes.ts';
import { mergeTables } from '../base/merge-tables.ts';
import type { TraceEvent, TraceKind } from '../core/kernel/trace.ts';
import { writeHotFields } from '../core/kernel/trace-hot.ts';
import type { FieldType, TraceSpec, TraceTable } from '../core/kernel/trace-table.ts';

interface Layout {
  readonly kind: string;
  readonly tag: number;
  readonly rank: TraceSpec['rank'];
  readonly fields: readonly (readonly [name: string, type: FieldType])[];
}

/** The kinds by their tags; a number for two kinds is refused, with the next that no kind has. */
export function layoutsByTag(table: TraceTable): readonly (Layout | undefined)[] {
  const layouts: (Layout | undefined)[] = [];
  const taken = new Set(Object.values(table).map(({ tag }) => tag));
  for (const [kind, { tag, rank, fields }] of Object.entries(table)) {
    const other = layouts[tag];
    let free = tag;
    while (other !== undefined && taken.has(free)) free++;
    assert(
      other === undefined,
      `tag ${tag} of ${kind} is taken by ${other?.kind}; the next free tag is ${free}`,
    );
    layouts[tag] = { kind, tag, rank, fields: Object.entries(fields) };
  }
  return layouts;
}

export interface TraceCodec {
  /** In the order of their tags. */
  readonly traceKinds: readonly TraceKind[];
  readonly traceRank: (kind: TraceKind) => TraceSpec['rank'];
  /** Names of an event's own fields. */
  readonly traceFields: (kind: TraceKind) => readonly string[];
  /** Appends the binary form of one event. */
  readonly writeTraceEvent: (w: ByteWriter, event: TraceEvent) => void;
  readonly readTraceEvent: (r: ByteReader) => TraceEvent;
}

export function makeTraceCodec(tables: readonly TraceTable[]): TraceCodec {
  const byTag = layoutsByTag(mergeTables<string, TraceSpec>('kind of event', tables));
  const byKind: ReadonlyMap<string, Layout> = new Map(
    byTag.flatMap((layout) => (layout === undefined ? [] : [[layout.kind, layout]])),
  );
  return {
    traceKinds: byTag.flatMap((layout) => (layout ? [layout.kind as TraceKind] : [])),
    traceRank: (kind) => byKind.get(kind)?.rank ?? 0,
    traceFields: (kind) => byKind.get(kind)?.fields.map(([name]) => name) ?? [],
    writeTraceEvent(w, event) {
      const layout = byKind.get(event.kind);
      if (layout === undefined) throw new BadBytes(`unknown trace kind ${event.kind}`);
      writeEvent(w, event, layout);
    },
    readTraceEvent(r) {
      const tag = readUint(r);
      const layout = byTag[tag];
      if (layout === undefined) throw new BadBytes(`unknown trace tag ${tag}`);
      return readFields(r, layout);
    },
  };
}

function writeEvent(w: ByteWriter, event: TraceEvent, layout: Layout): void {
  writeUint(w, layout.tag);
  if (writeHotFields(w, event)) return;
  const record = event as unknown as Record<string, unknown>;
  for (const [field, type] of layout.fields) {
    const value = record[field];
    if (type === 'int') writeInt(w, value as number);
    else if (type === 'end') writeInt(w, (value as number) - 1);
    else if (type === 'text') writeText(w, value as string);
    else if (type === 'bool') writeU8(w, value ? 1 : 0);
    else {
      const items = value as readonly number[];
      writeUint(w, items.length);
      for (const item of items) writeInt(w, item);
    }
  }
}

function readFields(r: ByteReader, layout: Layout): TraceEvent {
  const event: Record<string, unknown> = { kind: layout.kind };
  for (const [field, type] of layout.fields) {
    if (type === 'int') event[field] = readInt(r);
    else if (type === 'end') event[field] = readInt(r) + 1;
    else if (type === 'text') event[field] = readText(r);
    else if (type === 'bool') event[field] = readU8(r) === 1;
    else {
      const items: number[] = [];
      for (let n = readUint(r); n > 0; n--) items.push(readInt(r));
      event[field] = items;
    }
  }
  return event as unknown as TraceEvent;
}
