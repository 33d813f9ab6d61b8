// Rules that no trace event breaks: the judge of a sweep asks them of a whole run, of its clients' histories and of its end
// (src/sim/sweep/run-scenario.ts). Every architecture has to hold them.

export const historyRules = {
  'client.linearizable': {
    ids: ['WAL-20', 'WAL-22'],
    source: 'D',
    lens: 'checks',
  },
  'client.acked-present': { ids: ['WAL-20'], source: 'D', lens: 'checks' },
  'client.exactly-once': {
    ids: ['FENCE-43', 'FENCE-44', 'WAL-20'],
    source: 'Raft Thesis 6.3; D',
    lens: 'checks',
  },
  'client.isolation': {
    ids: ['READ-40', 'READ-43', 'WAL-22'],
    source: 'Adya 1999; READ-43',
    lens: 'checks',
  },
  'client.paths-agree': {
    ids: ['WAL-22'],
    source: 'D',
    lens: 'checks',
  },
} as const;
export const structureRules = {
  'page.structure': {
    ids: ['WAL-3', 'WAL-22'],
    source: 'D',
    lens: 'pages',
  },
} as const;
export const redoRules = {
  'page.redo': {
    ids: ['WAL-31', 'WAL-32', 'WAL-35'],
    source: 'A17 §3.3; D',
    lens: 'chains',
  },
  'buffer.redo': { ids: ['WAL-6', 'WAL-9'], source: 'A17 §3; D', lens: 'chains' },
  'wal.same-records': {
    ids: ['WAL-14', 'WAL-38'],
    source: 'A18 §2.3; D',
    lens: 'wal',
  },
} as const;
/** What is owed while faults last (sim/sweep/liveness.ts). */
export const livenessRules = {
  'hole.filled-in-time': {
    ids: ['HOLE-29', 'HOLE-30', 'HOLE-37'],
    source: 'D',
    lens: 'wal',
  },
  'page.read-in-time': {
    ids: ['WAL-27'],
    source: 'A17 §4.2.3; D',
    lens: 'chains',
  },
  'commit.acked-in-time': {
    ids: ['WAL-12', 'WAL-19'],
    source: 'D',
    lens: 'wal',
  },
  'page.pinned-kept': { ids: ['WAL-36', 'WAL-71'], source: 'D', lens: 'chains' },
  'read.floor-below-readers': {
    ids: ['WAL-25'],
    source: 'A17 §4.2.3; D',
    lens: 'chains',
  },
} as const;
export const progressRules = {
  'cluster.progress': { ids: ['FENCE-24'], source: 'D', lens: 'recovery' },
} as const;

declare module './monitor.ts' {
  interface RuleTable
    extends RulesOf<typeof historyRules>,
      RulesOf<typeof progressRules>,
      RulesOf<typeof livenessRules>,
      RulesOf<typeof redoRules>,
      RulesOf<typeof structureRules> {}
}
