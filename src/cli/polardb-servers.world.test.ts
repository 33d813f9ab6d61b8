// Chunk servers that come and go while the device is mounted (docs/spec/polarfs.md FS-76, FS-77).

import { describe, expect, test } from 'vitest';
import { isDeep } from '../testing/depth.ts';
import { commitsIn, inOrder, readBack, runPolardb, shown, WHOLE } from './polardb-fixture.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';

/** Voters of each chunk by its leader's newest configuration; those that never changed are not among them. */
function membersIn(one: Pick<TapeRun, 'trace' | 'monitors'>): Map<string, string[]> {
  const newest = new Map<string, { index: number; voters: string[] }>();
  for (const { group, index, voters } of eventsIn(one, 'chunk.members'))
    if (index >= (newest.get(group)?.index ?? 0)) newest.set(group, { index, voters: voters.split(',') });
  return new Map([...newest].map(([group, { voters }]) => [group, voters]));
}

const countOn = (places: ReadonlyMap<string, readonly string[]>, node: string): number =>
  [...places.values()].filter((voters) => voters.includes(node)).length;

/** Every mount of the file system, and every grant: an exchange makes neither. */
const mountsIn = (one: TapeRun): string[] =>
  one.trace.flatMap(({ at, node, event }) =>
    event.kind === 'fs.mounted' || event.kind === 'token.grant' || event.kind === 'attachment.mode'
      ? [`${at} ${node} ${event.kind}`]
      : [],
  );

describe('chunk servers that come and go', () => {
  test('FS-76 FS-77 PCS-67 PCS-72 PCS-79 PCS-100 two are added under load and get chunks; they are drained again and end', async () => {
    const lines = [
      '300.000 addNode cs-4 chunk a',
      '301.000 addNode cs-5 chunk b',
      '900.000 offline cs-4',
      '905.000 offline cs-5',
      readBack(1300),
    ];
    const one = await runPolardb(inOrder(lines), 1400);
    expect(one.monitors.violations).toEqual([]);
    const grown = membersIn({ ...one, trace: one.trace.filter(({ at }) => at < 900_000) });
    expect(['cs-4', 'cs-5'].map((node) => countOn(grown, node))).toEqual([3, 3]);
    const shrunk = membersIn(one);
    expect(['cs-4', 'cs-5'].map((node) => countOn(shrunk, node))).toEqual([0, 0]);
    expect(eventsIn(one, 'chunk.left').length).toBe(12);
    expect(eventsIn(one, 'node.exit').length).toBe(2);
    // one mount under one token, from the start on
    expect(mountsIn(one).filter((line) => Number.parseInt(line, 10) > 300_000)).toEqual([]);
    expect(eventsIn(one, 'fs.synced').filter(({ mode }) => mode === 'RELOAD')).toEqual([]);
    expect([...one.answers.values()].map(shown).at(-1)).toBe(WHOLE);
    expect(commitsIn(one, 300)).toBeGreaterThan(100);
    for (const rule of [
      'chunk.majority',
      'chunk.one-exchange',
      'chunk.drained',
      'pfs.journal-atomic',
    ] as const)
      expect(one.monitors.exercised[rule], rule).toBeGreaterThan(0);
  });

  test('FS-77 FS-61 all three first servers leave: a writer that starts afterwards finds the chunks on the others', async () => {
    const lines = [
      ...[4, 5, 6].map((n, i) => `${300 + i}.000 addNode cs-${n} chunk ${'abc'[i]}`),
      ...[1, 2, 3].map((n, i) => `${700 + i}.000 offline cs-${n}`),
      '1500.000 crash rw-1 for 300.000 ms',
      '1520.000 powerOff cs-4 cs-5 cs-6 for 30.000 ms',
      readBack(2300),
    ];
    const one = await runPolardb(inOrder(lines), 2600);
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'node.exit').length).toBe(3);
    const places = membersIn(one);
    expect(places.size).toBe(6);
    for (const voters of places.values()) expect(voters.toSorted()).toEqual(['cs-4', 'cs-5', 'cs-6']);
    expect(one.trace.some(({ at, event }) => event.kind === 'fs.mounted' && at > 1_500_000)).toBe(true);
    expect(eventsIn(one, 'fs.checked').every(({ issues }) => issues === 0)).toBe(true);
    expect([...one.answers.values()].map(shown).at(-1)).toBe(WHOLE);
    expect(commitsIn(one, 1900)).toBeGreaterThan(10);
  });

  test('FS-76 PCS-79 a server whose disk is full can be drained, and so can one whose disk fails for a while', async () => {
    const lines = [
      '300.000 addNode cs-4 chunk a',
      '500.000 diskFull cs-1',
      '520.000 offline cs-1',
      readBack(1150),
    ];
    const failing = [535, 540, 545].map((at) => `${at}.000 diskFailSync cs-1 for 4.000 ms`);
    for (const more of [[], failing]) {
      const one = await runPolardb(inOrder([...lines, ...more]), 1400);
      expect(one.monitors.violations).toEqual([]);
      expect(eventsIn(one, 'chunk.left', 'cs-1').length).toBe(6);
      expect(eventsIn(one, 'node.exit', 'cs-1').length).toBe(1);
      expect([...one.answers.values()].map(shown)).toEqual([WHOLE]);
    }
  });

  test.runIf(isDeep)(
    'FS-76 PCS-76 an exchange whose copy goes on over slow links is not ended at a fixed time',
    async () => {
      const lines = [
        '300.000 addNode cs-4 chunk a',
        '400.000 latency cs-4 | cs-1 cs-2 cs-3 : 40.000 ms',
        '500.000 offline cs-1',
        readBack(6500),
      ];
      const one = await runPolardb(inOrder(lines), 8000, 3, ['set moveTimeoutMs 400']);
      expect(one.monitors.violations).toEqual([]);
      const moves = eventsIn(one, 'chunk.move');
      expect(moves.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      // each took longer than that
      const took = one.trace.flatMap(({ at, event }) =>
        event.kind === 'chunk.move' && event.from === 'cs-1'
          ? [[event.group, event.outcome, at] as const]
          : [],
      );
      const longest = took.map(([group, outcome, at]) =>
        outcome === 'done' ? at - (took.find(([of, how]) => of === group && how === 'begun')?.[2] ?? at) : 0,
      );
      expect(Math.max(...longest)).toBeGreaterThan(400_000);
      expect(eventsIn(one, 'node.exit', 'cs-1').length).toBe(1);
      expect([...one.answers.values()].map(shown)).toEqual([WHOLE]);
    },
  );

  test('FS-76 PCS-71 PCS-81 a server that stays away is replaced; what it has is deleted when it is back', async () => {
    const lines = ['300.000 addNode cs-4 chunk a', '500.000 crash cs-2 for 1500.000 ms', readBack(2200)];
    const one = await runPolardb(inOrder(lines), 2300);
    expect(one.monitors.violations).toEqual([]);
    const repairs = eventsIn(one, 'chunk.move').filter(
      ({ why, from }) => why === 'REPAIR' && from === 'cs-2',
    );
    expect(repairs.some(({ outcome }) => outcome === 'done')).toBe(true);
    const begun = one.trace.find(({ event }) => event.kind === 'chunk.move' && event.why === 'REPAIR');
    // downAfterMs in heartbeats of the demo profile
    expect(begun?.at).toBeGreaterThan(1_000_000);
    expect(eventsIn(one, 'chunk.left', 'cs-2').length).toBeGreaterThan(0);
    expect([...one.answers.values()].map(shown).at(-1)).toBe(WHOLE);
  });

  test('FS-76 a server that starts with a damaged mark of what it has left says so in the trace (polardb seed 118)', async () => {
    const lines = [
      '300.000 addNode cs-4 chunk a',
      '500.000 crash cs-2 for 1500.000 ms',
      ...[1, 2, 3, 4, 5, 6].map((n) => `2150.00${n} bitRot cs-2 "chunk/c${n}/gone" 1`),
      '2160.000 crash cs-2 for 20.000 ms',
    ];
    const one = await runPolardb(inOrder(lines), 2250);
    expect(one.monitors.violations).toEqual([]);
    expect(
      eventsIn(one, 'chunk.left', 'cs-2').filter(({ through }) => through === -1).length,
    ).toBeGreaterThan(0);
  });

  test('FS-76 a server answers a member that joined while it was down, whose place its own log does not contain (polardb seed 118)', async () => {
    const lines = [
      '300.000 addNode cs-4 chunk a',
      '700.000 offline cs-1',
      '700.200 crash cs-3 for 700.000 ms', // it receives none of the exchanges
      '1400.000 wipeDisk cs-2 for 5.000 ms', // cs-4 has all that was committed, and needs the vote of cs-3
      readBack(2300),
    ];
    const one = await runPolardb(inOrder(lines), 2600);
    expect(one.monitors.violations).toEqual([]);
    const before = membersIn({ ...one, trace: one.trace.filter(({ at }) => at < 1_400_000) });
    expect(countOn(before, 'cs-1')).toBe(0);
    expect(countOn(before, 'cs-4')).toBe(6);
    expect(commitsIn(one, 1450)).toBeGreaterThan(0);
    expect([...one.answers.values()].map(shown).at(-1)).toBe(WHOLE);
  });

  test('PCS-80 a server is not drained where too few would stay; a person takes a drain back', async () => {
    const lines = [
      '300.000 offline cs-2',
      '400.000 addNode cs-4 chunk a',
      '600.000 offline cs-1',
      '602.000 cancelOffline cs-1',
      readBack(1100),
    ];
    const one = await runPolardb(inOrder(lines), 1200);
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'pcs.order').map(({ code }) => code)).toEqual(['INSUFFICIENT_NODES', '', '']);
    expect(eventsIn(one, 'node.removed')).toEqual([]);
    expect([...one.answers.values()].map(shown).at(-1)).toBe(WHOLE);
  });

  test.runIf(isDeep)(
    'FS-76 FS-79 servers and leaders of the metadata die at every step of the exchanges; disks are lost in them',
    async () => {
      const victims = ['cs-4', 'cs-1', 'cs-3', 'cs-2', 'pcs-1', 'cs-5', 'pcs-3', 'cs-4', 'pcs-2'];
      let [moves, failed, lost] = [0, 0, 0];
      for (const seed of [1, 2, 3]) {
        const lines = ['300.000 addNode cs-4 chunk a', '301.000 addNode cs-5 chunk b'];
        // refused while too few are up
        for (const at of [800, 1000, 1450]) lines.push(`${at}.000 offline cs-1`);
        for (let i = 0; i < 24; i++) {
          const at = (306 + seed * 1.7 + i * 43.3).toFixed(3);
          const victim = victims[(i * seed) % victims.length] as string;
          const isWiped = i % 8 === 5 && victim.startsWith('cs');
          lines.push(`${at} ${isWiped ? 'wipeDisk' : 'crash'} ${victim} for ${8 + ((i * 7) % 24)}.000 ms`);
        }
        lines.push(readBack(2400));
        const one = await runPolardb(inOrder(lines), 2700, seed);
        expect(one.monitors.violations, `seed ${seed}`).toEqual([]);
        expect([...one.answers.values()].map(shown).at(-1), `seed ${seed}`).toBe(WHOLE);
        expect(countOn(membersIn(one), 'cs-1'), `seed ${seed}`).toBe(0);
        expect(eventsIn(one, 'node.removed').map(({ node }) => node)).toEqual(['cs-1']);
        const outcomes = eventsIn(one, 'chunk.move').map(({ outcome }) => outcome);
        moves += outcomes.filter((outcome) => outcome === 'done').length;
        failed += outcomes.filter((outcome) => outcome === 'failed').length;
        lost += eventsIn(one, 'chunk.identityLost').length;
      }
      expect(moves).toBeGreaterThan(20);
      expect(failed).toBeGreaterThan(0);
      expect(lost).toBeGreaterThan(0);
    },
  );
});
