// What a queue may hold and how long its machinery waits; what happens at each limit. docs/many-machines.md says them to people.

/** Jobs of a campaign that are handed in and have no verdict yet; the next ones wait in the process that hands in. */
export const MOST_OPEN = 2000;
/** Bytes of one job as JSON; a larger one is refused before it is handed in. */
export const MOST_JOB_BYTES = 16 * 1024;
/** Bytes of one verdict that lie in the queue, compressed; a larger one goes to a file (results.ts). */
export const MOST_INLINE_BYTES = 64 * 1024;
/** Bytes that a verdict may have once it is unpacked; a larger one is refused. */
export const MOST_ANSWER_BYTES = 64 * 1024 * 1024;
/** Bytes of all verdicts of a campaign; above it nothing more is handed in, and the rest is for another campaign and `sim merge`. */
export const MOST_CAMPAIGN_BYTES = 256 * 1024 * 1024;
/** A campaign that has ended is forgotten after this, seconds. */
export const KEPT_SECONDS = 7 * 24 * 3600;

/** One job in so many runs twice. */
export const TWICE_EVERY = 50;
/** A job whose workers died this often is set aside. */
export const MOST_KILLS = 3;
/** Locks that one job may lose before BullMQ itself gives up on it: a server that is away takes them without a kill. */
export const MOST_STALLS = 100;

/** A worker that has renewed no lock for so long has lost its job; how often that is looked for; all in ms of the wall. */
export const LOCK_MS = 10_000;
export const STALLED_EVERY_MS = 5000;
/** A worker says that it lives this often, and is taken for dead after this. */
export const BEAT_MS = 1500;
export const DEAD_MS = 6000;
/** Between two looks at the verdicts; between two looks at everything that may have been lost. */
export const POLL_MS = 200;
export const RECHECK_MS = 30_000;
/** A second run is put back for so long when its first was of the same worker and there is another. */
export const PUT_BACK_MS = 500;
/** What needs a browser is given up when for so long no worker has declared one. */
export const NO_BROWSER_MS = 60_000;
/** Between two attempts to reach a server that is away, at most. */
export const RETRY_MS = 2000;
