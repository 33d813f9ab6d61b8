// Monitors of tables that are cut into tablets (docs/spec/placement.md §1, pcs.md §6): groups and volumes as the metadata makes them, so that each
// has monitors of its own; how shards tile a log; and how far apart the definitions are that nodes serve by.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { relationOf } from '../../core/page/page-key.ts';
import { isLate } from './metadata-log.ts';
import { type Check, type ClusterModule, expectRule, type Monitors, makeVolume } from './monitor.ts';

export const tabletRules = {
  'shard.tiling': {
    ids: ['PCS-37', 'PCS-38', 'PCS-44'],
    source: 'S000; S001',
    lens: 'placement',
  },
  'shard.range-once': {
    ids: ['PCS-36', 'PCS-39'],
    source: 'S000',
    lens: 'placement',
  },
  'leader.greatest-tail': {
    ids: ['FENCE-21', 'PCS-49', 'PCS-111'],
    source: 'S000; S001',
    lens: 'recovery',
  },
  'shard.made-once': {
    ids: ['PCS-120', 'WAL-4', 'WAL-71'],
    source: 'S000; D',
    lens: 'recovery',
  },
  'read.latest': {
    ids: ['PCS-57', 'FENCE-13'],
    source: 'Thesis 6.4; S002',
    lens: 'checks',
  },
  'catalog.one-step-apart': {
    ids: ['PCS-85', 'PCS-87'],
    source: 'F1 §3; D',
    lens: 'placement',
  },
} as const;

interface Shards {
  readonly firsts: readonly number[];
  readonly ends: readonly number[];
}

interface Tablets {
  readonly groups: Map<string, TraceOf<'group.made'>>;
  readonly shards: Map<string, Shards>;
  /** By group: those of its present members that may be appointed (PCS-49), once they are no more the first ones. */
  readonly voters: Map<string, readonly string[]>;
  /** Groups that the present leader of the metadata has announced, or made: the others went with their tables. */
  readonly standing: Set<string>;
  /** Volumes whose keys were merged into another's, by the version of the definitions that says so. */
  readonly merged: Map<string, number>;
  /** Version of the newest step that is over, and what each node that is up has. */
  step: number;
  readonly schemas: Map<NodeId, number>;
  /** When each volume was first opened, and when the present life of each node began. */
  readonly opened: Map<string, Time>;
  readonly lives: Map<NodeId, Time>;
  /** By volume: the greatest token under which it was opened. */
  readonly tokens: Map<string, number>;
  /** Reads that primaries have made while a later one was there, as node, volume, token and number. */
  readonly overtaken: Set<string>;
  /** By volume: what its replicas have answered under the newest token that nobody had. */
  readonly elections: Map<
    string,
    { readonly token: number; readonly by: NodeId; readonly heard: TraceOf<'leader.answer'>[] }
  >;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof tabletRules> {}
  interface ClusterStates {
    tablets: Tablets;
  }
}

/** Announced again by each leader of the metadata. */
function onMade(c: Check, m: Monitors, made: TraceOf<'group.made'>): void {
  const { tablets, directory, volumes } = m;
  const { group, volume, keyFirst, keyEnd, voters, vw, vr } = made;
  for (const other of tablets.groups.values())
    expectRule(
      c,
      'shard.range-once',
      other.group === group
        ? other.keyFirst === keyFirst && other.volume === volume
        : other.keyEnd <= keyFirst || keyEnd <= other.keyFirst,
      () => `${group} of ${volume} has keys of ${other.group} of ${other.volume}`,
    );
  if (!isLate(m, c.node)) tablets.standing.add(group);
  if (tablets.groups.has(group)) return;
  tablets.groups.set(group, made);
  const replicas = voters.split(',') as NodeId[];
  const groups = [{ id: group as GroupId, replicas, keyFirst, keyEnd, vw, vr }];
  const { lal } = volumes[0];
  // In a run that was opened from its disks the metadata says again what there was before: nothing is known of its log yet.
  const isResumed = volumes[0].truth.isLearning;
  const facts = {
    volume,
    cluster: { nodes: [], groups },
    lal,
    isResumed,
    origin: null,
    isMade: true as const,
  };
  const place = volumes.push(makeVolume(c.modules, facts)) - 1;
  directory.byGroup.set(group, place);
  directory.byName.set(volume, place);
}

/** `later` has each shard of `earlier`, and of those only an open one has another end. */
const isGrownFrom = (earlier: Shards, later: Shards): boolean =>
  earlier.firsts.every((first, i) => {
    const end = earlier.ends[i];
    return later.firsts[i] === first && (end === -1 || end === later.ends[i]);
  });

/** A late trace tells an earlier state of the same shards, and changes nothing. */
function onShards(c: Check, m: Monitors, { group, firsts, ends }: TraceOf<'group.shards'>): void {
  const { shards } = m.tablets;
  const now = { firsts, ends };
  const before = shards.get(group);
  const isEarlier = before !== undefined && isLate(m, c.node) && isGrownFrom(now, before);
  const isTiled = firsts.every((first, i) => first === (i === 0 ? 0 : ends[i - 1]));
  const isClosed = ends.every((end, i) => end === -1 || end > (firsts[i] ?? 0));
  const onlyLastOpen = ends.every((end, i) => end !== -1 || i === ends.length - 1);
  const isKept = before === undefined || isEarlier || isGrownFrom(before, now);
  expectRule(
    c,
    'shard.tiling',
    isTiled && isClosed && onlyLastOpen && isKept,
    () => `the shards of ${group} begin at ${firsts.join(', ')} and end at ${ends.join(', ')}`,
  );
  if (!isEarlier) shards.set(group, now);
}

/** A step is over once every node has it, or serves nobody. With a table that is dropped its groups go. */
function onStep(
  { tablets: state }: Monitors,
  { version, state: is, tablets: relations }: TraceOf<'table.step'>,
): void {
  if (is === 'active' || is === 'dropped') state.step = Math.max(state.step, version);
  if (is === 'active')
    for (const { group, volume } of state.groups.values())
      if ((state.merged.get(volume) ?? Number.MAX_SAFE_INTEGER) <= version) state.standing.delete(group);
  if (is !== 'dropped') return;
  for (const { group, keyFirst } of state.groups.values())
    if (relations.includes(relationOf(keyFirst))) state.standing.delete(group);
}

/** Nobody is asked at the end for what went with its table. */
function endGone({ tablets: state, volumes, directory }: Monitors): void {
  for (const group of state.groups.keys()) {
    const volume = volumes[directory.byGroup.get(group) ?? 0];
    if (volume !== undefined && volume !== volumes[0] && !state.standing.has(group)) volume.isGone = true;
  }
}

function onServed(c: Check, { tablets: { step, schemas } }: Monitors): void {
  const known = schemas.get(c.node) ?? -1;
  expectRule(
    c,
    'catalog.one-step-apart',
    known >= step,
    () => `${c.node} begins a transaction by definitions of version ${known}; ${step} is in force everywhere`,
  );
}

/** Each leader of the metadata asks by itself; what an earlier one heard of another quorum does not bind it. */
function onAnswer(c: Check, { tablets: { elections } }: Monitors, answer: TraceOf<'leader.answer'>): void {
  const known = elections.get(answer.volume);
  if (known?.token === answer.token && known.by === c.node) known.heard.push(answer);
  else elections.set(answer.volume, { token: answer.token, by: c.node, heard: [answer] });
}

function onPassed(
  { tablets: { elections } }: Monitors,
  { volume, token, replica }: TraceOf<'leader.passed'>,
): void {
  const known = elections.get(volume);
  if (known?.token !== token) return;
  const heard = known.heard.map((one) => (one.replica === replica ? { ...one, tailTerm: -1, ncl: -1 } : one));
  elections.set(volume, { ...known, heard });
}

/** Who has answered and is not up any more counts to the quorum, and not among those that could be appointed. */
function onGranted(c: Check, { tablets }: Monitors, { volume, token, holder }: TraceOf<'token.grant'>): void {
  const election = tablets.elections.get(volume);
  const made = [...tablets.groups.values()].find((group) => group.volume === volume);
  if (election?.token !== token || !made) return;
  // learners, and members that a change leaves out, are asked as well
  const voters = tablets.voters.get(made.group) ?? made.voters.split(',');
  const { heard } = election;
  const own = heard.findLast(({ replica }) => replica === holder);
  const quorum = new Set(heard.map(({ replica }) => replica)).size >= made.vw;
  const better = heard.find(
    ({ replica, tailTerm, ncl }) =>
      voters.includes(replica) &&
      (!own || tailTerm > own.tailTerm || (tailTerm === own.tailTerm && ncl > own.ncl)),
  );
  expectRule(
    c,
    'leader.greatest-tail',
    quorum && own !== undefined && better === undefined,
    () =>
      `${holder} is to write ${volume} under ${token}, while ${better?.replica ?? 'too few'} answered more`,
  );
}

const readKey = ({ node }: Check, volume: string, token: number, id: number): string =>
  `${node}/${volume}/${token}/${id}`;

/** Genesis is durable: from here on the node has a replica, with nothing in it. */
function onGenesis(c: Check, m: Monitors, { group, source }: TraceOf<'wal.durable'>): void {
  if (source !== 'genesis') return;
  const { opened, lives, groups } = m.tablets;
  const volume = groups.get(group)?.volume;
  const openedAt = volume === undefined ? undefined : opened.get(volume);
  expectRule(
    c,
    'shard.made-once',
    openedAt === undefined || (lives.get(c.node) ?? 0) < openedAt,
    () => `${c.node} makes a replica of ${group} from nothing; ${volume} was opened before this life began`,
  );
  if (openedAt !== undefined) return;
  // nobody has opened the volume: what a lost disk held of it is as if it had never been
  const place = m.volumes[m.directory.byGroup.get(group) ?? 0];
  place?.groups.get(group)?.lostDisks.lost.delete(c.node);
}

export const tablets: ClusterModule<'tablets'> = {
  scope: 'cluster',
  name: 'tablets',
  rules: tabletRules,
  make: () => ({
    groups: new Map(),
    shards: new Map(),
    voters: new Map(),
    standing: new Set(),
    merged: new Map(),
    step: 0,
    schemas: new Map(),
    opened: new Map(),
    lives: new Map(),
    tokens: new Map(),
    overtaken: new Set(),
    elections: new Map(),
  }),
  observe: {
    'group.made': onMade,
    'group.shards': onShards,
    'table.step': (_, m, event) => onStep(m, event),
    'split.end': (_, { tablets: { groups, standing } }, { child }) => {
      for (const { group, volume } of groups.values()) if (volume === child) standing.delete(group);
    },
    'merge.cut': (_, { tablets: { merged } }, { volume, other, version }) => {
      merged.set(volume, version);
      merged.set(other, version);
    },
    'merge.end': (_, { tablets: { groups, standing } }, { child }) => {
      for (const { group, volume } of groups.values()) if (volume === child) standing.delete(group);
    },
    'group.members': ({ node }, m, { group, sets }) => {
      if (!isLate(m, node)) m.tablets.voters.set(group, (sets.split('|').at(-1) ?? '').split(','));
    },
    'leader.answer': onAnswer,
    'leader.passed': (_, m, event) => onPassed(m, event),
    'raft.leader': ({ node }, { tablets: { elections, standing } }) => {
      standing.clear();
      for (const [volume, { by }] of elections) if (by === node) elections.delete(volume);
    },
    'token.grant': onGranted,
    'meta.writer': ({ at }, { tablets: { opened, tokens } }, { volume, token, state }) => {
      if (state !== 'OPEN') return;
      if (!opened.has(volume)) opened.set(volume, at);
      tokens.set(volume, Math.max(tokens.get(volume) ?? 0, token));
    },
    'read.made': (c, { tablets: { tokens, overtaken } }, { volume, token, id }) => {
      if ((tokens.get(volume) ?? 0) > token) overtaken.add(readKey(c, volume, token, id));
    },
    'read.answered': (c, { tablets: { overtaken } }, { volume, token, id }) =>
      expectRule(
        c,
        'read.latest',
        !overtaken.delete(readKey(c, volume, token, id)),
        () => `${c.node} answers a read of ${volume} under ${token}, while a later primary has it open`,
      ),
    'node.open': ({ node, at }, { tablets: { lives } }) => void lives.set(node, at),
    'wal.durable': onGenesis,
    'tx.begin': onServed,
    'schema.node': ({ node }, { tablets: { schemas } }, { version }) => void schemas.set(node, version),
    'node.down': ({ node }, { tablets: { schemas } }) => void schemas.delete(node),
  },
  finish: (_, m) => endGone(m),
};
