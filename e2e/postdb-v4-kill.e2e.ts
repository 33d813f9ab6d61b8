// SIGKILL of the browser in a move of a replica, five times, each later in it (docs/spec/placement.md PCS-75, PCS-76): afterwards every group has
// its quorums and a primary, every acknowledged row is there, and the exported tape ends with the same disks without a browser.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { powerCutsOf, replayHeadless } from './support/headless.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  act,
  endDigest,
  exportTape,
  passTime,
  pause,
  query,
  standingFrame,
  standOn,
  waitForLive,
} from './support/lab-page.ts';

/** Virtual µs after the order; a move takes about 14 ms in the demo profile. */
const KILLED_AT = [2_000, 5_000, 8_000, 11_000, 14_000] as const;
const SETTLED_US = 500_000;

interface Group {
  readonly group: string;
  readonly voters: readonly string[];
  readonly isMoving: boolean;
  readonly leader: string | null;
}

/** As the node that leads the metadata has them, where the cluster stands. */
async function groupsOf(page: Page): Promise<Group[]> {
  const { nodes } = await standingFrame(page);
  const metas = nodes.flatMap(({ status, view }) =>
    status === 'up' ? (view?.roles ?? []).flatMap((role) => (role.role === 'meta' ? [role] : [])) : [],
  );
  const meta = metas.find(({ member }) => member === 'leader');
  return (meta?.groups ?? []).map(({ group, members, move }) => ({
    group: group as string,
    voters: (members.sets.at(-1) ?? []) as readonly string[] as string[],
    isMoving: move !== null,
    leader: (meta?.sharding?.groups.find((one) => one.group === group)?.leader ?? null) as string | null,
  }));
}

test.use({ storage: 'profile', browserOptions: { viewport: { width: 1280, height: 800 } } });

test(
  'PCS-75 PCS-76 SIGKILL in a move, five times: every group whole, every acknowledged row, the same disks headless',
  deep,
  async ({ lab }) => {
    let page = await lab.goto();
    await waitForLive(page);
    await standOn(page, 'postdb-v4');
    await act(page, 'addNode n4 node a');
    await query(page, 'create table notes(id int primary key)');
    await passTime(page, SETTLED_US);
    let inMove = 0;
    for (const [i, atUs] of KILLED_AT.entries()) {
      await query(page, `insert into notes values (${i})`);
      const chosen = (await groupsOf(page)).find(({ group }) => group === 'g1');
      const from = chosen?.voters.find((id) => id !== chosen.leader) ?? '';
      const to = ['n1', 'n2', 'n3', 'n4'].find((id) => !chosen?.voters.includes(id)) ?? '';
      await act(page, `moveReplica ${from} ${to} g1`);
      await passTime(page, atUs);
      if ((await groupsOf(page)).some(({ isMoving }) => isMoving)) inMove++;
      await lab.kill();
      page = await lab.reopen();
      await lab.goto();
      await waitForLive(page);
      await pause(page);
      await passTime(page, SETTLED_US);
      for (const { voters, leader } of await groupsOf(page)) {
        expect(voters).toHaveLength(3);
        expect(leader).not.toBeNull();
      }
      const rows = await query(page, 'select id from notes order by id');
      expect(rows.map(([id]) => Number(id))).toEqual(Array.from({ length: i + 1 }, (_, n) => n));
      expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
    }
    expect(inMove).toBeGreaterThanOrEqual(3);
    const tape = await exportTape(page);
    const hosted = await endDigest(page);
    expect(powerCutsOf(tape)).toHaveLength(KILLED_AT.length);
    const headless = await replayHeadless(tape);
    expect(headless.divergences).toEqual([]);
    expect(headless.nodes).toEqual(hosted.nodes);
  },
);
