// SIGKILL of Firefox under load, ten times, on one profile: each acknowledged row is there, every page is in order, and the tape comes
// to the same disks headless. WebKit's driver has no life after a kill (webkit.ts).
import { deep } from '../support/deep.ts';
import { powerCutsOf, replayHeadless } from '../support/headless.ts';
import { endDigest, exportTape, query, setSpeed } from '../support/lab-page.ts';
import type { EnginePage } from './engine.ts';
import { expect, test } from './engine-fixture.ts';
import { pause, waitForLive, waitForRecovery } from './engine-page.ts';

const KILLS = 10;
const ACKS_BEFORE_A_KILL = 6;

/** Inserts row after row from now on; the page keeps which are acknowledged. */
const insertWithoutEnd = (page: EnginePage, from: number): Promise<void> =>
  page.evaluate((first) => {
    const acked: number[] = [];
    Object.assign(window, { acked });
    const insert = async (): Promise<void> => {
      for (let id = first; ; id++) {
        const { result } = await window.lab.sql('writer', `insert into notes values (${id})`, {
          runToReply: false,
        });
        if (result.outcome === 'ok' && result.statements.every(({ kind }) => kind === 'done')) acked.push(id);
      }
    };
    void insert();
  }, from);

async function ackedRows(page: EnginePage): Promise<readonly number[]> {
  const acked: unknown = await page.evaluate(() => Reflect.get(window, 'acked'));
  if (!Array.isArray(acked)) throw new Error('the page keeps no rows');
  return acked.map(Number);
}

test(
  'SIGKILL under load, ten times: every acknowledged row, and the same disks headless',
  deep,
  async ({ lab }) => {
    let page = await lab.goto();
    await waitForLive(page);
    await query(page, 'create table notes(id int primary key)');
    const acked: number[] = [];
    for (let kill = 1; kill <= KILLS; kill++) {
      await setSpeed(page, 'max');
      await insertWithoutEnd(page, kill * 10_000);
      let fresh: readonly number[] = [];
      const acknowledged = async (): Promise<number> => {
        fresh = await ackedRows(page);
        return fresh.length;
      };
      await expect.poll(acknowledged).toBeGreaterThanOrEqual(ACKS_BEFORE_A_KILL);
      await lab.kill();
      acked.push(...fresh);
      page = await lab.reopen();
      await waitForRecovery(page);
      const present = new Set((await query(page, 'select id from notes')).map(([id]) => Number(id)));
      expect(
        acked.filter((id) => !present.has(id)),
        `kill ${kill}`,
      ).toEqual([]);
      expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
    }
    await pause(page);
    const { time, nodes } = await endDigest(page);
    const reports = await page.evaluate((at) => window.lab.checkPages(at as never), time);
    expect(reports.map(({ volume, found }) => [volume, found])).toEqual([['v1', 0]]);
    const tape = await exportTape(page);
    expect(powerCutsOf(tape)).toHaveLength(KILLS);
    const headless = await replayHeadless(tape);
    expect(headless.divergences).toEqual([]);
    expect(headless.nodes).toEqual(nodes);
  },
);
