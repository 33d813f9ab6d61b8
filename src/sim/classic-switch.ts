// What a classic standby would take in place of ours (docs/spec/failover.md FENCE-51, FENCE-54): calculated from the same run, never
// simulated, and marked so wherever it is shown. Only that it grows with the log and the data matters, so its constants are arguments.

/** ms; the last is shared by the steps that do not depend on the backlog. */
export interface ClassicConstants {
  readonly applyRecordMs: number;
  readonly writePageMs: number;
  readonly fixedMs: number;
}
export const classicConstants: ClassicConstants = { applyRecordMs: 0.05, writePageMs: 0.5, fixedMs: 100 };

/** The five steps of seed 002's table, with the detection before them. */
export const classicSteps = [
  'detect',
  'signal',
  'stopReceiver',
  'applyAndCheckpoint',
  'exit',
  'serve',
] as const;
export type ClassicStep = (typeof classicSteps)[number];

export interface ClassicBacklog {
  /** ms from the writer's death to the decision: the same for both. */
  readonly detectMs: number;
  /** Records that the standby has received and not applied. */
  readonly records: number;
  /** Pages that the checkpoint at the end of recovery writes. */
  readonly dirtyPages: number;
}

/** FENCE-51: ms of each step; their sum is detect + records × 0.05 + dirtyPages × 0.5 + 100. */
export function classicSwitch(
  { detectMs, records, dirtyPages }: ClassicBacklog,
  { applyRecordMs, writePageMs, fixedMs }: ClassicConstants = classicConstants,
): Readonly<Record<ClassicStep, number>> {
  const share = fixedMs / 4;
  return {
    detect: detectMs,
    signal: share,
    stopReceiver: share,
    applyAndCheckpoint: records * applyRecordMs + dirtyPages * writePageMs,
    exit: share,
    serve: share,
  };
}

export const classicSwitchMs = (...of: Parameters<typeof classicSwitch>): number =>
  Object.values(classicSwitch(...of)).reduce((sum, ms) => sum + ms, 0);

export interface ClassicReplica {
  readonly volumeBytes: number;
  /** Records logged in a ms while it copies. */
  readonly recordsPerMs: number;
  /** Replicas that there are. */
  readonly replicas: number;
}

/** FENCE-54: a new replica copies the data, then applies what was logged meanwhile; each has the data once more. */
export function classicReplica(
  { volumeBytes, recordsPerMs, replicas }: ClassicReplica,
  copyBytesPerMs = 100_000,
  { applyRecordMs }: ClassicConstants = classicConstants,
): { readonly startMs: number; readonly storageBytes: number } {
  const copyMs = volumeBytes / copyBytesPerMs;
  return {
    startMs: copyMs + copyMs * recordsPerMs * applyRecordMs,
    storageBytes: (1 + replicas) * volumeBytes,
  };
}
