// `cynosdb` beside other architectures (src/sim/compare): with a standby, a reader and three metadata nodes, which is what a failover takes.

import type { NodeId } from '../../base/ids.ts';
import { type ComparedStack, partedFrom, poweredNodes } from '../../sim/compare/compared.ts';

export const cynosdbCompared: ComparedStack = {
  id: 'cynosdb',
  preset: 'cynosdb-ha',
  loads: { transfers: { kind: 'transfer' }, inserts: { kind: 'kv-insert' }, registers: { kind: 'register' } },
  faults: {
    killWriter: {
      means: {
        en: 'The writer loses its power and stays down; a standby takes over.',
        zh: '写者断电，不再回来；备机接管。',
      },
      lines: ({ writers }) => [...new Set(writers.values())].map((writer) => `crash ${writer}`),
    },
    killStorage: {
      means: { en: 'One of three stores, store-3, loses its power.', zh: '三个存储节点之一 store-3 断电。' },
      lines: () => ['crash store-3'],
    },
    slowReader: {
      means: {
        en: 'The reader ro-1 takes 1 ms for each message, for 150 ms.',
        zh: '只读节点 ro-1 每条消息用 1 ms，持续 150 ms。',
      },
      lines: () => ['slowCpu ro-1 1000 us for 150.000 ms'],
    },
    cutControl: {
      means: {
        en: 'The three metadata nodes are cut off from everything for 150 ms.',
        zh: '三个元数据节点与其余一切断开 150 ms。',
      },
      lines: (facts) => [`${partedFrom(facts, (roles) => roles.includes('meta'))} for 150.000 ms`],
    },
    addReader: {
      means: { en: 'A reader, ro-3, is added.', zh: '添加一个只读节点 ro-3。' },
      lines: () => ['addNode ro-3 reader b'],
      added: 'ro-3' as NodeId,
    },
    addStorage: {
      means: {
        en: 'Preset cynosdb-4, whose store-4 has no data: the replicas of store-3 move to it.',
        zh: '预设 cynosdb-4，其 store-4 没有数据：store-3 的副本搬到它上面。',
      },
      lines: () => ['moveReplica store-3 store-4'],
      preset: 'cynosdb-4',
      added: 'store-4' as NodeId,
    },
    powerCut: {
      means: {
        en: 'All nodes but the client lose their power for 20 ms.',
        zh: '除客户端外全部节点断电 20 ms。',
      },
      lines: (facts) => [`powerOff ${poweredNodes(facts).join(' ')} for 20.000 ms`],
    },
  },
};
