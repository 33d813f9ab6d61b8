// Serializable transactions over tables whose definitions change, with a foreign key and with upserts, so that what the watch over them
// has to remember is not rows alone: a table that is emptied (x), a register (y), rows that others refer to (p, c) and an index of p that
// comes and goes. A row of x that is not there has the value of row 0, which each TRUNCATE writes anew, so that a read of nothing says
// which version it has read. TRUNCATE does not heed snapshots (PostgreSQL's caveat), so who reads or writes x locks it first. A
// row of p comes once and stays: who refers to it has come after the one that made it. Tables are locked in the order c, p, y, x.

import { nextBelow } from '../../base/prng.ts';
import { type Kind, type PlannedRequest, uniqueText } from './workload-kind.ts';

const X_KEYS = 3;
const Y_KEYS = 2;
/** Transactions of a client before it goes on to the next key of p. */
const PER_KEY = 8;

const TEXTS = [
  'CREATE TABLE IF NOT EXISTS serial_y (k int PRIMARY KEY, v text)',
  "INSERT INTO serial_y VALUES (1, ''), (2, '')",
  'CREATE TABLE IF NOT EXISTS serial_x (k int PRIMARY KEY, v text)',
  "INSERT INTO serial_x VALUES (0, '')",
  'CREATE TABLE IF NOT EXISTS serial_p (k int PRIMARY KEY, n int, v text)',
  'CREATE INDEX IF NOT EXISTS serial_n ON serial_p (n)',
  'CREATE TABLE IF NOT EXISTS serial_c (k int REFERENCES serial_p)',
] as const;

/** Parameters: a key of y, one of x, one of p, what is written, and the other key of y. */
const STEPS = {
  begin: 'BEGIN ISOLATION LEVEL SERIALIZABLE',
  beginReadOnly: 'BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY',
  useX: 'LOCK TABLE serial_x IN ACCESS SHARE MODE',
  changeX: 'LOCK TABLE serial_x IN ROW EXCLUSIVE MODE',
  takeTurn: 'LOCK TABLE serial_c IN SHARE ROW EXCLUSIVE MODE',
  readY: 'SELECT v FROM serial_y WHERE k = $1',
  readZ: 'SELECT v FROM serial_y WHERE k = $5',
  readX: 'SELECT coalesce((SELECT v FROM serial_x WHERE k = $2), (SELECT v FROM serial_x WHERE k = 0))',
  readP: 'SELECT v FROM serial_p WHERE n = $3',
  writeY: 'UPDATE serial_y SET v = $4 WHERE k = $5',
  upsertX: 'INSERT INTO serial_x VALUES ($2, $4) ON CONFLICT (k) DO UPDATE SET v = excluded.v',
  emptyX: 'TRUNCATE serial_x',
  beginX: 'INSERT INTO serial_x VALUES (0, $4)',
  makeP: 'INSERT INTO serial_p VALUES ($3, $3, $4)',
  referToP: 'INSERT INTO serial_c VALUES ($3)',
  dropIndex: 'DROP INDEX IF EXISTS serial_n',
  makeIndex: 'CREATE INDEX serial_n ON serial_p (n)',
  commit: 'COMMIT',
} as const;
type Step = keyof typeof STEPS;
const NAMES = Object.keys(STEPS) as Step[];

/** What a transaction does, and how its key says it; without accesses it changes a definition alone. `e`: it refers to the row; `o`: it writes it by TRUNCATE. */
const SHAPES: readonly { readonly steps: readonly Step[]; readonly accesses: string }[] = [
  { steps: ['begin', 'useX', 'readX', 'writeY', 'commit'], accesses: 'r x w z' },
  { steps: ['begin', 'changeX', 'readY', 'readX', 'upsertX', 'commit'], accesses: 'r y r x w x' },
  { steps: ['begin', 'readY', 'emptyX', 'beginX', 'commit'], accesses: 'r y o X' },
  { steps: ['begin', 'readP', 'writeY', 'commit'], accesses: 'r p w z' },
  { steps: ['begin', 'takeTurn', 'readY', 'makeP', 'writeY', 'commit'], accesses: 'r y w p w z' },
  { steps: ['begin', 'readY', 'takeTurn', 'referToP', 'commit'], accesses: 'r y e p' },
  { steps: ['begin', 'readY', 'readZ', 'writeY', 'commit'], accesses: 'r y r z w z' },
  { steps: ['beginReadOnly', 'readY', 'readZ', 'commit'], accesses: 'r y r z' },
  { steps: ['beginReadOnly', 'useX', 'readZ', 'readX', 'commit'], accesses: 'r z r x' },
  { steps: ['begin', 'dropIndex', 'makeIndex', 'commit'], accesses: '' },
];

export const serialTables: Kind = {
  readsAtWriter: true,
  texts: [...TEXTS, ...NAMES.map((name) => STEPS[name])],
  load: () => TEXTS.length,
  loadRequest: (_, index) => ({ statements: [index], params: [] }),
  next: (spec, client, prng): PlannedRequest => {
    const y = 1 + nextBelow(prng, Y_KEYS);
    const x = 1 + nextBelow(prng, X_KEYS);
    const p = Math.floor(client.begun / PER_KEY);
    const z = 1 + (y % Y_KEYS);
    const value = uniqueText(spec, client);
    const { steps, accesses } = SHAPES[nextBelow(prng, SHAPES.length)] as (typeof SHAPES)[number];
    const all = Array.from({ length: X_KEYS }, (_, i) => `x/${1 + i}`).join(' o ');
    const places: Readonly<Record<string, string>> = {
      x: `x/${x}`,
      X: all,
      y: `y/${y}`,
      p: `p/${p}`,
      z: `y/${z}`,
    };
    const key = accesses.replace(/[xXypz]/g, (name) => (places[name] ?? '').replace(/[xyp]\//g, 'serial_$&'));
    return {
      statements: steps.map((step) => TEXTS.length + NAMES.indexOf(step)),
      params: [y, x, p, value, z].map(String),
      operation:
        key === ''
          ? { kind: 'statement', key: 'serial_p', value: '' }
          : { kind: 'txn', key: `in serializable ${key}`, value },
      more: false,
    };
  },
};
