// Faults and loads that mean the same in several architectures, as the cluster's own nodes have them.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec, NodeSpec } from '../../core/kernel/cluster-spec.ts';
import type { Role } from '../../core/kernel/view.ts';
import { nextName, zonesOf } from '../../sim/node-templates.ts';
import {
  type BothWords,
  type ComparedStack,
  type FaultMeaning,
  partedFrom,
  poweredNodes,
  type RunFacts,
} from './compared.ts';

export const plainLoads: ComparedStack['loads'] = {
  transfers: { kind: 'transfer' },
  inserts: { kind: 'kv-insert' },
  registers: { kind: 'register' },
};

/** Those that are at work from the start. */
export const nodesWith = ({ nodes }: ClusterSpec, role: Role): readonly NodeSpec[] =>
  nodes.filter(({ roles, isSpare }) => roles.includes(role) && isSpare !== true);

/** Tape lines that end every writer's power; for so many ms, or for good. */
const crashWriters = ({ writers }: RunFacts, ms: number | null): readonly string[] =>
  [...new Set(writers.values())].map((writer) => `crash ${writer}${ms === null ? '' : ` for ${ms}.000 ms`}`);

/** `then`: who takes its place, where somebody may. */
export const killWriter =
  (then: BothWords) =>
  ({ nodes }: ClusterSpec): FaultMeaning =>
    nodes.some(({ isReader, haPriority }) => isReader === true && haPriority !== undefined)
      ? {
          means: {
            en: `The writer loses its power and stays down; ${then.en}.`,
            zh: `写节点断电，不再回来；${then.zh}。`,
          },
          lines: (facts) => crashWriters(facts, null),
        }
      : {
          means: {
            en: 'Nobody may take the place of the writer: it loses its power for 20 ms, and recovers by itself.',
            zh: '没有节点可以接替写节点：它断电 20 ms，然后自己恢复。',
          },
          lines: (facts) => crashWriters(facts, 20),
        };

const noReader: BothWords = { en: 'This cluster has no readers.', zh: '这个集群没有只读节点。' };

/** The last of its readers. */
export function slowReader({ nodes }: ClusterSpec): FaultMeaning {
  const reader = nodes.findLast(({ isReader, isClassic }) => isReader === true && isClassic !== true)?.id;
  if (reader === undefined) return { absent: noReader };
  return {
    means: {
      en: `The reader ${reader} takes 1 ms for each message, for 150 ms.`,
      zh: `只读节点 ${reader} 每条消息用 1 ms，持续 150 ms。`,
    },
    lines: () => [`slowCpu ${reader} 1000 us for 150.000 ms`],
  };
}

export function cutMetadata(cluster: ClusterSpec): FaultMeaning {
  const names = nodesWith(cluster, 'meta')
    .map(({ id }) => id)
    .join(', ');
  return {
    means: {
      en: `The metadata, ${names}, is cut off from everything for 150 ms.`,
      zh: `元数据节点 ${names} 与其余一切断开 150 ms。`,
    },
    lines: (facts) => [`${partedFrom(facts, (roles) => roles.includes('meta'))} for 150.000 ms`],
  };
}

/** In the second zone, if there is one: the writer is in the first. */
export function addReader(cluster: ClusterSpec): FaultMeaning {
  const added = nextName(cluster, 'ro-');
  const [first = '', zone = first] = zonesOf(cluster);
  return {
    means: { en: `A reader, ${added}, is added.`, zh: `添加一个只读节点 ${added}。` },
    lines: () => [`addNode ${added} reader ${zone}`],
    added,
  };
}

/** A reader joins only where others are. */
export const addAnotherReader = (cluster: ClusterSpec): FaultMeaning =>
  cluster.nodes.some(({ isReader }) => isReader) ? addReader(cluster) : { absent: noReader };

/** A node of this kind in the first zone. */
export function addOf(
  cluster: ClusterSpec,
  prefix: string,
  kind: string,
): { readonly added: NodeId; readonly line: string } {
  const added = nextName(cluster, prefix);
  return { added, line: `addNode ${added} ${kind} ${zonesOf(cluster)[0] ?? ''}` };
}

export const powerCut = (): FaultMeaning => ({
  means: {
    en: 'All nodes but the client lose their power for 20 ms.',
    zh: '除客户端外全部节点断电 20 ms。',
  },
  lines: (facts) => [`powerOff ${poweredNodes(facts).join(' ')} for 20.000 ms`],
});
