// Rules that no trace event breaks: the judge of a sweep asks them of a whole run, of its clients' histories and of its end
// (src/sim/sweep/run-scenario.ts). Every architecture has to hold them.

export const historyRules = {
  'client.linearizable': {
    ids: ['WAL-20', 'WAL-22'],
    claim: 'operations on one key can be put in one order that every client saw',
  },
  'client.acked-present': { ids: ['WAL-20'], claim: 'every acknowledged write is there at the end' },
  'client.exactly-once': {
    ids: ['FENCE-43', 'FENCE-44', 'WAL-20'],
    claim: 'every acknowledged operation leaves exactly one mark, one of unknown outcome at most one',
  },
  'client.isolation': {
    ids: ['READ-40', 'READ-43', 'WAL-22'],
    claim:
      'no cycle of dependencies that the isolation level of a transaction or the level of its session excludes',
  },
  'client.paths-agree': {
    ids: ['WAL-22'],
    claim:
      'a table holds the same rows by every access path: heap scan, index scan and point lookups; no row breaks a foreign key that stands',
  },
} as const;
export const structureRules = {
  'page.structure': {
    ids: ['WAL-3', 'WAL-22'],
    claim: 'at VDL and at each end of an MTR heap, index, catalog and commit log are whole and say the same',
  },
} as const;
export const redoRules = {
  'page.redo': {
    ids: ['WAL-31', 'WAL-32', 'WAL-35'],
    claim: 'what replicas serve, store and cache of a page is what the log alone makes of it',
  },
  'buffer.redo': { ids: ['WAL-6', 'WAL-9'], claim: 'the writer’s buffer holds what the log makes of a page' },
  'wal.same-records': {
    ids: ['WAL-14', 'WAL-38'],
    claim: 'above their log floors and as far as both reach two replicas hold the same records',
  },
} as const;
/** What is owed while faults last (sim/sweep/liveness.ts). */
export const livenessRules = {
  'hole.filled-in-time': {
    ids: ['HOLE-29', 'HOLE-30', 'HOLE-37'],
    claim: 'a hole that a sound peer can fill is filled within a bound, whatever is wrong elsewhere',
  },
  'page.read-in-time': {
    ids: ['WAL-27'],
    claim: 'a page read that a sound replica can serve is answered within a bound',
  },
  'commit.acked-in-time': {
    ids: ['WAL-12', 'WAL-19'],
    claim: 'a commit whose log sound write quorums can take is acknowledged within a bound',
  },
  'page.pinned-kept': { ids: ['WAL-36', 'WAL-71'], claim: 'GC leaves what the pages of a pinned image take' },
  'read.floor-below-readers': {
    ids: ['WAL-25'],
    claim: 'PGMRPL is at or below the read point of every open snapshot',
  },
} as const;
export const progressRules = {
  'cluster.progress': { ids: ['FENCE-24'], claim: 'after healing the volume opens and commits again' },
} as const;

declare module './monitor.ts' {
  interface RuleTable
    extends RulesOf<typeof historyRules>,
      RulesOf<typeof progressRules>,
      RulesOf<typeof livenessRules>,
      RulesOf<typeof redoRules>,
      RulesOf<typeof structureRules> {}
}
