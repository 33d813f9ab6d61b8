// Monitors of chunks on their servers (docs/spec/polarfs.md §7): writes are at a majority of those who decide then and in the order of tokens,
// replicas come and go one at a time, and a server that ends has none.

import type { NodeId } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { type Check, type ClusterModule, expectRule, type Monitors } from '../../sim/checks/monitor.ts';

export const chunkRules = {
  'chunk.majority': {
    ids: ['FS-70', 'FS-71'],
    source: 'S003; VLDB18',
    lens: 'disk',
  },
  'chunk.made-once': {
    ids: ['FS-79', 'PCS-120'],
    source: 'S000; D',
    lens: 'disk',
  },
  'chunk.token-order': {
    ids: ['FS-80', 'FS-81', 'FENCE-17'],
    source: 'S002; D',
    lens: 'disk',
  },
  'chunk.one-exchange': {
    ids: ['FS-76', 'PCS-24'],
    source: 'VLDB18; D',
    lens: 'disk',
  },
  'chunk.drained': {
    ids: ['FS-77', 'PCS-72', 'PCS-79'],
    source: 'S003; D',
    lens: 'disk',
  },
} as const;

interface Members {
  readonly index: number;
  readonly voters: readonly string[];
  readonly outgoing: readonly string[];
  readonly learners: readonly string[];
}

interface Leading {
  readonly since: number;
  readonly term: number;
}

/** A token, the entry that installed it, and the term of the leader that acknowledged that. */
interface Installed {
  readonly token: number;
  readonly index: number;
  readonly term: number;
}

interface Chunks {
  /** Servers of each group at first. */
  readonly laidOut: ReadonlyMap<string, readonly string[]>;
  /** By group the newest members; and as each server says that leads, by `server group`, with how it leads. */
  readonly members: Map<string, Members>;
  readonly said: Map<string, Members>;
  readonly leading: Map<string, Leading>;
  /** By server, the groups that it has a replica of. */
  readonly hosts: Map<string, Set<string>>;
  /** Servers without power. */
  readonly down: Set<string>;
  /** By group and node: the newest entry that is durable there, as the newest part of its log says. */
  readonly durable: Map<string, Map<NodeId, number>>;
  /** The same of a disk when it was lost: what was on its way then was acknowledged of what it had. */
  readonly before: Map<string, Map<NodeId, number>>;
  /** By group, each higher than the one before. */
  readonly tokens: Map<string, Installed[]>;
  /** Groups that have had a leader. */
  readonly led: Set<string>;
  /** Replicas that were made, by `server group`: a server that never had one has promised nothing that it could forget. */
  readonly made: Set<string>;
}

declare module '../../sim/checks/monitor.ts' {
  interface RuleTable extends RulesOf<typeof chunkRules> {}
  interface ClusterStates {
    chunks: Chunks;
  }
}

const namesOf = (text: string): string[] => (text === '' ? [] : text.split(','));

/** As the server that leads it has said; it says nothing while they are the first. */
const membersOf = ({ laidOut, said }: Chunks, group: string, node: string): Members =>
  said.get(`${node} ${group}`) ?? { index: 0, voters: laidOut.get(group) ?? [], outgoing: [], learners: [] };

const differences = (a: readonly string[], b: readonly string[]): number =>
  a.filter((one) => !b.includes(one)).length;

function onMembers(c: Check, { chunks }: Monitors, e: TraceOf<'chunk.members'>): void {
  const { group, index } = e;
  const { laidOut, leading, said, members, durable } = chunks;
  const key = `${c.node} ${group}`;
  const before = membersOf(chunks, group, c.node);
  const [voters, outgoing] = [namesOf(e.voters), namesOf(e.outgoing)];
  const now: Members = { index, voters, outgoing, learners: namesOf(e.learners) };
  const least = laidOut.get(group)?.length ?? 0;
  const isWhole = voters.length >= least && (outgoing.length === 0 || outgoing.length >= least);
  const isOne =
    outgoing.length === 0 || (differences(voters, outgoing) <= 1 && differences(outgoing, voters) <= 1);
  // a server that begins to lead says what is, not what it changes
  const isChange = leading.get(key)?.since !== c.at;
  const isJoint =
    outgoing.length > 0 || before.outgoing.length > 0 || differences(voters, before.voters) === 0;
  expectRule(
    c,
    'chunk.one-exchange',
    isWhole && isOne && (!isChange || isJoint),
    () => `${group} goes from ${before.voters} to ${voters}, with ${outgoing}`,
  );
  // who was a learner had all up to the entry that made it one when it came to vote (FS-79)
  const own = durable.get(group) ?? new Map<NodeId, number>();
  durable.set(group, own);
  for (const node of before.learners as NodeId[])
    if (voters.includes(node)) own.set(node, Math.max(own.get(node) ?? 0, before.index));
  said.set(key, now);
  if (index >= (members.get(group)?.index ?? 0)) members.set(group, now);
}

/** One that is silent for long has nothing that is asked for any more; a replica of it may be on its disk. */
function onRemoved(c: Check, { chunks }: Monitors, { node }: TraceOf<'node.removed'>): void {
  const { members, laidOut, hosts, down } = chunks;
  const held = hosts.get(node);
  if (held === undefined) return;
  const ofIt = [...laidOut].filter(([group, first]) => {
    const { voters, outgoing, learners } = members.get(group) ?? {
      voters: first,
      outgoing: [],
      learners: [],
    };
    return [...voters, ...outgoing, ...learners].includes(node);
  });
  expectRule(
    c,
    'chunk.drained',
    ofIt.length === 0 && (held.size === 0 || down.has(node)),
    () => `${node} is removed; it has ${[...held]}, and is a member of ${ofIt.map(([group]) => group)}`,
  );
}

function onAcked(c: Check, { chunks }: Monitors, { group, token, seq, index }: TraceOf<'chunk.acked'>): void {
  const durable = chunks.durable.get(group);
  const before = chunks.before.get(group);
  const { voters, outgoing } = membersOf(chunks, group, c.node);
  const holders = (set: readonly string[]): number =>
    set.filter((node) => {
      const of = node as NodeId;
      return Math.max(durable?.get(of) ?? 0, before?.get(of) ?? 0) >= index;
    }).length;
  expectRule(
    c,
    'chunk.majority',
    [voters, outgoing].every((set) => set.length === 0 || holders(set) * 2 > set.length),
    () => `entry ${index} of ${group} is durable on ${holders(voters)} of ${voters}, with ${outgoing}`,
  );
  const installed = chunks.tokens.get(group) ?? [];
  const term = chunks.leading.get(`${c.node} ${group}`)?.term ?? 0;
  // FS-81: a leader that was deposed and has not heard of it acknowledges late what is before the token in the log
  const above = installed.find((one) => one.token > token && (one.index < index || one.term <= term));
  expectRule(
    c,
    'chunk.token-order',
    above === undefined,
    () =>
      `${group} acknowledges entry ${index} under token ${token}; ${above?.token} is installed by entry ${above?.index}`,
  );
  if (seq === 0 && token > (installed.at(-1)?.token ?? 0))
    chunks.tokens.set(group, [...installed, { token, index, term }]);
}

const hostOf = ({ hosts }: Chunks, node: string): Set<string> => {
  const own = hosts.get(node) ?? new Set();
  hosts.set(node, own);
  return own;
};

export const chunks: ClusterModule<'chunks'> = {
  scope: 'cluster',
  name: 'chunks',
  rules: chunkRules,
  make: ({ chunks: laidOut = [], nodes, isResumed }) => ({
    laidOut: new Map(laidOut.map(({ id, replicas }) => [id, replicas])),
    members: new Map(),
    said: new Map(),
    leading: new Map(),
    hosts: new Map(
      nodes
        .filter(({ roles }) => roles.includes('chunk'))
        .map(({ id }) => [
          id,
          new Set(
            laidOut
              .filter(({ replicas }) => !isResumed && replicas.includes(id))
              .map((one) => String(one.id)),
          ),
        ]),
    ),
    down: new Set(),
    durable: new Map(),
    before: new Map(),
    tokens: new Map(),
    led: new Set(),
    made: new Set(),
  }),
  observe: {
    'chunk.durable': ({ node }, { chunks: { durable } }, { group, last }) => {
      const known = durable.get(group) ?? new Map<NodeId, number>();
      durable.set(group, known.set(node, last));
    },
    'chunk.leads': (c, { chunks: { led, leading } }, { group, term }) => {
      led.add(group);
      leading.set(`${c.node} ${group}`, { since: c.at, term });
    },
    'chunk.made': (c, { chunks: { led, made } }, { group }) => {
      const one = `${c.node} ${group}`;
      const isAnew = led.has(group) && made.has(one);
      made.add(one);
      return expectRule(
        c,
        'chunk.made-once',
        !isAnew,
        () => `${group} has a log; its replica on ${c.node} is made anew`,
      );
    },
    'chunk.members': onMembers,
    'chunk.invited': ({ node }, { chunks: known }, { group }) => void hostOf(known, node).add(group),
    'chunk.left': ({ node }, { chunks: known }, { group }) => {
      hostOf(known, node).delete(group);
      known.said.delete(`${node} ${group}`); // another replica may come there, which leads the first members
      known.durable.get(group)?.delete(node);
    },
    'node.removed': onRemoved,
    'node.open': ({ node }, { chunks: { down } }) => void down.delete(node),
    'node.down': ({ node }, { chunks: { durable, before, said, laidOut, hosts, down } }, { mode }) => {
      down.add(node);
      for (const group of laidOut.keys()) said.delete(`${node} ${group}`);
      if (mode !== 'wiped' && mode !== 'rolledBack') return;
      for (const [group, known] of durable) {
        const held = before.get(group) ?? new Map<NodeId, number>();
        before.set(group, held.set(node, Math.max(held.get(node) ?? 0, known.get(node) ?? 0)));
        known.delete(node);
      }
      if (mode === 'wiped') hosts.get(node)?.clear();
    },
    'chunk.acked': onAcked,
  },
};
