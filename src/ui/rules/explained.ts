// Rules of the world itself (disks, network, tape) that no monitor watches but that captions need to say why something
// happened.

import type { ExplainedRule } from './rule-words.ts';

export const worldRules = {
  'disk.crash': {
    ids: ['WAL-28', 'WAL-33'],
    title: { en: 'A crash is a power cut', zh: '宕机即断电' },
    text: {
      en: 'The worker is terminated; of writes not yet synced some survive, some are lost, one may be torn. Everything acknowledged was synced.',
      zh: '工作线程被终止；未同步的写可能存活、丢失或撕裂。已确认的都已同步。',
    },
    source: 'D',
    lens: 'wal',
  },
  'recovery.writer-death': {
    ids: ['WAL-52', 'WAL-55', 'WAL-60', 'FENCE-44'],
    title: { en: 'What a writer’s death leaves', zh: '写节点宕机后留下什么' },
    text: {
      en: 'The writer’s memory is gone, its log is on other nodes’ disks. Until somebody starts a writer nothing commits. Its recovery keeps every commit whose log is whole there: all that were acknowledged, and of those still waiting the ones whose records are on a disk that it reads: on enough disks always, on fewer perhaps. The rest never happened; clients ask again and learn which.',
      zh: '写节点的内存没了，日志在其他节点的盘上。在有人启动写节点之前什么也不能提交。其恢复保留日志在那里完整的每个提交：已确认的全部，以及仍在等待的提交中，其记录在它读到的磁盘上的那些：已到足够多磁盘的一定保留，更少的则未必。其余的视为从未发生；客户端重新询问即可得知。',
    },
    source: 'S002; A17 §4.3',
    lens: 'recovery',
  },
  'net.repair': {
    ids: ['WAL-12', 'HOLE-40'],
    title: { en: 'Loss only delays', zh: '丢失只会延迟' },
    text: {
      en: 'Messages may be lost, repeated, reordered or damaged; that only delays filling, it never changes which log is reached.',
      zh: '消息可丢失、重复、乱序或损坏；这只会推迟补洞，不会改变最终的日志。',
    },
    source: 'S001 网络延迟; D',
    lens: 'spaceTime',
  },
  'tape.action': {
    ids: ['PRE-3'],
    title: { en: 'Every act is on the tape', zh: '每个动作都在磁带上' },
    text: {
      en: 'What a person does is a line on the tape at a virtual time: the same tape gives the same run, event by event.',
      zh: '人的每个动作是磁带上带虚拟时间的一行：同一磁带逐事件给出同一运行。',
    },
    source: 'D',
    lens: 'spaceTime',
  },
} as const satisfies Readonly<Record<string, ExplainedRule>>;
