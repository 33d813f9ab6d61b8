// `polardb` beside other architectures (src/sim/compare).

import type { NodeId } from '../../base/ids.ts';
import { byLeads, type ComparedStack, partedFrom, poweredNodes } from '../../sim/compare/compared.ts';

export const polardbCompared: ComparedStack = {
  id: 'polardb',
  preset: 'polardb',
  loads: { transfers: { kind: 'transfer' }, inserts: { kind: 'kv-insert' }, registers: { kind: 'register' } },
  faults: {
    killWriter: {
      means: {
        en: 'The writer loses its power and stays down; a reader is promoted.',
        zh: '写者断电，不再回来；一个只读节点升主。',
      },
      lines: ({ writers }) => [...new Set(writers.values())].map((writer) => `crash ${writer}`),
    },
    killStorage: {
      means: {
        en: 'One of three chunk servers loses its power: the one that leads the fewest chunks.',
        zh: '三个块服务器之一断电：主导的块最少的那个。',
      },
      lines: (facts) => {
        const servers = facts.cluster.nodes
          .filter(({ roles }) => roles.includes('chunk'))
          .map(({ id }) => id);
        return [`crash ${byLeads(facts, servers, 'least')}`];
      },
    },
    slowReader: {
      means: {
        en: 'The reader ro-2 takes 1 ms for each message, for 150 ms.',
        zh: '只读节点 ro-2 每条消息用 1 ms，持续 150 ms。',
      },
      lines: () => ['slowCpu ro-2 1000 us for 150.000 ms'],
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
        en: 'A chunk server, cs-4, is added; chunks move to it while the device is mounted.',
        zh: '添加块服务器 cs-4；设备保持挂载，块移到它上面。',
      },
      lines: () => ['addNode cs-4 chunk a'],
      added: 'cs-4' as NodeId,
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
