// Clusters of `postdb-v4` beside others (src/run-model/compare): every node computes and stores, some hold the metadata.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { addOf, powerCut } from '../../run-model/compare/common-faults.ts';
import {
  byLeads,
  type ComparedStack,
  type FaultMeaning,
  type RunFacts,
} from '../../run-model/compare/compared.ts';

const nodesOf = ({ cluster }: RunFacts): readonly NodeId[] =>
  cluster.nodes.filter(({ roles }) => roles.includes('store')).map(({ id }) => id);

const splits = {
  en: 'The table is one tablet. Under load it splits in two, and takes no writes while its rows are copied (PCS-46).',
  zh: '该表是一个 tablet。有负载时它会一分为二，复制各行期间不接受写（PCS-46）。',
};

function addStorage(cluster: ClusterSpec): FaultMeaning {
  const { added, line } = addOf(cluster, 'n', 'node');
  return {
    means: {
      en: `A node, ${added}, that computes and stores is added; the planner moves replicas to it.`,
      zh: `添加节点 ${added}，既计算又存储；规划器把副本搬给它。`,
    },
    lines: () => [line],
    added,
  };
}

export const postdbV4Compared: ComparedStack = {
  id: 'postdb-v4',
  preset: 'postdb-v4',
  loads: {
    transfers: {
      kind: 'tablet-transfer',
      note: {
        en: 'The table is cut into four tablets, and both rows of a transfer lie in one (a transaction writes one group).',
        zh: '表切成四个 tablet，一次转账的两行在同一 tablet 内（一个事务只在一个组）。',
      },
    },
    inserts: { kind: 'kv-insert', note: splits },
    registers: { kind: 'register', note: splits },
  },
  faults: {
    killWriter: () => ({
      means: {
        en: 'The node that writes the most groups loses its power and stays down; each of its groups gets another primary.',
        zh: '写的组最多的节点断电，不再回来；它的每个组更换主副本。',
      },
      lines: (facts) => [`crash ${byLeads(facts, nodesOf(facts), 'most')}`],
    }),
    killStorage: () => ({
      means: {
        en: 'Stores are no nodes of their own: the node that writes the fewest groups loses its power. It follows in the others, and groups that it writes change their primary.',
        zh: '存储不是单独的节点：写的组最少的节点断电。它是其他组的从副本；它所写的组换主。',
      },
      lines: (facts) => [`crash ${byLeads(facts, nodesOf(facts), 'least')}`],
    }),
    slowReader: () => ({
      absent: {
        en: 'There are no readers apart: each read is answered by the primary of its tablet, confirmed by a read quorum.',
        zh: '没有单独的只读节点：每次读由其 tablet 的主副本应答，并经读多数派确认。',
      },
    }),
    cutControl: () => ({
      absent: {
        en: 'There is no control plane apart: the metadata is on nodes that hold data, and cutting it off would cut off the data.',
        zh: '没有单独的控制面：元数据就在存数据的节点上，切断它就切断了数据。',
      },
    }),
    addReader: () => ({
      absent: {
        en: 'There are no readers apart. A node that is added computes and stores: see "Add storage".',
        zh: '没有单独的只读节点。添加的节点既计算又存储：见“添加存储”。',
      },
    }),
    addStorage,
    powerCut,
  },
};
