// Orders of an operator to a volume in files (docs/spec/logindex.md LI-47, LI-54): a checkpoint now, a page out of a buffer; carried out, or refused
// by an event that says why.

import { describe, expect, test } from 'vitest';
import { parseTape } from '../sim/tape-parse.ts';
import { tapes } from '../stacks/tapes.ts';
import { inOrder, runPolardb } from './polardb-fixture.ts';
import { eventsIn } from './tape-fixture.ts';

/** The first page of the accounts. */
const PAGE = 603979777;

describe('orders to a volume in files', () => {
  test('LI-47 a checkpoint is made when it is asked for, or refused in words: by a reader, and where redo stands at consistentLsn', async () => {
    const lines = [
      '320.000 checkpoint rw-1',
      '330.000 checkpoint ro-1',
      ...[340, 341, 342, 343, 344, 345, 346, 347, 348].map((at) => `${at}.000 checkpoint rw-1`),
    ];
    const [plain, one] = [await runPolardb([], 600), await runPolardb(inOrder(lines), 600)];
    expect(one.monitors.violations).toEqual([]);
    const done = one.trace.filter(({ at, event }) => event.kind === 'checkpoint.done' && at >= 320_000);
    const before = plain.trace.filter(({ at, event }) => event.kind === 'checkpoint.done' && at >= 320_000);
    expect(done[0]?.at).toBeLessThan(before[0]?.at ?? Number.POSITIVE_INFINITY);
    const refused = one.trace.flatMap(({ node, event }) =>
      event.kind === 'checkpoint.refused' ? [`${node} ${event.why}`] : [],
    );
    expect(refused).toContain('ro-1 reader');
    expect(refused).toContain('rw-1 same');
  });

  test('LI-54 LI-5 a page leaves a reader’s buffer and is read again in storage, but not under a statement; a dirty one stays at the writer, held back by a reader', async () => {
    const lines = [
      '230.000 session d1 me ro-1 eventual 0',
      '231.000 sql d1 me "SELECT balance FROM accounts WHERE id = 1"',
      `237.000 evictPage ro-1 ${PAGE}`,
      '237.500 sql d1 me "SELECT balance FROM accounts WHERE id = 1"',
      // It reads every page, and waits for some of them.
      '305.000 sql d1 me "SELECT sum(balance) FROM accounts"',
      '330.000 cut rw-1 > ro-1 for 20.000 ms',
      `346.000 evictPage ro-1 ${PAGE}`,
      '346.500 evictPage ro-1 1',
      ...[345, 346, 347].flatMap((at) =>
        [0, 1, 2, 3].map((block) => `${at}.700 evictPage rw-1 ${PAGE + block}`),
      ),
    ];
    const one = await runPolardb(inOrder(lines), 600);
    expect(one.monitors.violations).toEqual([]);
    const evicted = one.trace.filter(({ node, event }) => node === 'ro-1' && event.kind === 'page.evict');
    expect(evicted.length).toBe(1);
    const again = one.trace.find(
      ({ at, node, event }) =>
        node === 'ro-1' && at > 237_000 && event.kind === 'ro.replayed' && event.blockKey === PAGE,
    );
    expect(again?.event).toMatchObject({ source: 'STORAGE' });
    expect(eventsIn(one, 'page.kept', 'ro-1').map(({ why }) => why)).toEqual(['pinned', 'absent']);
    const kept = eventsIn(one, 'page.kept', 'rw-1');
    const held = kept.find(({ why }) => why === 'gate');
    expect(held?.readers).toContain('ro-1');
    expect(held?.latestLsn).toBeGreaterThan(held?.gate ?? Number.POSITIVE_INFINITY);
  });

  test('LI-47 where the stores build pages from the log there is no checkpoint, and the line says so', () => {
    for (const preset of ['cynosdb', 'postdb-v4']) {
      const node = preset === 'cynosdb' ? 'rw-1' : 'n1';
      const text = [
        'postdb-tape 1',
        'engine 0.7.0',
        `preset ${preset}`,
        'profile demo',
        'seed 1',
        '',
        `1.000 checkpoint ${node}`,
      ];
      const parsed = parseTape(tapes, text.join('\n'));
      expect(parsed.ok ? '' : parsed.error).toMatch(
        new RegExp(`^${preset} has no checkpoint: its stores build pages`),
      );
    }
  });
});
