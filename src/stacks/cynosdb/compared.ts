// Clusters of `cynosdb` beside others (src/run-model/compare). The usual one has a standby, a reader and three metadata nodes, which is
// what a failover takes.

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import {
  addAnotherReader,
  addOf,
  cutMetadata,
  killWriter,
  nodesWith,
  plainLoads,
  powerCut,
  slowReader,
} from '../../run-model/compare/common-faults.ts';
import type { ComparedStack, FaultMeaning } from '../../run-model/compare/compared.ts';

/** The last store of the first group, and how many that has. */
const firstGroup = ({
  groups: [first],
}: ClusterSpec): { readonly group: string; readonly store: string; readonly count: number } => ({
  group: first?.id ?? '',
  store: first?.replicas.at(-1) ?? '',
  count: first?.replicas.length ?? 0,
});

function killStorage(cluster: ClusterSpec): FaultMeaning {
  const { group, store, count } = firstGroup(cluster);
  return {
    means: {
      en: `One of the ${count} stores of ${group}, ${store}, loses its power.`,
      zh: `${group} 的 ${count} 个存储节点之一 ${store} 断电。`,
    },
    lines: () => [`crash ${store}`],
  };
}

/** To a store that has nothing yet, or else to one that is added. */
function addStorage(cluster: ClusterSpec): FaultMeaning {
  const { store } = firstGroup(cluster);
  const isUsed = (id: string): boolean =>
    cluster.groups.some(({ replicas }) => replicas.some((one) => one === id));
  const empty = nodesWith(cluster, 'store').find(({ id }) => !isUsed(id))?.id;
  const { added, line } = addOf(cluster, 'store-', 'store');
  const to = empty ?? added;
  const move = `moveReplica ${store} ${to}`;
  const is = empty === undefined ? { en: 'is added', zh: '加入' } : { en: 'has no data', zh: '还没有数据' };
  return {
    means: {
      en: `A store, ${to}, ${is.en}: the replicas of ${store} move to it.`,
      zh: `存储节点 ${to} ${is.zh}：${store} 的副本搬到它上面。`,
    },
    ...(empty === undefined ? { lines: () => [line], after: () => [move] } : { lines: () => [move] }),
    added: to,
  };
}

export const cynosdbCompared: ComparedStack = {
  id: 'cynosdb',
  preset: 'cynosdb-ha',
  loads: plainLoads,
  faults: {
    killWriter: killWriter({ en: 'a standby takes over', zh: '备机接管' }),
    killStorage,
    slowReader,
    cutControl: cutMetadata,
    addReader: addAnotherReader,
    addStorage,
    powerCut,
  },
};
