// Events of the object store, of what has become durable there (trace-table.ts says what a tag and a rank are).

import type { TraceTable } from '../kernel/trace-table.ts';

export const objectStoreTrace = {
  /** A log segment `[first, last)`, and the records in it with their terms. */
  'archive.segment': {
    tag: 78,
    rank: 2,
    fields: {
      group: 'text',
      first: 'int',
      last: 'int',
      token: 'int',
      from: 'text',
      bytes: 'int',
      lsns: 'ints',
      terms: 'ints',
      sums: 'ints',
    },
  },
  /** A part of a base image. */
  'archive.base': {
    tag: 79,
    rank: 2,
    fields: { group: 'text', base: 'int', part: 'int', pages: 'int', bytes: 'int', from: 'text' },
  },
  'archive.manifest': {
    tag: 80,
    rank: 2,
    fields: { volume: 'text', version: 'int', expect: 'int', token: 'int', from: 'text', objects: 'int' },
  },
  /** At a start, with the extents of all groups: a power cut may come after a manifest is durable and before it is told. */
  'archive.standing': { tag: 81, rank: 1, fields: { volume: 'text', version: 'int', token: 'int' } },
  /** What the manifest says anew of a group; ranges as pairs, bases by their LSNs (−2: none). */
  'archive.extent': {
    tag: 82,
    rank: 1,
    fields: {
      group: 'text',
      version: 'int',
      archiver: 'text',
      appointment: 'int',
      archivedTo: 'int',
      added: 'ints',
      removed: 'ints',
      gaps: 'ints',
      bases: 'ints',
    },
  },
  'archive.refused': {
    tag: 83,
    rank: 2,
    fields: { what: 'text', from: 'text', code: 'text', current: 'int' },
  },
  /** An object that the manifest may count on is gone or damaged (F31). */
  'archive.bad': {
    tag: 84,
    rank: 3,
    fields: { name: 'text', group: 'text', first: 'int', last: 'int', damage: 'text' },
  },
  'archive.collected': { tag: 85, rank: 1, fields: { volume: 'text', objects: 'int', bytes: 'int' } },
  /** What restores under way are made from stays in the object store: of which volumes, and how many objects. */
  'archive.pinned': { tag: 102, rank: 1, fields: { volumes: 'text', objects: 'int' } },
} as const satisfies TraceTable;
