// The disk under a Raft member in tests: what is durable, and the writes under way in their order. A crash keeps a prefix of
// them, as the door to `step` demands and no more.

import type { MemberId } from '../configuration.ts';
import type { Stored } from '../raft-state.ts';
import type { Entry, HardState, Persist, Snapshot } from '../raft-types.ts';

export interface TestDisk {
  readonly hardState: HardState;
  readonly snapshot: Snapshot | null;
  readonly entries: readonly Entry[];
}

export const freshDisk = (stored: Stored): TestDisk => ({
  hardState: stored.hardState,
  snapshot: stored.snapshot,
  entries: stored.entries,
});

/** The disk with one more write on it. */
export function written(disk: TestDisk, persist: Persist): TestDisk {
  const { cutThrough, log } = persist;
  let entries = disk.entries;
  if (cutThrough !== null) entries = entries.filter((entry) => entry.index > cutThrough);
  if (log !== null) entries = [...entries.filter((entry) => entry.index < log.from), ...log.entries];
  return {
    hardState: persist.hardState ?? disk.hardState,
    snapshot: persist.snapshot ?? disk.snapshot,
    entries,
  };
}

export const storedOn = (disk: TestDisk, member: MemberId, bootEpoch: number): Stored => ({
  member,
  bootEpoch,
  hardState: disk.hardState,
  snapshot: disk.snapshot,
  entries: disk.entries,
});
