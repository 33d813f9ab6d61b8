// Gauges of the replicated log store: watermarks of the log, replicas that lag, holes, and pages of the writer's buffer.

import type { RoleView } from '../../core/kernel/view.ts';
import { openHoles } from '../../core/log-store/store-view.ts';
import { type GaugeReading, type GaugeTable, setBy } from '../../sim/gauge.ts';

type Of<R extends RoleView['role']> = Extract<RoleView, { readonly role: R }>;

const compute =
  (read: (view: Of<'compute'>) => readonly GaugeReading[]) =>
  (role: RoleView): readonly GaugeReading[] =>
    role.role === 'compute' ? read(role) : [];
const store =
  (read: (view: Of<'store'>) => readonly GaugeReading[]) =>
  (role: RoleView): readonly GaugeReading[] =>
    role.role === 'store' ? read(role) : [];

/** Watermarks first, in the order in which a refused condition lists them. */
export const cynosdbGauges = {
  vdl: {
    unit: 'lsn',
    scope: 'volume',
    word: 'VDL',
    inFrame: true,
    event: setBy('mark.vdl', (event) => event),
  },
  vcl: {
    unit: 'lsn',
    scope: 'volume',
    word: 'VCL',
    inFrame: true,
    event: setBy('mark.vcl', (event) => event),
  },
  tail: {
    unit: 'lsn',
    scope: 'volume',
    word: 'tail',
    event: setBy('mtr.append', ({ last }) => ({ value: last })),
    fromView: compute(({ tail }) => [{ value: tail }]),
  },
  scl: {
    unit: 'lsn',
    scope: 'replica',
    word: 'SCL',
    event: setBy('mark.scl', ({ group, value }) => ({ group, value })),
    fromView: store(({ groups }) => groups.map(({ group, scl }) => ({ group, value: scl }))),
  },
  pgcl: {
    unit: 'lsn',
    scope: 'group',
    word: 'PGCL',
    event: setBy('mark.pgcl', ({ group, value }) => ({ group, value })),
    fromView: compute(({ groups }) => groups.map(({ group, pgcl }) => ({ group, value: pgcl }))),
  },
  holesOpen: {
    unit: 'count',
    scope: 'group',
    inFrame: true,
    total: 'sum',
    fromView: store(({ groups }) => groups.map((group) => ({ value: openHoles(group) }))),
  },
  /** Commits that wait for VDL now. */
  commitsWaiting: {
    unit: 'count',
    scope: 'volume',
    inFrame: true,
    total: 'sum',
    fromView: compute(({ commitsWaiting }) => [{ value: commitsWaiting.length }]),
  },
  /** How far the slowest replica known to the writer is behind its group's tail. */
  replicaLag: {
    unit: 'lsn',
    scope: 'group',
    inFrame: true,
    total: 'max',
    fromView: compute(({ groups }) =>
      groups.flatMap(({ tail, replicas }) =>
        replicas.filter(({ known }) => known).map(({ scl }) => ({ value: tail - scl })),
      ),
    ),
  },
  dirtyPages: {
    unit: 'count',
    scope: 'node',
    total: 'sum',
    fromView: compute(({ buffer }) => [{ value: buffer.dirty }]),
  },
  /** Above VDL: they may not leave the buffer (WAL-10). */
  pinnedPages: {
    unit: 'count',
    scope: 'node',
    total: 'sum',
    fromView: compute(({ buffer }) => [{ value: buffer.pinnedAboveVdl }]),
  },
  /** Entries of the metadata's log. */
  proposals: {
    unit: 'count',
    scope: 'node',
    total: 'sum',
    fromView: (role) => (role.role === 'meta' ? [{ value: Math.max(0, role.commit) }] : []),
  },
} as const satisfies GaugeTable;

declare module '../../sim/gauge.ts' {
  interface StackGauges {
    cynosdb: typeof cynosdbGauges;
  }
}
