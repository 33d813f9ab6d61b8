// Named times of a storage node that are no parameter. Its limits on size and count: kernel/limits.ts.

/** After a failed write the group takes no batches for this long, then proves itself by a fresh write of its superblock. */
export const SUSPEND_US = 20_000;
