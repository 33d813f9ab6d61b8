// The executor's access methods, bound to one session, its transaction and snapshot for one call.

import type {
  Access,
  ColumnDef,
  FoundRow,
  KeyBound,
  Row,
  ScanPosition,
  TableDef,
  Tid,
  WriteOutcome,
} from './access.ts';
import { createTable, dropTable, findTable } from './catalog.ts';
import type { Env, Session, SessionTx, Snapshot } from './engine-state.ts';
import { HEAP_START, type HeapPosition, nextInHeap } from './heap-scan.ts';
import { type KeyPosition, nextByKey, openKeyPosition } from './key-scan.ts';
import { deleteRow, insertRow, updateRow } from './row-write.ts';

type Position = HeapPosition | KeyPosition;
// A position is opaque to the executor, which only keeps it and gives it back.
const opaque = (position: Position): ScanPosition => position as unknown as ScanPosition;
const known = (position: ScanPosition): Position => position as unknown as Position;

const sameBytes = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((byte, i) => byte === b[i]));

/** Where a key scan may skip to: the same call came further before it lacked a page. */
function resumeKey(session: Session, table: TableDef, position: KeyPosition): KeyPosition {
  const resume = session.keyResume;
  const isSame =
    resume !== null &&
    resume.relation === table.keyRelation &&
    resume.to.descending === position.descending &&
    sameBytes(resume.from, position.last) &&
    sameBytes(resume.to.low, position.low) &&
    sameBytes(resume.to.high, position.high);
  return isSame ? resume.to : position;
}

export function makeAccess(env: Env, session: Session, tx: SessionTx, snapshot: Snapshot): Access {
  return {
    readPoint: snapshot.readPoint,
    findTable: (name: string) => findTable(env, session, name),
    createTable: (name: string, columns: readonly ColumnDef[], primaryKey: readonly number[]): WriteOutcome =>
      createTable(env, session, tx, name, columns, primaryKey),
    dropTable: (table: TableDef): WriteOutcome => dropTable(env, session, tx, table),
    openScan: () => opaque(HEAP_START),
    openKeyScan: (table: TableDef, low: KeyBound | null, high: KeyBound | null, descending: boolean) =>
      opaque(openKeyPosition(table, low, high, descending)),
    scanNext: (table: TableDef, opaquePosition: ScanPosition) => {
      const position = known(opaquePosition);
      let step: { readonly found: FoundRow; readonly position: Position } | null;
      if (position.kind === 'heap') step = nextInHeap(env, table, snapshot, tx.xid, position, session);
      else
        step = nextByKey(env, table, snapshot, tx.xid, resumeKey(session, table, position), (to) => {
          session.keyResume = { relation: table.keyRelation, from: position.last, to };
        });
      return step && { found: step.found, position: opaque(step.position) };
    },
    insertRow: (table: TableDef, row: Row): WriteOutcome => insertRow(env, session, tx, table, row),
    updateRow: (table: TableDef, tid: Tid, row: Row): WriteOutcome =>
      updateRow(env, session, tx, table, tid, row),
    deleteRow: (table: TableDef, tid: Tid): WriteOutcome => deleteRow(env, session, tx, table, tid),
  };
}
