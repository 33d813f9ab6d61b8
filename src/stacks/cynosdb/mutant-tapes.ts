// Tapes on which planted bugs of the replicated log store show.

/** A view of a reader that stays open while the log goes on. */
export const LONG_VIEW = [
  '350.000 session d1 view ro-1 session',
  '360.000 sql d1 view "begin isolation level repeatable read"',
  '370.000 sql d1 view "select count(*) from accounts"',
  '750.000 sql d1 view "select count(*) from accounts"',
];

/** The driver is cut off while it asks for the second statement of a transaction, and a person cancels that. */
export const SKIPPED: readonly string[] = [
  '200.000 sql d1 one "CREATE TABLE s (k int PRIMARY KEY, v int)"',
  '230.000 sql d1 one "INSERT INTO s VALUES (1, 0)"',
  '250.000 sql d1 one "BEGIN"',
  '260.000 sql d1 one "UPDATE s SET v = 1"',
  '280.000 partition d1 | rw-1 for 100.000 ms',
  '285.000 sql d1 one "UPDATE s SET v = 2"',
  '300.000 cancel d1 one',
  '400.000 sql d1 one "COMMIT"',
  '430.000 sql d1 one "SELECT v FROM s"',
];

/** Both groups have log to archive all the time, and the manifest takes many requests; then a calm in which both can reach the end. */
export const ALWAYS_DUE = {
  changes: [
    'set archiveSegmentLsns 64',
    'set archiveMaxMs 40',
    'set archiveBaseLsns 1000',
    'set archiveSegments 8',
    'set objectBytes 12000',
    'set objectPartBytes 2048',
  ],
  actions: [
    '0.000 workload d1 kind=transfer rows=100 clients=4 thinkUs=1000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
    '4000.000 workloadStop d1',
  ],
} as const;

/** The object store is soon full, and a base image that is under way is the last object that there is no room for. */
export const FULL_OF_LOG = {
  changes: [
    'set archiveSegmentLsns 64',
    'set archiveMaxMs 40',
    'set archiveBaseLsns 400',
    'set diskLimitBytes 700000',
  ],
  actions: [
    '0.000 workload d1 kind=transfer rows=100 clients=4 thinkUs=1000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true',
    '1500.000 workloadStop d1',
  ],
} as const;
