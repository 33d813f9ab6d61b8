// What is modelled, as data: for each part what is real here, what is simplified, what is absent. True for what exists
// in this version; a part that is built later changes its row on the same day.

import { type Disagreement, type ModelRow, nothing } from '../rules/model-row.ts';
import type { Bilingual } from '../rules/rule-words.ts';
import { stackTables } from '../stacks/tables.ts';

export const modelRows: readonly ModelRow[] = [
  {
    id: 'nodes',
    part: { en: 'Nodes and messages', zh: '节点与消息' },
    real: {
      en: 'The node’s code: one worker and one database of its own for each. Messages, log records, pages and superblocks are encoded, checksummed and decoded as bytes.',
      zh: '节点代码：每个节点一个工作线程和自己的数据库。消息、日志记录、页和超级块都按字节编码、校验、解码。',
    },
    simplified: {
      en: 'Pages of about 1 KB in demos. Beyond 64 nodes, or where workers or storage are refused, all nodes share one worker and memory disks.',
      zh: '演示中页约 1 KB。超过 64 个节点或浏览器拒绝工作线程、存储时，全部节点共用一个线程和内存磁盘。',
    },
    absent: { en: 'Real kernels, direct I/O, RDMA, SPDK.', zh: '真实内核、直接 I/O、RDMA、SPDK。' },
    ids: ['WAL-1', 'WAL-3', 'WAL-29'],
    areas: [],
    source: 'S000; S002',
  },
  ...stackTables.flatMap(({ about }) => about?.rows ?? []),
  {
    id: 'clients',
    part: { en: 'Clients', zh: '客户端' },
    real: {
      en: 'A driver with retries; each write carries (client, sequence) and its outcome lies in the volume, so that asking again does nothing twice. Unknown outcomes are counted as unknown.',
      zh: '带重试的驱动；写入带（客户端，序号），结果存于卷内，重复询问不会做两次。未知结果计为未知。',
    },
    simplified: {
      en: 'Reads are split from writes where the preset has readers.',
      zh: '仅在预设含只读节点时分离读写。',
    },
    absent: { en: 'Connection pools.', zh: '连接池。' },
    ids: ['FENCE-43', 'FENCE-44', 'FENCE-47'],
    areas: ['client'],
    source: 'Raft dissertation §6.3',
  },
  {
    id: 'disks',
    part: { en: 'Disks and crashes', zh: '磁盘与宕机' },
    real: {
      en: 'Persistence in IndexedDB with strict durability; a crash terminates the worker; a reload or a killed tab is a power cut that every node comes back from.',
      zh: '以严格持久性存于 IndexedDB；宕机即终止工作线程；刷新或关闭标签页即断电，各节点由此恢复。',
    },
    simplified: {
      en: 'Which unsynced writes are lost or torn is modelled above IndexedDB, drawn from the seed.',
      zh: '未同步的写哪些丢失或撕裂，在 IndexedDB 之上按种子抽取。',
    },
    absent: { en: 'Failures of the computer itself.', zh: '计算机自身的故障。' },
    ids: ['WAL-28', 'WAL-33', 'PRE-7'],
    areas: ['disk', 'wal.failed'],
    source: 'D',
  },
  {
    id: 'network',
    part: { en: 'Network and time', zh: '网络与时间' },
    real: {
      en: 'Loss, delay, duplication, reordering, damage, cuts and partitions of every message, in each direction.',
      zh: '每条消息在每个方向上的丢失、延迟、重复、乱序、损坏、断开与分区。',
    },
    simplified: {
      en: 'Time is virtual: latencies are chosen, not measured. The network is a model that draws from the seed. One fabric orders all events, so true parallel races are explored by seeds, not by hardware.',
      zh: '时间是虚拟的：延迟是选定而非测得。网络是按种子抽取的模型。一个调度者排定全部事件，真正的并行竞争靠种子而非硬件探索。',
    },
    absent: { en: 'Predictions of production latency.', zh: '对生产延迟的预测。' },
    ids: ['PRE-2', 'PRE-3', 'WAL-12', 'HOLE-40'],
    areas: ['net'],
    source: 'D',
  },
  {
    id: 'replay',
    part: { en: 'Replay', zh: '回放' },
    real: {
      en: 'Preset, configuration, seed and tape give one trace, byte for byte, in workers and headless alike; hashes are compared.',
      zh: '预设、配置、种子与磁带逐字节给出同一追踪，浏览器与无界面皆然；散列相互比对。',
    },
    simplified: nothing,
    absent: { en: 'Engines of older versions beside this one.', zh: '与当前并存的旧版引擎。' },
    ids: ['PRE-1', 'PRE-5'],
    areas: ['tape'],
    source: 'D',
  },
];

/** The row that a rule belongs to. */
export function rowOfRule(slug: string): ModelRow | undefined {
  const depth = ({ areas }: ModelRow): number =>
    Math.max(-1, ...areas.filter((area) => slug.startsWith(area)).map((area) => area.length));
  const [best] = [...modelRows].sort((a, b) => depth(b) - depth(a));
  return best !== undefined && depth(best) >= 0 ? best : undefined;
}

/** Where sources disagree, and what was decided. */
export const disagreements: readonly Disagreement[] = stackTables.flatMap(
  ({ about }) => about?.disagreements ?? [],
);

export const knownLimits: readonly Bilingual[] = [
  {
    en: 'The event list keeps the newest 20 000 events; older ones come back by seeking.',
    zh: '事件列表保留最新 20 000 条；更早的可通过跳转重现。',
  },
  {
    en: 'A tape takes 100 000 actions; a link longer than 8 KB is offered as a file.',
    zh: '一条磁带至多 100 000 个动作；超过 8 KB 的链接改为文件。',
  },
  {
    en: 'A run-until gives up after 10 s of virtual time.',
    zh: '“运行到”在 10 秒虚拟时间后放弃。',
  },
  {
    en: 'At full speed captions tell only the newest of what happened.',
    zh: '全速运行时说明只讲述最近发生的。',
  },
];

export const notProven: Bilingual = {
  en: 'A green board means that no rule was violated in this run, nothing more. No number here predicts production.',
  zh: '全绿只表示本次运行没有违反规则，仅此而已。此处的数字都不预测生产表现。',
};
