// `cynosdb` beside other architectures (src/sim/compare): with a standby, a reader and three metadata nodes, which is what a failover takes.

import type { NodeId } from '../../base/ids.ts';
import {
  crashWriters,
  cutMetadata,
  plainLoads,
  powerCut,
  slowReader,
  thirdReader,
} from '../../run-model/compare/common-faults.ts';
import type { ComparedStack } from '../../run-model/compare/compared.ts';

export const cynosdbCompared: ComparedStack = {
  id: 'cynosdb',
  preset: 'cynosdb-ha',
  loads: plainLoads,
  faults: {
    killWriter: {
      means: {
        en: 'The writer loses its power and stays down; a standby takes over.',
        zh: '写节点断电，不再回来；备机接管。',
      },
      lines: crashWriters,
    },
    killStorage: {
      means: { en: 'One of three stores, store-3, loses its power.', zh: '三个存储节点之一 store-3 断电。' },
      lines: () => ['crash store-3'],
    },
    slowReader: slowReader('ro-1'),
    cutControl: cutMetadata,
    addReader: thirdReader,
    addStorage: {
      means: {
        en: 'Preset cynosdb-4, whose store-4 has no data: the replicas of store-3 move to it.',
        zh: '预设 cynosdb-4，其 store-4 没有数据：store-3 的副本搬到它上面。',
      },
      lines: () => ['moveReplica store-3 store-4'],
      preset: 'cynosdb-4',
      added: 'store-4' as NodeId,
    },
    powerCut,
  },
};
