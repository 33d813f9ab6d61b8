// Relations that a commit has left without readers (docs/spec/logindex.md LI-66): named in the MTR of the commit, until their files are gone.

import type { Lsn } from '../../base/ids.ts';
import { type DdlNote, ddlNote } from '../page/redo-ops.ts';

export interface Gone {
  readonly relation: number;
  /** Of the record that says so, in the MTR of the commit. */
  readonly lsn: Lsn;
}

/**
 * A record was appended, is found in WAL, or is parsed by a reader. None is forgotten before its files are gone, else they would stay for
 * good: there are as many as the device has files for, or as the WAL above redo names.
 */
export function noteGone(gone: Gone[], lsn: Lsn, note: DdlNote | null): void {
  if (note?.kind !== 'gone') return;
  for (const relation of note.of) gone.push({ relation, lsn });
}

/** Relations whose files a writer that begins at redo may not find any more: what is in WAL of them is not replayed. */
export const removedBelow = (
  records: readonly { readonly lsn: Lsn; readonly op: number; readonly payload: Uint8Array }[],
  redoLsn: Lsn,
): ReadonlySet<number> =>
  new Set(
    records.flatMap(({ lsn, op, payload }) => {
      const note = lsn <= redoLsn ? ddlNote(op, payload) : null;
      return note?.kind === 'gone' ? note.of : [];
    }),
  );

/** Redo may not pass a record by which files go before they are gone: another writer removes them then. */
export const redoLimit = ({ gone }: { readonly gone: readonly Gone[] }): Lsn | null => gone[0]?.lsn ?? null;
