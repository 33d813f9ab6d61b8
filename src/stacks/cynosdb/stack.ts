// The architecture of CynosDB for PostgreSQL: a writer over a replicated log store.

import { storeCrashPoints } from '../../core/log-store/trace-events.ts';
import { metadataCrashPoints } from '../../core/pcs/trace-events.ts';
import { writerCrashPoints } from '../../core/quorum-log/trace-events.ts';
import { logGauges } from '../../run-model/gauges/log-gauges.ts';
import type { Stack } from '../../sim/stack.ts';
import { cynosdbCluster } from './node-templates.ts';

const cynosdbCrashPoints = {
  store: storeCrashPoints,
  meta: metadataCrashPoints,
  compute: writerCrashPoints,
} as const;

declare module '../../core/kernel/trace-table.ts' {
  interface StackCrashPoints {
    cynosdb: (typeof cynosdbCrashPoints)[keyof typeof cynosdbCrashPoints];
  }
}

export const cynosdb: Stack = {
  id: 'cynosdb',
  trace: {},
  cluster: cynosdbCluster,
  links: [
    ['driver', 'compute'],
    ['driver', 'meta'],
    ['compute', 'meta'],
    // A writer and its readers; each may become the other.
    ['compute', 'compute'],
    ['compute', 'store'],
    ['meta', 'meta'],
    ['objectStore', 'store'],
    ['objectStore', 'meta'],
  ],
  // A spare is an attachment of a compute node, no role.
  targets: { driver: 'driver', writer: 'compute', store: 'store', pcs: 'meta', objectStore: 'objectStore' },
  gauges: logGauges,
  crashPoints: cynosdbCrashPoints,
};
