// The pictures that the sources draw, each by three clicks from the gallery: its preset, its lens, its tab; in both languages, at 1440 × 900.
// What has to have happened for a picture to have something to draw is done before the clicks. A screenshot of each stays beside the report.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import { act, passTime, query } from './support/lab-page.ts';

type InBoth = readonly [en: string, zh: string];
type Names = readonly [en: RegExp, zh: RegExp];

interface Picture {
  readonly lens: InBoth;
  /** Null: the lens is one picture. */
  readonly tab: InBoth | null;
  readonly role: 'table' | 'region' | 'slider' | 'img' | 'textbox' | 'combobox';
  readonly name: Names;
}

interface Gallery {
  readonly preset: string;
  readonly prepare: (page: Page) => Promise<void>;
  readonly pictures: readonly Picture[];
}

const wal: InBoth = ['WAL & holes', 'WAL 与空洞'];
const pages: InBoth = ['Page versions', '页版本'];
const shared: InBoth = ['Pages: past and future', '页面：过去与未来'];
const disk: InBoth = ['Shared disk', '共享磁盘'];
const placement: InBoth = ['Shard placement', '分片放置'];

const galleries: readonly Gallery[] = [
  {
    preset: 'cynosdb-ro',
    async prepare(page) {
      await act(page, 'cut rw-1 | store-3 for 6 ms');
      await passTime(page, 8_000);
      // What a reader still has to apply stands in its journal.
      await act(page, 'hold rw-1 > ro-1 for 100 ms');
      await passTime(page, 20_000);
    },
    pictures: [
      {
        lens: ['Way of a statement', '语句的路径'],
        tab: ['Log', '日志'],
        role: 'combobox',
        name: [/^Level/, /^级别/],
      },
      {
        lens: wal,
        tab: null,
        role: 'region',
        name: [/^store-\d · status list of g\d$/, /^store-\d · g\d 的状态列表$/],
      },
      {
        lens: ['Storage chains', '存储链'],
        tab: null,
        role: 'region',
        name: [/^read points/, /^读点/],
      },
      {
        lens: ['Journal to readers', '只读节点的日志流'],
        tab: null,
        role: 'table',
        name: [/^One page and its journal at each reader$/, /^一个页及其在各只读节点的 Journal$/],
      },
      { lens: pages, tab: ['Versions', '版本'], role: 'table', name: [/^Versions of /, /的版本$/] },
      {
        lens: pages,
        tab: ['Pages × nodes', '页 × 节点'],
        role: 'table',
        name: [/^Pages and who holds them$/, /^页及其持有者$/],
      },
      { lens: pages, tab: ['B+tree', 'B+树'], role: 'table', name: [/^B\+tree of /, /的 B\+树$/] },
    ],
  },
  {
    preset: 'polardb',
    async prepare(page) {
      await act(page, 'switchover ro-1');
      await passTime(page, 200_000);
    },
    pictures: [
      {
        lens: shared,
        tab: ['One page', '单页'],
        role: 'table',
        name: [/^Images of /, /的镜像（按持有者）$/],
      },
      {
        lens: shared,
        tab: ['Pages × holders', '页 × 持有者'],
        role: 'table',
        name: [/^Pages by holder$/, /^各持有者的页$/],
      },
      {
        lens: shared,
        tab: ['Flush list', '刷脏链表'],
        role: 'table',
        name: [/^Flush list, by oldestLsn$/, /^刷脏链表（按 oldestLsn）$/],
      },
      {
        lens: shared,
        tab: ['T1 to T5', 'T1 到 T5'],
        role: 'slider',
        name: [/^Steps of .* over time$/, /的各步（按时间）$/],
      },
      {
        lens: shared,
        tab: ['Promotion', '升主'],
        role: 'table',
        name: [/^Steps of the promotion of ro-1$/, /^ro-1 升主的各步$/],
      },
      {
        lens: disk,
        tab: ['Disk map', '磁盘图'],
        role: 'table',
        name: [/^Heads of each mount$/, /^各挂载的头$/],
      },
      {
        lens: disk,
        tab: ['Path', '路径'],
        role: 'img',
        name: [/^From .*, to the chunk servers/, /^从 .* 到 ChunkServer/],
      },
      {
        lens: disk,
        tab: ['LogIndex', 'LogIndex'],
        role: 'img',
        name: [/^LSNs of .* by table$/, /的 LSN（按表）$/],
      },
      {
        lens: disk,
        tab: ['File shell', '文件命令行'],
        role: 'textbox',
        name: [/^Command on the mounted file system, read only$/, /^对已挂载文件系统的只读命令$/],
      },
    ],
  },
  {
    preset: 'postdb-v4',
    async prepare(page) {
      await query(page, 'select count(*) from accounts');
    },
    pictures: [
      {
        lens: placement,
        tab: ['Groups × nodes', '组 × 节点'],
        role: 'table',
        name: [/^Groups by node$/, /^各节点的组$/],
      },
      {
        lens: placement,
        tab: ['Ask for a place', '查询位置'],
        role: 'table',
        name: [/^Where does it lie\?$/, /^数据在哪里？$/],
      },
      {
        lens: placement,
        tab: ['Reads', '跨组读取'],
        role: 'table',
        name: [/^Parts of the read$/, /^读的各部分$/],
      },
      {
        lens: placement,
        tab: ['Heat of key ranges', '键区间热度'],
        role: 'slider',
        name: [/^Cell of the heat map$/, /^热度图单元$/],
      },
    ],
  },
];

const open = ['Open', '打开'] as const;

/** An option names the key of its lens behind it. */
const optionOf = async (page: Page, lens: string): Promise<string> =>
  (await page.locator('[data-region="lens"] .panel-head option').allTextContents()).find((text) =>
    text.startsWith(`${lens} (`),
  ) ?? lens;

async function seeAll(lab: Lab, { preset, prepare, pictures }: Gallery, at: 0 | 1): Promise<void> {
  const page = await lab.goto('#/presets');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.waitForFunction(() => window.lab.run().mode === 'LIVE', null, { polling: 50 });
  const old = await page.evaluate(() => window.lab.run().runId);
  await page.getByRole('button', { name: `${open[at]} ${preset}`, exact: true }).click();
  await page.waitForFunction(
    (before) => window.lab.run().mode === 'LIVE' && window.lab.run().runId !== before,
    old,
    { polling: 50 },
  );
  await page.evaluate(() => window.lab.pause());
  await prepare(page);
  for (const { lens, tab, role, name } of pictures)
    await test.step(`${lens[at]} ${tab?.[at] ?? ''}`, async () => {
      await page
        .locator('[data-region="lens"] .panel-head select')
        .selectOption({ label: await optionOf(page, lens[at]) });
      const region = page.getByRole('region', { name: lens[at], exact: true });
      if (tab !== null)
        await region
          .getByRole('tab', { name: tab[at], exact: true })
          .or(region.getByRole('radio', { name: tab[at], exact: true }))
          .click();
      const picture = region.getByRole(role, { name: name[at] });
      await expect(picture).toBeAttached();
      // It may be drawn anew meanwhile.
      await expect(() => picture.scrollIntoViewIfNeeded({ timeout: 1000 })).toPass();
      const file = `${preset} ${lens[0]} ${tab?.[0] ?? ''} ${at === 0 ? 'en' : 'zh'}`;
      await page.screenshot({
        path: test.info().outputPath(`${file.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.png`),
      });
    });
}

for (const gallery of galleries)
  test(`${gallery.preset}: each picture by three clicks from the gallery`, deep, ({ lab }) =>
    seeAll(lab, gallery, 0),
  );

test.describe('in Chinese', () => {
  test.use({ browserOptions: { locale: 'zh-CN' } });
  for (const gallery of galleries)
    test(`${gallery.preset}: each picture by three clicks from the gallery, in Chinese`, deep, ({ lab }) =>
      seeAll(lab, gallery, 1),
    );
});
