// The states that `npm run shots` looks at, and how each is reached from the one before: lenses, faults, stalls, a recovery, what keys
// open, tabs of the dock, past and twin, a lesson, pages, a restored volume. Reached alike at every width: by keys, addresses, the
// lab's own calls, and presses on what every layout has.
import { act, runOn, runUntil } from './lab-page.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {(page: Page) => Promise<void>} Reach */
/** @typedef {{name: string, reach: Reach, atWidth?: Reach}} State `atWidth`: opens it again in a window of another width. */

/** @type {(page: Page, key: string) => Promise<void>} */
const lens = (page, key) => page.keyboard.press(key);

/** @type {(page: Page, path: string) => Promise<void>} */
const route = async (page, path) => {
  await close(page);
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/${path}`);
};

/** @type {(page: Page, name: string) => Promise<void>} */
const dock = (page, name) => page.locator(`#dock-pane [role=tab][id$=trigger-${name}]`).click();

/** Opens the other branch beside the shown one, or closes it. @type {Reach} */
const beside = (page) => page.getByRole('button', { name: /^(Side by side|并排)$/ }).click();

/** @type {Reach} */
const close = async (page) => {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
};

/** What lies over the page and is opened by one act. @type {(name: string, open: Reach) => State} */
const layer = (name, open) => {
  const reach = async (/** @type {Page} */ page) => {
    await close(page);
    await open(page);
  };
  return { name, reach, atWidth: reach };
};

/** @type {(page: Page, mode: string) => Promise<unknown>} */
const inMode = (page, mode) =>
  page.waitForFunction((wanted) => window.lab.run().mode === wanted, mode, { timeout: 60_000 });

/** A cut in which something was sent leaves a hole; in a quiet one nothing is lost, and there is another. @type {Reach} */
const cutUntilHole = async (page) => {
  for (let i = 0; i < 8; i++) {
    await act(page, 'cut rw-1 | store-3 for 6 ms');
    const until = (await page.evaluate(() => window.lab.run().liveTime)) / 1000 + 20;
    await runUntil(page, `hole.sent at store-3 or time >= ${until}`);
    if ((await page.evaluate(() => window.lab.run().liveTime)) / 1000 < until) return;
  }
  throw new Error('eight cuts and no hole at store-3');
};

/** @type {Reach} */
const question = async (page) => {
  const panel = page.locator('.lesson-panel');
  const form = panel.locator('form');
  const onward = panel
    .getByRole('button', { name: /^(Next|Do it|下一步|执行)$/ })
    .and(page.locator(':enabled'));
  while ((await form.count()) === 0) {
    await form.or(onward).first().waitFor();
    if ((await form.count()) === 0) await onward.first().click();
  }
};

/** In this order: each goes on from the one before. @type {readonly (readonly [string, Reach] | State)[]} */
const inOrder = [
  [
    'suggestion',
    async (page) => {
      await page.evaluate(() => window.lab.play());
      await page.locator('[data-suggestion] [data-coach]').waitFor({ timeout: 60_000 });
      await page.evaluate(() => window.lab.pause());
    },
  ],
  ['idle', (page) => runOn(page, 20_000)],
  ['lens-way', (page) => lens(page, '1')],
  ['lens-wal', (page) => lens(page, '5')],
  ['lens-mtr', (page) => lens(page, '2')],
  ['lens-pages', (page) => lens(page, '4')],
  ['lens-pages-grid', (page) => page.locator('.segment [role=radio]').nth(1).click()],
  ['lens-pages-tree', (page) => page.locator('.segment [role=radio]').nth(2).click()],
  ['lens-space-time', (page) => lens(page, '7')],
  ['lens-plan', (page) => lens(page, '=')],
  ['lens-chains', (page) => lens(page, '8')],
  ['lens-checks', (page) => lens(page, '0')],
  ['lens-checks-operations', (page) => page.getByRole('tab', { name: /^(Operations|操作)$/ }).click()],
  ['lens-metrics', (page) => lens(page, '-')],
  [
    'hole',
    async (page) => {
      await lens(page, '5');
      await cutUntilHole(page);
      await page.locator('[data-map-node="store-3"]').dispatchEvent('click');
    },
  ],
  ['hole-chains', (page) => lens(page, '8')],
  ['hole-space-time', (page) => lens(page, '7')],
  [
    'crash',
    async (page) => {
      await lens(page, '5');
      await act(page, 'crash store-2');
      await runOn(page, 4_000);
    },
  ],
  [
    'stall',
    async (page) => {
      await act(page, 'cut rw-1 | store-3');
      await runOn(page, 5_000);
    },
  ],
  ['stall-mtr', (page) => lens(page, '2')],
  ['stall-chains', (page) => lens(page, '8')],
  ['stall-metrics', (page) => lens(page, '-')],
  [
    'recovery',
    async (page) => {
      await lens(page, '5');
      await act(page, 'crash rw-1');
      await runOn(page, 1_000);
      await act(page, 'heal rw-1 | store-3');
      await act(page, 'restart store-2');
      await act(page, 'restart rw-1');
      await runUntil(page, 'recovery.computed');
    },
  ],
  ['recovery-steps', (page) => lens(page, '9')],
  [
    'inspector',
    async (page) => {
      await runOn(page, 30_000);
      await page.locator('[data-map-node="rw-1"]').dispatchEvent('click');
      await page.keyboard.press('i');
    },
  ],
  layer('menu', async (page) => {
    await page.locator('[data-map-node="store-2"]').press('m');
    await page.getByRole('menu').waitFor();
  }),
  layer('main-menu', async (page) => {
    await page.getByRole('button', { name: /^(Menu|菜单)$/ }).press('Enter');
    await page.getByRole('menu').waitFor();
  }),
  layer('palette', async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('crash');
  }),
  layer('partition', (page) => page.keyboard.press('p')),
  layer('share', (page) => page.getByRole('button', { name: /^(Share|分享)$/ }).press('Enter')),
  layer('help', (page) => page.keyboard.press('?')),
  layer('settings', async (page) => {
    const story = page.getByRole('tab', { name: /^(Story|经过)$/ });
    if ((await story.count()) > 0) await story.press('Enter');
    await page.getByRole('button', { name: /^(Settings|设置)$/ }).press('Enter');
  }),
  [
    'tree',
    async (page) => {
      await close(page);
      await page.getByRole('button', { name: /^(Tree|大纲)$/ }).press('Enter');
    },
  ],
  [
    'sql',
    async (page) => {
      await page.getByRole('button', { name: /^(Tree|大纲)$/ }).press('Enter');
      await page.evaluate(async () => {
        await window.lab.sql('d1', 'SELECT * FROM accounts ORDER BY id LIMIT 5', { runToReply: true });
      });
      await dock(page, 'sql');
    },
  ],
  ['in-flight', (page) => dock(page, 'inFlight')],
  ['tape', (page) => dock(page, 'tape')],
  ['workload', (page) => dock(page, 'workload')],
  [
    'review',
    async (page) => {
      await dock(page, 'timeline');
      await lens(page, '7');
      await page.locator('#dock-pane [role=slider]').focus();
      for (let i = 0; i < 5; i++) await page.keyboard.press('PageUp');
      await inMode(page, 'REVIEW');
    },
  ],
  [
    'twin',
    async (page) => {
      await lens(page, '5');
      await page.keyboard.press('f');
      await inMode(page, 'TWIN');
      await act(page, 'crash store-2');
      for (let i = 0; i < 6; i++) await page.evaluate(() => window.lab.step('meaningful'));
    },
  ],
  ['twin-beside', beside],
  [
    'lesson',
    async (page) => {
      await beside(page);
      await page.evaluate(() => window.lab.returnToLive());
      await route(page, 'lessons/H01');
      await page.locator('.lesson-panel [aria-current=step]').waitFor({ timeout: 45_000 });
    },
  ],
  ['lesson-question', question],
  ['runs', (page) => route(page, 'runs')],
  ['about', (page) => route(page, 'about')],
  ['compare', (page) => route(page, 'compare')],
  [
    'restored',
    async (page) => {
      await route(page, 'lab');
      await page.evaluate(() => window.lab.startRun({ preset: 'cynosdb-backup', seed: 7 }));
      await inMode(page, 'LIVE');
      await page.evaluate(() => window.lab.pause());
      await lens(page, '8');
      await runUntil(page, 'time >= 160');
      await act(page, 'restore v1 to time 120.000 ms as v2');
      await runOn(page, 60_000);
    },
  ],
  [
    'pcs-log',
    async (page) => {
      await page.evaluate(() => window.lab.startRun({ preset: 'cynosdb-pcs', seed: 7 }));
      await inMode(page, 'LIVE');
      await page.evaluate(() => window.lab.pause());
      await lens(page, '6');
      await runUntil(page, 'time >= 120');
      await page.getByRole('button', { name: /^(Crash the PCS leader|让 PCS 领导者)/ }).click();
      await runOn(page, 100_000);
    },
  ],
  ['pcs-data', (page) => page.getByRole('tab', { name: /^(Metadata|元数据)$/ }).click()],
  [
    'pcs-config',
    async (page) => {
      await act(page, 'putConfig global scrubEveryMs 40');
      await act(page, 'putConfig node:rw-1 bufferPages 99');
      await act(page, 'putConfig role:store scrubEveryMs 0');
      await runOn(page, 60_000);
      await act(page, 'editConfig store-2 scrubEveryMs 900');
      await act(page, 'ask d1 rw-1 store-2 : getMetrics');
      await runOn(page, 60_000);
      await page.getByRole('tab', { name: /^(Configuration & agents|配置与代理)$/ }).click();
    },
  ],
  [
    'pcs-views',
    async (page) => {
      await dock(page, 'sql');
      await page.getByRole('combobox', { name: /^(Samples|示例)$/ }).selectOption({ index: 7 });
      await page.getByRole('button', { name: /^(Run to my reply|运行到应答)$/ }).click();
      await page.locator('#dock-pane').getByText('pcs-5').first().waitFor();
    },
  ],
  [
    'traces',
    async (page) => {
      await page.evaluate(async () => {
        await window.lab.sql('d1', 'UPDATE accounts SET balance = balance + 1 WHERE id < 3', {
          runToReply: true,
        });
      });
      await lens(page, '1');
      await page.getByRole('tab', { name: /^(Trace|追踪)$/ }).click();
      await page.getByRole('combobox', { name: /^(Statement|语句)$/ }).selectOption({ index: 1 });
      await page.getByRole('img', { name: /span/ }).or(page.locator('[data-plot]')).first().waitFor();
    },
  ],
  ['traces-log', (page) => page.getByRole('tab', { name: /^(Log|日志)$/ }).click()],
  [
    'readers-journal',
    async (page) => {
      await page.evaluate(() => window.lab.startRun({ preset: 'cynosdb-ro', seed: 7 }));
      await inMode(page, 'LIVE');
      await page.evaluate(() => window.lab.pause());
      await runUntil(page, 'time >= 120');
      await act(page, 'freeze ro-2');
      await act(page, 'hold rw-1 > ro-1');
      await runOn(page, 30_000);
      await lens(page, '3');
    },
  ],
  ['readers-pages', (page) => lens(page, '4')],
  [
    'readers-classic',
    async (page) => {
      await act(page, 'release rw-1 > ro-1');
      await act(page, 'addNode classic-1 classic b');
      await runOn(page, 150_000);
      await act(page, 'crash classic-1 for 5 ms');
      await runUntil(page, 'ro.replay at classic-1');
      await page.locator('[data-map-node="classic-1"]').dispatchEvent('click');
    },
  ],
  [
    'ha-promoted',
    async (page) => {
      await page.evaluate(() => window.lab.startRun({ preset: 'cynosdb-ha', seed: 7 }));
      await inMode(page, 'LIVE');
      await page.evaluate(() => window.lab.pause());
      await runUntil(page, 'time >= 100');
      await act(page, 'crash rw-1');
      await lens(page, '9');
      await runUntil(page, 'recovery.done at ha-1');
      await runOn(page, 30_000);
    },
  ],
  [
    'v4-moving',
    async (page) => {
      await page.evaluate(() => window.lab.startRun({ preset: 'postdb-v4', seed: 7 }));
      await inMode(page, 'LIVE');
      await page.evaluate(() => window.lab.pause());
      await runUntil(page, 'time >= 250');
      await act(page, 'addNode n4 node a');
      await act(page, 'addNode n5 node b');
      await runUntil(page, 'plan.begin');
      await runOn(page, 8_000);
      await lens(page, '3');
    },
  ],
  [
    'v4-drain',
    async (page) => {
      await runOn(page, 300_000);
      await act(page, 'offline n5');
      await runOn(page, 8_000);
    },
  ],
  [
    'v4-heat',
    async (page) => {
      await page.getByRole('tab', { name: /^(Heat of key ranges|键区间热度)$/ }).press('Enter');
      await page.getByRole('radio', { name: /^(Bytes sent|发送字节)$/ }).click();
    },
  ],
  [
    'polar-pages',
    async (page) => {
      await page.evaluate(() => window.lab.startRun({ preset: 'polardb', seed: 7 }));
      await inMode(page, 'LIVE');
      await page.evaluate(() => window.lab.pause());
      await runUntil(page, 'time >= 320');
      await act(page, 'cut rw-1 > ro-1 for 60 ms');
      await runOn(page, 50_000);
      await lens(page, '5');
    },
  ],
  ['polar-disk', (page) => lens(page, '3')],
  [
    'polar-shell',
    async (page) => {
      await page.getByRole('radio', { name: /^(File shell|文件命令行)$/ }).click();
      const line = page.getByRole('textbox', { name: /^(Command on|对已挂载)/ });
      for (const text of ['ls /', 'cat /control', 'fsck']) {
        await line.fill(text);
        await line.press('Enter');
      }
    },
  ],
];

/** @type {readonly State[]} */
export const states = inOrder.map((state) => ('name' in state ? state : { name: state[0], reach: state[1] }));
