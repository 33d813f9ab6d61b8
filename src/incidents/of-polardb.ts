// Incidents over a shared disk.

import type { Incident } from './incident.ts';

/** Reads at both readers, each of which hears nothing of the writer for a while. */
const CUT_OFF = [
  '310.500 cut rw-1 | ro-1 for 35.000 ms',
  '380.500 cut rw-1 | ro-2 for 35.000 ms',
  ...Array.from(
    { length: 30 },
    (_, i) => `${(300 + i * 12).toFixed(3)} sql d1 r${i} "SELECT sum(balance) FROM accounts"`,
  ),
];

export const polardbIncidents: readonly Incident[] = [
  {
    id: 'future-page',
    cluster: 'polardb',
    seed: 5,
    fromMs: 310,
    untilMs: 700,
    actions: CUT_OFF,
    counterpart: { off: 'shared.no-flush-gate' },
    difference: { kind: 'rule', rule: 'page.flush-gate' },
    words: {
      title: { en: 'A page from the future', zh: '来自未来的页面' },
      known: {
        en: 'Readers share the disk of the writer. One that hears late of the log reads a page that is newer than its snapshot.',
        zh: '只读节点与写节点共用磁盘。日志听得晚的那个，读到比快照还新的页面。',
      },
      holds: {
        en: 'The writer stores no page beyond what every reader has replayed: flush control holds it back.',
        zh: '写节点不刷超出任一只读节点已回放位点的页面：刷脏控制把它拦住。',
      },
      breaks: {
        en: 'The writer stores what it likes: a reader meets rows that do not exist yet.',
        zh: '写节点随意刷脏：只读节点遇到还不存在的行。',
      },
    },
  },
  {
    id: 'past-page',
    cluster: 'polardb',
    seed: 5,
    fromMs: 310,
    untilMs: 700,
    actions: CUT_OFF,
    counterpart: { off: 'shared.no-logindex' },
    difference: { kind: 'rule', rule: 'logidx.complete' },
    words: {
      title: { en: 'A page from the past', zh: '来自过去的页面' },
      known: {
        en: 'The page on the shared disk is older than the log: whoever uses it as it lies there has lost updates.',
        zh: '共享盘上的页面比日志旧：照原样拿来用，就丢了更新。',
      },
      holds: {
        en: 'LogIndex knows which records the page lacks; the reader replays them before it answers.',
        zh: 'LogIndex 知道页面缺哪些记录，只读节点先回放再应答。',
      },
      breaks: {
        en: 'The reader takes the page as it is stored.',
        zh: '只读节点按存储里的样子直接使用。',
      },
    },
  },
  {
    id: 'fsync-lies',
    cluster: 'polardb',
    seed: 5,
    fromMs: 250,
    untilMs: 420,
    actions: ['260.000 powerOff rw-1 cs-1 cs-2 cs-3 for 30.000 ms'],
    counterpart: { off: 'shared.acks-before-sync' },
    difference: { kind: 'rule', rule: 'shared.ack-after-sync' },
    words: {
      title: { en: 'Acknowledged before it is on disk', zh: '未落盘先确认' },
      known: {
        en: 'A commit is acknowledged when its write begins. Nobody notices until the power goes.',
        zh: '写刚开始就确认提交。断电之前谁也看不出来。',
      },
      holds: {
        en: 'A commit waits until its log is durable on a majority of chunk servers. The power goes, and it is there.',
        zh: '提交等到日志在多数 ChunkServer 上落盘才确认。断电之后还在。',
      },
      breaks: {
        en: 'The writer answers before the sync: a power cut would take acknowledged rows.',
        zh: '写节点在落盘之前就应答：断电会带走已确认的行。',
      },
    },
  },
];
