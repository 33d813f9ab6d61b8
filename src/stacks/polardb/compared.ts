// `polardb` beside other architectures (src/sim/compare).

import type { NodeId } from '../../base/ids.ts';
import {
  crashWriters,
  cutMetadata,
  plainLoads,
  powerCut,
  slowReader,
  thirdReader,
} from '../../run-model/compare/common-faults.ts';
import { byLeads, type ComparedStack } from '../../run-model/compare/compared.ts';

export const polardbCompared: ComparedStack = {
  id: 'polardb',
  preset: 'polardb',
  loads: plainLoads,
  faults: {
    killWriter: {
      means: {
        en: 'The writer loses its power and stays down; a reader is promoted.',
        zh: '写节点断电，不再回来；一个只读节点升主。',
      },
      lines: crashWriters,
    },
    killStorage: {
      means: {
        en: 'One of three chunk servers loses its power: the one that leads the fewest chunks.',
        zh: '三个 ChunkServer 之一断电：主导的 chunk 最少的那个。',
      },
      lines: (facts) => {
        const servers = facts.cluster.nodes
          .filter(({ roles }) => roles.includes('chunk'))
          .map(({ id }) => id);
        return [`crash ${byLeads(facts, servers, 'least')}`];
      },
    },
    slowReader: slowReader('ro-2'),
    cutControl: cutMetadata,
    addReader: thirdReader,
    addStorage: {
      means: {
        en: 'A chunk server, cs-4, is added; chunks move to it while the device is mounted.',
        zh: '添加 ChunkServer cs-4；设备保持挂载，chunk 移到它上面。',
      },
      lines: () => ['addNode cs-4 chunk a'],
      added: 'cs-4' as NodeId,
    },
    powerCut,
  },
};
