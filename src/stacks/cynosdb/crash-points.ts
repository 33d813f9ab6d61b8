// Steps of the protocol at which a crash can be aimed, of each role of the replicated log store.

import { storeCrashPoints } from '../../core/log-store/trace-events.ts';
import { metadataCrashPoints } from '../../core/pcs/trace-events.ts';
import { writerCrashPoints } from '../../core/quorum-log/trace-events.ts';

export const cynosdbCrashPoints = {
  store: storeCrashPoints,
  meta: metadataCrashPoints,
  compute: writerCrashPoints,
} as const;

declare module '../../core/kernel/trace-table.ts' {
  interface StackCrashPoints {
    cynosdb: (typeof cynosdbCrashPoints)[keyof typeof cynosdbCrashPoints];
  }
}
