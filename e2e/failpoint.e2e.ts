// A node's commit is held while the browser is killed: its disk stays behind the others', the lab opens again all the
// same, and the tape comes to the same disks without a browser. What users get has no such hold in it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deep } from './support/deep.ts';
import { expectHeld, watchHolds } from './support/failpoints.ts';
import { isUneven, powerCutsOf, replayHeadless } from './support/headless.ts';
import { expect, test } from './support/lab-fixture.ts';
import { endDigest, exportTape, pause, query, waitForLive } from './support/lab-page.ts';

test.use({ storage: 'profile' });

const HELD = { node: 'store-1', commit: 60 } as const;

test.describe('with a held commit', () => {
  test.use({ build: 'failpoints' });

  test(
    'the browser is killed while one node cannot commit: stamps differ, disks replay',
    deep,
    async ({ lab }) => {
      const page = lab.page();
      await watchHolds(page);
      await page.goto(`${lab.address}?failpoint=${HELD.node}:${HELD.commit}`);
      await expectHeld(page, HELD.node);
      await lab.kill();
      const next = await lab.reopen();
      await lab.goto();
      await waitForLive(next);
      expect(await query(next, 'select count(*) from accounts')).toEqual([['100']]);
      await pause(next);
      const tape = await exportTape(next);
      const hosted = await endDigest(next);
      const [cut, ...more] = powerCutsOf(tape);
      expect(more).toEqual([]);
      expect(cut !== undefined && isUneven(cut)).toBe(true);
      // The disk of the held node is as of the commit before.
      expect(cut?.stamps.find((stamp) => stamp.node === HELD.node)?.until).toBeGreaterThan(0);
      const headless = await replayHeadless(tape);
      expect(headless.divergences).toEqual([]);
      expect(headless.nodes).toEqual(hosted.nodes);
    },
  );
});

test('what is shipped holds no commit: the code is not in it', () => {
  const scripts = readdirSync('dist/assets').filter((name) => name.endsWith('.js'));
  const texts = scripts.map((name) => readFileSync(join('dist/assets', name), 'utf8'));
  expect(texts.some((text) => text.includes('durability'))).toBe(true);
  expect(scripts.filter((_name, i) => texts[i]?.includes('holdCommit'))).toEqual([]);
});
