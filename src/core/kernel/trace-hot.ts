// The fields of the events that nearly all of a trace consists of, written out: the same bytes as their layouts in
// trace.ts, without looking fields up by name. trace-hot.test.ts holds them to the layouts.

import { type ByteWriter, writeInt, writeText, writeU8, writeUint } from '../../base/bytes.ts';
import type { TraceEvent } from './trace.ts';

const writeEnd = (w: ByteWriter, end: number): void => writeInt(w, end - 1);
const writeBool = (w: ByteWriter, value: boolean): void => writeU8(w, value ? 1 : 0);

function writeInts(w: ByteWriter, values: readonly number[]): void {
  writeUint(w, values.length);
  for (let i = 0; i < values.length; i++) writeInt(w, values[i] as number);
}

/** Writes the event's fields; false, and nothing written, when its kind is not one of these. */
export function writeHotFields(w: ByteWriter, event: TraceEvent): boolean {
  switch (event.kind) {
    case 'mtr.append':
      writeInt(w, event.first);
      writeEnd(w, event.end);
      writeInt(w, event.tx);
      writeBool(w, event.commit);
      writeInt(w, event.term);
      writeText(w, event.groups);
      writeText(w, event.volume);
      return true;
    case 'wal.send':
      writeText(w, event.group);
      writeText(w, event.to);
      writeInt(w, event.first);
      writeEnd(w, event.end);
      writeInt(w, event.records);
      writeBool(w, event.resend);
      return true;
    case 'wal.ackSeen':
      writeText(w, event.group);
      writeText(w, event.from);
      writeInt(w, event.scl);
      writeInt(w, event.token);
      writeBool(w, event.counted);
      return true;
    case 'wal.receive':
      writeText(w, event.group);
      writeInt(w, event.first);
      writeEnd(w, event.end);
      writeInt(w, event.fresh);
      writeInt(w, event.token);
      return true;
    case 'wal.durable':
      writeText(w, event.group);
      writeInts(w, event.lsns);
      writeText(w, event.source);
      return true;
    case 'wal.ack':
      writeText(w, event.group);
      writeInt(w, event.scl);
      writeInt(w, event.nwl);
      writeInt(w, event.token);
      return true;
    default:
      return writeHotWatermarks(w, event);
  }
}

function writeHotWatermarks(w: ByteWriter, event: TraceEvent): boolean {
  switch (event.kind) {
    case 'mark.scl':
      writeText(w, event.group);
      writeInt(w, event.value);
      writeInt(w, event.term);
      return true;
    case 'mark.known':
      writeText(w, event.group);
      writeInt(w, event.vdl);
      writeInt(w, event.groupTail);
      writeInt(w, event.pgmrpl);
      return true;
    case 'mark.pgcl':
      writeText(w, event.group);
      writeInt(w, event.value);
      writeInt(w, event.term);
      return true;
    case 'mark.vcl':
      writeInt(w, event.value);
      writeInt(w, event.term);
      writeText(w, event.volume);
      return true;
    case 'mark.vdl':
      writeInt(w, event.value);
      writeInt(w, event.term);
      writeText(w, event.volume);
      return true;
    case 'tx.wait':
      writeInt(w, event.tx);
      writeInt(w, event.on);
      writeText(w, event.volume);
      return true;
    case 'page.materialise':
      writeText(w, event.group);
      writeInt(w, event.blockKey);
      writeInt(w, event.pageLsn);
      return true;
    default:
      return false;
  }
}
