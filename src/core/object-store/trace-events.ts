// Events of the object store, of what has become durable there (trace-table.ts says what a tag and a rank are).

import { event, type TraceTable } from '../kernel/trace-table.ts';

export const objectStoreTrace = {
  /** A log segment `[first, end)`, and the records in it with their terms. */
  'archive.segment': event(78, 2, {
    group: 'text',
    first: 'int',
    end: 'int',
    token: 'int',
    from: 'text',
    bytes: 'int',
    lsns: 'ints',
    terms: 'ints',
    sums: 'ints',
  }),
  /** A part of a base image. */
  'archive.base': event(79, 2, {
    group: 'text',
    base: 'int',
    part: 'int',
    pages: 'int',
    bytes: 'int',
    from: 'text',
  }),
  'archive.manifest': event(80, 2, {
    volume: 'text',
    version: 'int',
    expect: 'int',
    token: 'int',
    from: 'text',
    objects: 'int',
  }),
  /** At a start, with the extents of all groups: a power cut may come after a manifest is durable and before it is traced. */
  'archive.standing': event(81, 1, { volume: 'text', version: 'int', token: 'int' }),
  /** What the manifest says anew of a group; ranges as pairs, bases by their LSNs (−2: none). */
  'archive.extent': event(82, 1, {
    group: 'text',
    version: 'int',
    archiver: 'text',
    appointment: 'int',
    archivedTo: 'int',
    added: 'ints',
    removed: 'ints',
    gaps: 'ints',
    bases: 'ints',
  }),
  'archive.refused': event(83, 2, { what: 'text', from: 'text', code: 'text', current: 'int' }),
  /** An object that the manifest may count on is gone or damaged (F31). */
  'archive.bad': event(84, 3, { name: 'text', group: 'text', first: 'int', end: 'int', damage: 'text' }),
  'archive.collected': event(85, 1, { volume: 'text', objects: 'int', bytes: 'int' }),
  /** What restores under way are made from stays in the object store: of which volumes, and how many objects. */
  'archive.pinned': event(102, 1, { volumes: 'text', objects: 'int' }),
} as const satisfies TraceTable;

declare module '../kernel/trace.ts' {
  interface TraceTables {
    objectStore: typeof objectStoreTrace;
  }
}
