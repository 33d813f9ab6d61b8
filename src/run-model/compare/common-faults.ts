// Faults and loads that mean the same in several architectures.

import type { NodeId } from '../../base/ids.ts';
import {
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

/** Tape lines that end every writer's power. */
export const crashWriters = ({ writers }: RunFacts): readonly string[] =>
  [...new Set(writers.values())].map((writer) => `crash ${writer}`);

export const slowReader = (reader: string): FaultMeaning => ({
  means: {
    en: `The reader ${reader} takes 1 ms for each message, for 150 ms.`,
    zh: `只读节点 ${reader} 每条消息用 1 ms，持续 150 ms。`,
  },
  lines: () => [`slowCpu ${reader} 1000 us for 150.000 ms`],
});

export const cutMetadata: FaultMeaning = {
  means: {
    en: 'The three metadata nodes are cut off from everything for 150 ms.',
    zh: '三个元数据节点与其余一切断开 150 ms。',
  },
  lines: (facts) => [`${partedFrom(facts, (roles) => roles.includes('meta'))} for 150.000 ms`],
};

export const thirdReader: FaultMeaning = {
  means: { en: 'A reader, ro-3, is added.', zh: '添加一个只读节点 ro-3。' },
  lines: () => ['addNode ro-3 reader b'],
  added: 'ro-3' as NodeId,
};

export const powerCut: FaultMeaning = {
  means: {
    en: 'All nodes but the client lose their power for 20 ms.',
    zh: '除客户端外全部节点断电 20 ms。',
  },
  lines: (facts) => [`powerOff ${poweredNodes(facts).join(' ')} for 20.000 ms`],
};
