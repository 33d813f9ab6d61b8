// Monitor of nodes that leave (docs/spec/placement.md PCS-72, PCS-79, PCS-80): one that is taken away for good holds nothing that anybody counts on.

import { isLate } from './metadata-log.ts';
import { type Check, type ClusterModule, expectRule, type Monitors } from './monitor.ts';

export const drainedRules = {
  'placement.drained': {
    ids: ['PCS-72', 'PCS-79', 'PCS-80'],
    source: 'S000 缩容',
    lens: 'placement',
  },
} as const;

interface Drained {
  /** By group: its members in every set, and learners, as the metadata committed them last. */
  readonly members: Map<string, readonly string[]>;
  /** By node: who has a place in the metadata's log, by the newest configuration that it holds. */
  readonly pcs: Map<string, string>;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof drainedRules> {}
  interface ClusterStates {
    drained: Drained;
  }
}

/** `stands`: false of a group that went with its table. */
export const drainedBy = (
  stands: (monitors: Monitors, group: string) => boolean,
): ClusterModule<'drained'> => ({
  scope: 'cluster',
  name: 'drained',
  rules: drainedRules,
  make: ({ groups }) => ({
    members: new Map(groups.map(({ id, replicas }) => [id, replicas])),
    pcs: new Map(),
  }),
  observe: {
    'group.made': (_, { drained: { members } }, { group, voters }) => {
      if (!members.has(group)) members.set(group, voters.split(','));
    },
    'group.members': ({ node }, monitors, { group, sets, learners }) => {
      if (isLate(monitors, node)) return;
      monitors.drained.members.set(group, [...sets.split(/[|,]/), ...learners.split(',')]);
    },
    'volume.dropped': (_, { drained: { members } }, { groups }) => {
      for (const group of groups.split(',')) members.delete(group);
    },
    'raft.members': ({ node }, { drained: { pcs } }, { voters, outgoing, learners }) =>
      void pcs.set(node, [voters, outgoing, learners].join(',').replaceAll(/#\d+/g, '')),
    'node.removed': (c, monitors, { node }) => onRemoved(c, monitors, node, stands),
  },
});

function onRemoved(
  c: Check,
  monitors: Monitors,
  node: string,
  stands: (monitors: Monitors, group: string) => boolean,
): void {
  const { members, pcs } = monitors.drained;
  const left = [...members].flatMap(([group, nodes]) =>
    stands(monitors, group) && nodes.includes(node) ? [group] : [],
  );
  expectRule(
    c,
    'placement.drained',
    left.length === 0,
    () => `${node} is taken away, and has a part in ${left.join(', ')}`,
  );
  const places = pcs.get(c.node) ?? '';
  expectRule(
    c,
    'placement.drained',
    !places.split(',').includes(node),
    () => `${node} is taken away, and the metadata's log has the members ${places}`,
  );
}
