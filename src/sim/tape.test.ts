import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { nodeId } from '../base/ids.ts';
import { makePrng } from '../base/prng.ts';
import { stackActions } from '../stacks/actions.ts';
import { findPreset, presets } from '../stacks/presets.ts';
import { actionKinds, actionNames, tapes } from '../stacks/tapes.ts';
import type { Tape } from './tape.ts';
import type { TapeAction } from './tape-actions.ts';
import { TAPE_LIMITS } from './tape-limits.ts';
import { parseAction, parseTape } from './tape-parse.ts';
import { printAction, printTape } from './tape-print.ts';
import { makeTape, runOfTape } from './tape-run.ts';
import { printMs } from './tape-tokens.ts';
import { drawAction } from './testing/random-actions.ts';

const cynosdb = findPreset('cynosdb');
if (cynosdb === null) throw new Error('cynosdb');
/** With a node of every kind that an action is done to. */
const everything = findPreset('cynosdb-pcs-backup');
if (everything === null) throw new Error('cynosdb-pcs-backup');

/** Those of readers, of placement and of volumes in files have tests of their own: this cluster has none. */
const elsewhere: readonly string[] = [
  ...['session', 'revokeReader', 'switchover', 'moveToHa', 'addNode', 'removeNode'],
  ...['offline', 'cancelOffline', 'splitGroup', 'mergeGroups', 'transferGroup', 'checkpoint'],
];
const drawn = actionNames.filter((name) => !elsewhere.includes(name));

const arbitraryAction = fc
  .tuple(fc.nat(), fc.constantFrom(...drawn), fc.nat(90_000_000))
  .map(([seed, name, at]) =>
    drawAction(tapes, makePrng(seed, 'action'), name, everything.cluster, 300, at as Time),
  );

const arbitraryTape: fc.Arbitrary<Tape> = fc
  .record({
    actions: fc.array(arbitraryAction, { maxLength: 30 }),
    seed: fc.maxSafeNat(),
    lal: fc.integer({ min: 32, max: 1000 }),
    text: fc.string({ unit: 'binary' }),
    end: fc.option(fc.record({ at: fc.nat(), hash: fc.constantFrom(null, '0123456789abcdef') })),
  })
  .map(({ actions, seed, lal, text, end }) => ({
    header: {
      version: 1,
      engine: '0.1.0',
      preset: 'cynosdb-pcs-backup',
      profile: 'demo',
      changes: [['lal', lal]],
      seed,
      mutants: ['ack-before-durable'],
      marks: [{ at: 5 as Time, text }],
      end: end === null ? null : { at: end.at as Time, hash: end.hash },
    },
    actions: actions.toSorted((a, b) => a.at - b.at),
  }));

const head = ['postdb-tape 1', 'engine 0.1.0', 'preset cynosdb', 'profile demo', 'seed 7'];
const tapeOf = (...lines: string[]): string => [...head, ...lines].join('\n');

function parsed(text: string): Tape {
  const result = parseTape(tapes, text);
  if (!result.ok) throw new Error(`line ${result.line}: ${result.error}`);
  return result.tape;
}

test('a tape of every kind of line reads as it says and prints back the same', () => {
  const lines = [
    '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true',
    '12.500 crash store-2',
    '12.500 crash store-1 tornLast for 5.000 ms',
    '12.500 crashLosing store-1 "store/g1/log/3" "store/g1/log/4" for 5.000 ms',
    '12.500 wipeDisk store-1 for 5.000 ms',
    '12.500 snapshotDisk store-1',
    '12.500 rollbackDisk store-1 for 5.000 ms',
    '12.500 moveReplica store-1 store-2',
    '12.500 moveReplica store-1 store-1 g2',
    '12.500 rollbackMove',
    '12.500 rollbackMove g1',
    '12.500 cancelRestore v2',
    '12.500 crashOn store-1 before ack',
    '12.500 disarm store-1',
    '12.500 dropBuffer store-1',
    '12.500 powerOff store-1 store-2 for 5.000 ms',
    '12.500 powerOn store-1 store-2',
    '12.500 clockDrift rw-1 -5000 for 5.000 ms',
    '12.500 bandwidth rw-1 | store-1 : 256',
    '12.500 dropNext rw-1 > store-1 : wal 2',
    '12.500 holdNext rw-1 | store-1 : holeFill 1',
    '13.000 cut rw-1 | store-1 store-3',
    '13.000 cut rw-1 > store-3 for 6.000 ms',
    '13.001 partition d1 rw-1 | store-1 store-2 | store-3',
    '13.001 isolate store-2 for 1.000 ms',
    '14.000 heal rw-1 | store-1 store-3',
    '14.000 healAll',
    '14.250 sql d1 "insert into t values (1, \'a\\"b\\n\')"',
    '14.250 sql d1 console "select $1, $2" "5" null',
    '14.300 cancel d1 console',
    '14.300 cancel d1 console@v2',
    '14.300 cancel d1 lists/2',
    '15.000 latency rw-1 > store-1 : 5.000 ms for 20.000 ms',
    '15.000 jitter rw-1 | store-1 : 0.000 ms',
    '15.000 loss rw-1 > store-1 : 20 %',
    '15.000 duplicate rw-1 > store-1 : 20 % for 3.000 ms',
    '15.000 reorder rw-1 > store-1 : 20 %',
    '15.000 corrupt rw-1 > store-1 : 100 %',
    '15.000 hold rw-1 > store-1',
    '16.000 release rw-1 > store-1',
    '16.000 dropMessage rw-1.112.0',
    '16.000 delayMessage rw-1.113.0 : 2.500 ms'.replace(' :', ''),
    '16.000 holdMessage rw-1.114.0 for 2.000 ms',
    '17.000 diskSlow store-1 1000 %',
    '17.000 diskRoom store-1 300 %',
    '17.000 diskStall store-1 for 4.000 ms',
    '17.000 diskFull store-1',
    '17.000 diskFailSync store-1',
    '17.000 diskFailRead store-1',
    '17.000 diskOk store-1',
    '17.000 bitRot store-1 "log/" 3',
    '17.000 bitRot store-1 ""',
    '17.000 diskReadError store-1 "store/g1/page/"',
    '17.000 diskLoseWrite store-1 "store/g1/log/"',
    '17.000 diskMisdirect store-1 "store/g1/log/"',
    '17.000 stop store-1 20.000 ms for 100.000 ms',
    '17.000 clock rw-1 -5.000 ms',
    '17.000 slowCpu rw-1 50 us for 2.000 ms',
    '17.000 freeze rw-1',
    '18.000 resume rw-1',
    '18.000 restart store-2',
    '19.000 workloadSet d1 clients=8 thinkUs=0',
    '19.000 workloadStop d1',
    '19.500 padTo rw-1 107 "g1*3 g2"',
    '19.500 readPage rw-1 4398583382017 30',
    '19.600 dropVolume v3',
    '19.600 evictPage rw-1 4398583382017',
    '19.600 pinPage rw-1 7 for 2.000 ms',
    '19.600 unpinPage rw-1 7',
    '19.700 pauseHoles store-1 g2 for 3.000 ms',
    '19.700 pauseHoles store-2',
    '19.800 resumeHoles store-2 g1',
    '20.000 powerCut store-1 19.500 ms 212 1 0123456789abcdef fedcba9876543210 ; rw-1 20.000 ms 7 2 0123456789abcdef fedcba9876543210',
    '20.000 crashKeeping store-1 only "/log/" for 5.000 ms',
    '20.000 crashKeeping store-1 allBut ""',
    '20.000 crashKeeping store-1 first 3',
    '20.100 putConfig global scrubEveryMs 7',
    '20.100 putConfig node:rw-1 log.level.engine unset 3',
    '20.200 ask store-1 d1 : setLogLevel store DEBUG',
    '20.200 ask rw-1 : dump',
    '20.300 editConfig store-1 scrubEveryMs 900',
  ];
  const text = `${[...head.slice(0, 4), 'set lal 50', head[4], 'broken ack-early', 'mark 12.500 "crash"', 'end 40.000 0123456789abcdef', '', ...lines].join('\n')}\n`;
  const tape = parsed(text);
  expect(printTape(tapes, tape)).toBe(text);
  expect(tape.actions).toHaveLength(lines.length);
  expect(tape.actions[22]).toEqual({
    at: 13_000,
    kind: 'cut',
    link: { from: ['rw-1'], to: ['store-3'], isBothWays: false },
    forUs: 6000,
  });
  const kindsSeen = new Set(tape.actions.map(({ kind }) => kind));
  const foreign = stackActions.flatMap(({ id, actions }) => (id === 'cynosdb' ? [] : Object.keys(actions)));
  const unseen = actionNames.filter((name) => !kindsSeen.has(name) && !foreign.includes(name));
  expect(unseen).toEqual([
    'deliverMessage',
    'duplicateMessage',
    'corruptMessage',
    'releaseMessage',
    // below: they take readers, an object store, places for data, a volume in files, or several nodes of the metadata
    'session',
    'disconnect',
    'addNode',
    'removeNode',
    'offline',
    'cancelOffline',
    'checkpoint',
    'revokeReader',
    'switchover',
    'moveToHa',
    'addPcs',
    'removePcs',
    'transferPcs',
    'nameArchiver',
    'restore',
  ]);
});

test('READ-28 READ-46 sessions are routed and readers revoked where there are readers', () => {
  const lines = [
    '12.500 session d1 main ro session',
    '12.500 session d1 console ro-2 eventual 120',
    '13.000 revokeReader rw-1 ro-1',
  ];
  const withReaders = tapeOf(...lines).replace('preset cynosdb', 'preset cynosdb-ro');
  expect(parsed(withReaders).actions).toMatchObject([
    { kind: 'session', session: 'main', target: 'ro', level: 'session', waitLsn: null },
    { kind: 'session', session: 'console', target: 'ro-2', level: 'eventual', waitLsn: 120 },
    { kind: 'revokeReader', node: 'rw-1', reader: 'ro-1' },
  ]);
  expect(parsed(printTape(tapes, parsed(withReaders)))).toEqual(parsed(withReaders));
  expect(parseTape(tapes, tapeOf('12.500 session d1 main ro session'))).toMatchObject({
    error: 'cynosdb has no readers: every statement goes to the writer',
  });
  const wrong = (line: string) =>
    parseTape(tapes, tapeOf(line).replace('preset cynosdb', 'preset cynosdb-ro'));
  expect(wrong('12.500 session d1 main store-1 session')).toMatchObject({
    error: 'a session goes to any, rw, ro or a reader (ro-1, ro-2), not to store-1',
  });
  expect(wrong('12.500 revokeReader rw-1 rw-1')).toMatchObject({
    error: 'rw-1 is no reader of cynosdb-ro',
  });
});

test('PCS-106 a node is added to the metadata where it has several', () => {
  const inPcs = (line: string) =>
    parseTape(tapes, tapeOf(line).replace('preset cynosdb', 'preset cynosdb-pcs'));
  const added = inPcs('12.500 addPcs pcs-4');
  expect(added.ok && added.tape.actions).toEqual([{ at: 12_500, kind: 'addPcs', node: 'pcs-4' }]);
  expect(inPcs('12.500 removePcs store-1')).toMatchObject({
    error: 'store-1 is not a node of the metadata; those are pcs-1, pcs-2, pcs-3, pcs-4, pcs-5',
  });
  expect(parseTape(tapes, tapeOf('12.500 addPcs meta-1'))).toMatchObject({
    error: 'the metadata of cynosdb has one node',
  });
});

test('WAL-40 an archiver is named, and the object store loses its disk, where there is one', () => {
  const lines = ['12.500 nameArchiver store-1', '12.500 nameArchiver store-2 g2', '13.000 wipeDisk cos-1'];
  const inBackup = tapeOf(...lines).replace('preset cynosdb', 'preset cynosdb-backup');
  expect(parsed(inBackup).actions.map(({ kind }) => kind)).toEqual([
    'nameArchiver',
    'nameArchiver',
    'wipeDisk',
  ]);
  expect(parsed(printTape(tapes, parsed(inBackup)))).toEqual(parsed(inBackup));
  const nowhere = parseTape(tapes, tapeOf('12.500 nameArchiver store-1'));
  expect(nowhere).toMatchObject({ ok: false, line: 6, error: expect.stringContaining('no object store') });
});

test('every tape that can be made prints and parses back to itself', () => {
  let withText = 0;
  fc.assert(
    fc.property(arbitraryTape, (tape) => {
      const text = printTape(tapes, tape);
      const again = parsed(text);
      expect(again).toEqual(tape);
      expect(printTape(tapes, again)).toBe(text);
      if (tape.actions.some(({ kind }) => kind === 'sql')) withText++;
    }),
    { numRuns: 600, seed: 1 },
  );
  expect(withText).toBeGreaterThan(20);
});

test('the registry covers every action: each one prints, and parses back alone', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(arbitraryAction, (action) => {
      seen.add(action.kind);
      expect(parseAction(tapes, `${printMs(action.at)} ${printAction(tapes, action)}`)).toEqual(action);
    }),
    { numRuns: 3000, seed: 2 },
  );
  expect([...seen].sort()).toEqual([...drawn].sort());
});

test('a fault that lasts has an undo, and only such a one', () => {
  for (const name of actionNames) {
    const kind = actionKinds[name];
    expect(kind.isLasting, name).toBe(kind.undo !== null);
    if (kind.undo !== null) expect(actionNames).toContain(kind.undo);
  }
});

const bad: readonly (readonly [name: string, text: string, line: number, error: string])[] = [
  ['nothing', '', 1, 'the tape is empty'],
  ['no tape', 'hello', 1, 'not a tape'],
  ['newer version', 'postdb-tape 2', 1, 'tape version 2 is not known here'],
  [
    'no preset',
    'postdb-tape 1\nengine 1\nprofile demo\nseed 1\n1.0 healAll',
    5,
    'the preset line is missing',
  ],
  ['unknown preset', 'postdb-tape 1\npreset cynosbd', 2, 'did you mean cynosdb?'],
  ['unknown profile', 'postdb-tape 1\nprofile fast', 2, 'profile must be one of spec, demo, bench, sweep'],
  ['twice', 'postdb-tape 1\nseed 1\nseed 2', 3, 'seed is given twice'],
  ['PRE-1 unknown parameter', 'postdb-tape 1\nset pageByte 512', 2, 'did you mean pageBytes?'],
  ['PRE-1 range', 'postdb-tape 1\nset pageBytes 100', 2, 'from 512 to 8192'],
  [
    'PRE-6 together',
    'postdb-tape 1\nengine 1\npreset cynosdb\nprofile demo\nset readTimeoutMs 1\nseed 1\n0.0 healAll',
    7,
    'PRE-6: readTimeoutMs',
  ],
  ['unknown action', tapeOf('1.0 crsh store-1'), 6, 'did you mean crash?'],
  ['unknown node', tapeOf('1.0 crash store-9'), 6, 'no node store-9; did you mean store-1?'],
  ['not a driver', tapeOf('1.0 sql rw-1 "select 1"'), 6, 'rw-1 is not a driver; drivers are d1'],
  [
    'not a store',
    tapeOf('1.0 rollbackDisk rw-1'),
    6,
    'rw-1 is not a store; stores are store-1, store-2, store-3',
  ],
  ['nothing to restore from', tapeOf('1.0 restore v1 to lsn 9 as v2'), 6, 'this cluster has no object store'],
  ['no such point', tapeOf('1.0 restore v1 to then as v2'), 6, 'expected "lsn" or "time", found then'],
  ['no name of a volume', tapeOf('1.0 cancelRestore V2'), 6, 'V2 is not a name of 16 small letters'],
  ['no session of a volume', tapeOf('1.0 sql d1 a@b@c "select 1"'), 6, 'b@c is not a name'],
  ['no group to pause', tapeOf('1.0 pauseHoles store-1 g7'), 6, 'no group g7; groups are g1, g2'],
  ['no such group', tapeOf('1.0 moveReplica store-1 store-2 g7'), 6, 'no group g7; groups are g1, g2'],
  [
    'moved to no store',
    tapeOf('1.0 moveReplica store-1 d1'),
    6,
    'd1 is not a store; stores are store-1, store-2, store-3',
  ],
  ['PRE-2 floor', tapeOf('1.0 latency rw-1 > store-1 : 0.299 ms'), 6, 'below latencyFloorUs = 300'],
  ['four decimals', tapeOf('1.0001 healAll'), 6, 'up to three decimals'],
  ['time goes back', tapeOf('# note', '2.0 healAll', '', '1.0 healAll'), 9, 'time goes back'],
  ['too late', tapeOf('86400000.001 healAll'), 6, 'must be from 0 to 86400000 ms'],
  ['no end', tapeOf('1.0 cut rw-1 >'), 6, 'a node is missing'],
  ['left over', tapeOf('1.0 healAll now'), 6, 'did not expect now'],
  ['open quote', tapeOf('1.0 sql d1 "select'), 6, 'without its closing quote'],
  ['escape', tapeOf('1.0 sql d1 "\\x"'), 6, 'unknown escape \\x'],
  ['percent', tapeOf('1.0 loss rw-1 > store-1 : 101 %'), 6, 'percent = 101 must be from 0 to 100'],
  ['unit', tapeOf('1.0 loss rw-1 > store-1 : 10'), 6, '"%" is missing'],
  ['for', tapeOf('1.0 cut rw-1 > store-1 for 0 ms'), 6, 'for = 0 ms must be'],
  ['two sides', tapeOf('1.0 partition rw-1'), 6, 'at least two sides'],
  ['both sides', tapeOf('1.0 partition rw-1 d1 | rw-1'), 6, 'on two sides'],
  ['message', tapeOf('1.0 dropMessage rw-1'), 6, 'is not a message'],
  ['workload', tapeOf('1.0 workloadSet d1 klients=1'), 6, 'unknown field klients'],
  ['workload kind', tapeOf('1.0 workloadSet d1 kind=transfr'), 6, 'did you mean transfer?'],
  ['header after', tapeOf('1.0 healAll', 'broken x'), 7, 'before the first action'],
  ['prototype', 'postdb-tape 1\npreset __proto__', 2, 'unknown preset __proto__'],
  ['prototype action', tapeOf('1.0 constructor rw-1'), 6, 'unknown action constructor'],
  ['seed 2^53', 'postdb-tape 1\nseed 9007199254740992', 2, 'must be from 0 to 9007199254740991'],
  ['stamp', tapeOf('5.0 powerCut rw-1 6.0 ms 1 1 0123456789abcdef 0123456789abcdef'), 6, 'later than'],
  ['hash', tapeOf('5.0 powerCut rw-1 4.0 ms 1 1 xyz 0123456789abcdef'), 6, 'not 16 hex digits'],
];

test.each(bad)('refused with its line number: %s', (_, text, line, error) => {
  const result = parseTape(tapes, text);
  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.error).toContain(error);
  expect(result.line).toBe(line);
});

test('T05 limits: up to the limit read, one beyond refused', () => {
  const many = (count: number): string =>
    tapeOf(Array.from({ length: count }, () => '1.000 healAll').join('\n'));
  expect(parseTape(tapes, many(TAPE_LIMITS.actions + 1))).toMatchObject({
    ok: false,
    line: TAPE_LIMITS.actions + 6,
  });
  const text = (bytes: number): string => tapeOf(`1.000 sql d1 "${'x'.repeat(bytes)}"`);
  expect(parseTape(tapes, text(TAPE_LIMITS.textBytes)).ok).toBe(true);
  expect(parseTape(tapes, text(TAPE_LIMITS.textBytes + 1))).toMatchObject({ ok: false, line: 6 });
  const wide = (bytes: number): string => tapeOf(`1.000 sql d1 "${'é'.repeat(bytes / 2)}"`);
  expect(parseTape(tapes, wide(TAPE_LIMITS.textBytes)).ok).toBe(true);
  expect(parseTape(tapes, wide(TAPE_LIMITS.textBytes + 2)).ok).toBe(false);
  expect(parseTape(tapes, `${many(1)}\n#${'x'.repeat(TAPE_LIMITS.bytes)}`)).toMatchObject({
    ok: false,
    line: 1,
  });
});

test('no text makes the parser throw', () => {
  const words = fc.constantFrom(
    ...[
      '1.000',
      'crash',
      'store-1',
      '|',
      '>',
      ':',
      ';',
      'for',
      'ms',
      '"',
      '\\',
      'sql',
      'd1',
      'null',
      '%',
      '-1',
    ],
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 12 }), (parts) => {
      parseTape(tapes, tapeOf(parts.join(' ')));
      parseTape(tapes, parts.join('\n'));
    }),
    { numRuns: 1000, seed: 3 },
  );
});

test('a new tape holds the preset’s load as its first action, and describes a run', () => {
  const tape = makeTape(cynosdb, { engine: '0.1.0', changes: [['lal', 64]] });
  expect(tape.actions[0]).toMatchObject({ at: 0, kind: 'workload', node: 'd1', name: 'main' });
  const result = runOfTape(presets, parsed(printTape(tapes, tape)));
  if (!result.ok) throw new Error(result.error);
  expect(result.run.params.lal).toBe(64);
  expect(result.run.seed).toBe(7);
  expect(result.run.cluster.nodes).toHaveLength(6);
});

test('messages of nodes with dots and dashes in their names are found', () => {
  const action: TapeAction = { at: 5 as Time, kind: 'dropMessage', message: `${nodeId('rw-1')}.12.0` };
  expect(parseAction(tapes, `${printMs(action.at)} ${printAction(tapes, action)}`)).toEqual(action);
});

test('PCS-78 PCS-79 nodes come and are drained where somebody places replicas', () => {
  const lines = [
    '12.500 addNode n4 node b',
    '13.000 offline n4',
    '14.000 cancelOffline n4',
    '15.000 splitGroup g1',
    '16.000 splitGroup g2 "13"',
  ];
  const placed = tapeOf(...lines).replace('preset cynosdb', 'preset postdb-v4');
  expect(parsed(placed).actions).toMatchObject([
    { kind: 'addNode', added: 'n4', template: 'node', zone: 'b' },
    { kind: 'offline', node: 'n4' },
    { kind: 'cancelOffline', node: 'n4' },
    { kind: 'splitGroup', group: 'g1', key: null },
    { kind: 'splitGroup', group: 'g2', key: '13' },
  ]);
  expect(parsed(printTape(tapes, parsed(placed)))).toEqual(parsed(placed));
  expect(parsed(tapeOf('12.500 offline store-1')).actions).toMatchObject([{ node: 'store-1' }]);
  expect(parseTape(tapes, tapeOf('12.500 offline rw-1'))).toMatchObject({ error: 'rw-1 stores nothing' });
});
