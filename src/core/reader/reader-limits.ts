// Times and bounds of the log's way to readers (docs/spec/readers.md), in virtual µs where they are times. Every queue on
// either side has its limit here; beyond it the stream to that reader ends and it joins again (READ-9, READ-30).

/** Records and VDL leave the writer at most this long after they are known (within the VDL interval of READ-5). */
export const SHIP_US = 1_000;
/** RoReport of a reader, RuntimeInfo of the writer, and the reader's look at its stream (READ-26). */
export const REPORT_US = 100_000;
/** A reader that no writer has accepted asks again after this time. */
export const JOIN_US = 10_000;
/** The answer to a join is waited for so long before the writer that the metadata names is asked again. */
export const ANSWER_US = 25_000;
/** A reader that has received nothing for so long joins again. */
export const SILENCE_US = 500_000;
/** A reader that has reported nothing for so long is revoked by the writer (READ-28). */
export const REVOKE_US = 3_000_000;
/** Requests of a reader that wait for an LSN; one more is answered as if its time were over. */
export const MAX_WAITERS = 1024;
/** Nodes whose join waits at the writer until the metadata names them as readers. */
export const MAX_EARLY = 16;
/** Records that the writer keeps for readers which join again, beside those above VDL. */
export const WINDOW_RECORDS = 8192;
/** A reader so many LSNs behind what was sent has a full queue: its stream is dropped (READ-9). */
export const QUEUE_RECORDS = 8192;
/** Bytes of the records of one Journal, at least one record. */
export const JOURNAL_BYTES = 65_536;
/** Parallel appliers of a reader; a block belongs to one of them (READ-14). */
export const APPLIERS = 4;
/** Blocks that an applier works on before another step of the node goes first, and the pause then. */
export const APPLY_SLICE = 64;
export const APPLY_TURN_US = 20;
/** A classic standby looks again so long after a view was in the way of its replay (READ-18). */
export const CLASSIC_WAIT_US = 1_000;
/** Between two restart points of a classic standby: what it has logged since is replayed at its next start (READ-31). */
export const CLASSIC_RESTART_POINT_US = 30_000_000;
