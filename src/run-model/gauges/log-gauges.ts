// Gauges of the replicated log store, for every stack that has one: watermarks of the log, replicas that lag, holes, and pages of the
// writer's buffer.

import { type AttachmentView, attachmentsOf } from '../../core/compute/compute-view.ts';
import type { RoleView } from '../../core/kernel/view.ts';
import { openHoles } from '../../core/log-store/store-view.ts';
import { type GaugeTable, setBy } from './gauge.ts';

type Read<V, R> = (view: V) => readonly R[];
type Of<R extends RoleView['role']> = Extract<RoleView, { readonly role: R }>;

/** Of each of the node's attachments that writes a volume. */
const compute =
  <R>(read: Read<AttachmentView, R>): Read<RoleView, R> =>
  (role) =>
    role.role === 'compute'
      ? attachmentsOf(role).flatMap((attachment) => (attachment.mode === 'rw' ? read(attachment) : []))
      : [];
/** What an open attachment alone knows: recovery has to find it first. */
const open = (read: (attachment: AttachmentView) => number) =>
  compute((attachment) =>
    attachment.state === 'open'
      ? [{ volume: attachment.volume, value: read(attachment), term: attachment.token }]
      : [],
  );
const store =
  <R>(read: Read<Of<'store'>, R>): Read<RoleView, R> =>
  (role) =>
    role.role === 'store' ? read(role) : [];

const lsn = { unit: 'lsn' } as const;
const total = { unit: 'count', scope: 'node', total: 'sum' } as const;

/** Watermarks in the order in which a refused condition lists them. */
export const logGauges = {
  vdl: {
    ...lsn,
    scope: 'volume',
    word: 'VDL',
    inFrame: true,
    event: setBy('mark.vdl', (event) => event),
    fromView: open(({ vdl }) => vdl),
  },
  vcl: {
    ...lsn,
    scope: 'volume',
    word: 'VCL',
    inFrame: true,
    event: setBy('mark.vcl', (event) => event),
    fromView: open(({ vcl }) => vcl),
  },
  tail: {
    ...lsn,
    scope: 'volume',
    word: 'tail',
    event: setBy('mtr.append', ({ volume, end, term }) => ({ volume, value: end - 1, term })),
    fromView: compute(({ volume, tail, token }) => [{ volume, value: tail, term: token }]),
  },
  scl: {
    ...lsn,
    scope: 'replica',
    word: 'SCL',
    event: setBy('mark.scl', (event) => event),
    fromView: store(({ groups }) => groups.map(({ group, scl }) => ({ group, value: scl }))),
  },
  pgcl: {
    ...lsn,
    scope: 'group',
    word: 'PGCL',
    event: setBy('mark.pgcl', (event) => event),
    fromView: compute(({ groups, token }) =>
      groups.map(({ group, pgcl }) => ({ group, value: pgcl, term: token })),
    ),
  },
  holesOpen: {
    ...total,
    inFrame: true,
    fromView: store(({ groups }) => groups.map((group) => ({ value: openHoles(group) }))),
  },
  /** Commits that wait for VDL now. */
  commitsWaiting: {
    ...total,
    inFrame: true,
    fromView: compute(({ commitsWaiting }) => [{ value: commitsWaiting.length }]),
  },
  /** How far the slowest replica known to the writer is behind its group's tail. */
  replicaLag: {
    ...lsn,
    scope: 'group',
    inFrame: true,
    total: 'max',
    fromView: compute(({ groups, token }) =>
      groups.flatMap(({ group, tail, replicas }) =>
        replicas.filter(({ known }) => known).map(({ scl }) => ({ group, value: tail - scl, term: token })),
      ),
    ),
  },
  /** The visible LSN of each reader (READ-12); in one figure that of the reader furthest behind. */
  applyLsn: {
    ...lsn,
    scope: 'node',
    word: 'applyLsn',
    total: 'min',
    event: setBy('ro.applied', ({ applyLsn }) => ({ value: applyLsn })),
    fromView: (role) =>
      role.role === 'compute' && role.reader && role.reader.applyLsn >= 0
        ? [{ value: role.reader.applyLsn }]
        : [],
  },
  dirtyPages: { ...total, fromView: compute(({ buffer }) => [{ value: buffer.dirty }]) },
  /** Above VDL: they may not leave the buffer (WAL-10). */
  pinnedPages: { ...total, fromView: compute(({ buffer }) => [{ value: buffer.pinnedAboveVdl }]) },
  /** Entries of the metadata's log. */
  proposals: {
    ...total,
    fromView: (role) => (role.role === 'meta' ? [{ value: Math.max(0, role.commit) }] : []),
  },
} as const satisfies GaugeTable;

declare module './gauge.ts' {
  interface StackGauges {
    log: typeof logGauges;
  }
}
