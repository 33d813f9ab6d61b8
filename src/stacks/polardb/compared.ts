// Clusters of `polardb` beside others (src/run-model/compare).

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import {
  addOf,
  addReader,
  cutMetadata,
  killWriter,
  nodesWith,
  plainLoads,
  powerCut,
  slowReader,
} from '../../run-model/compare/common-faults.ts';
import { byLeads, type ComparedStack, type FaultMeaning } from '../../run-model/compare/compared.ts';

function killStorage(cluster: ClusterSpec): FaultMeaning {
  const servers = nodesWith(cluster, 'chunk').map(({ id }) => id);
  return {
    means: {
      en: `One of ${servers.length} chunk servers loses its power: the one that leads the fewest chunks.`,
      zh: `${servers.length} 个 ChunkServer 之一断电：主导的 chunk 最少的那个。`,
    },
    lines: (facts) => [`crash ${byLeads(facts, servers, 'least')}`],
  };
}

function addStorage(cluster: ClusterSpec): FaultMeaning {
  const { added, line } = addOf(cluster, 'cs-', 'chunk');
  return {
    means: {
      en: `A chunk server, ${added}, is added; chunks move to it while the device is mounted.`,
      zh: `添加 ChunkServer ${added}；设备保持挂载，chunk 移到它上面。`,
    },
    lines: () => [line],
    added,
  };
}

export const polardbCompared: ComparedStack = {
  id: 'polardb',
  preset: 'polardb',
  loads: plainLoads,
  faults: {
    killWriter: killWriter({ en: 'a reader is promoted', zh: '一个只读节点升主' }),
    killStorage,
    slowReader,
    cutControl: cutMetadata,
    addReader,
    addStorage,
    powerCut,
  },
};
