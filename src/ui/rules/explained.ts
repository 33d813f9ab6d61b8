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
    lens: '1',
  },
  'net.repair': {
    ids: ['WAL-12', 'HOLE-40'],
    title: { en: 'Loss only delays', zh: '丢失只会延迟' },
    text: {
      en: 'Messages may be lost, repeated, reordered or damaged; that only delays filling, it never changes which log is reached.',
      zh: '消息可丢失、重复、乱序或损坏；这只会推迟填洞，不会改变最终的日志。',
    },
    source: 'S001 网络延迟; D',
    lens: '7',
  },
  'tape.action': {
    ids: ['PRE-3'],
    title: { en: 'Every act is on the tape', zh: '每个动作都在磁带上' },
    text: {
      en: 'What a person does is a line on the tape at a virtual time: the same tape gives the same run, event by event.',
      zh: '人的每个动作是磁带上带虚拟时间的一行：同一磁带逐事件给出同一运行。',
    },
    source: 'D',
    lens: '7',
  },
} as const satisfies Readonly<Record<string, ExplainedRule>>;
