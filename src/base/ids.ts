// Branded identifiers: two kinds of number or text never mix by accident (docs/spec/terms.md §1).

declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Node name as on screen and tape: `rw-1`, `store-3`. */
export type NodeId = Brand<string, 'NodeId'>;
/** Shard (protection) group name: `g1`. */
export type GroupId = Brand<string, 'GroupId'>;
/** Log sequence number, one per record, integer in [0, MAX − 1]; watermarks may be −1 (`NONE`). */
export type Lsn = Brand<number, 'Lsn'>;
/** Fencing token = term of records = volume epoch (FENCE-3). */
export type Term = Brand<number, 'Term'>;
/** Transaction id, ascending per volume, 1 is the first; 0 means none. */
export type TxId = Brand<number, 'TxId'>;
/** Number of a request to another node, used once by all lives of the node that asks (`takeRequestNumber`); its answer repeats it. */
export type RequestNumber = Brand<number, 'RequestNumber'>;
/** Virtual time, integer microseconds since the start of the run. */
export type Time = Brand<number, 'Time'>;

/** Exclusive upper end of every LSN range, never a record's LSN. */
export const MAX = Number.MAX_SAFE_INTEGER;
/** The watermark "nothing yet" of a volume. */
export const NONE = -1 as Lsn;

export const nodeId = (text: string): NodeId => text as NodeId;
export const groupId = (text: string): GroupId => text as GroupId;
export const lsn = (value: number): Lsn => value as Lsn;
export const term = (value: number): Term => value as Term;
export const requestNumber = (value: number): RequestNumber => value as RequestNumber;
export const time = (us: number): Time => us as Time;

/** Half-open interval `[first, end)`. */
export type Range = readonly [first: number, last: number];
