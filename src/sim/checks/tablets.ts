// Monitors of tables that are cut into tablets (docs/spec/pcs.md §5, §11): groups and volumes as the metadata makes them, so that each
// has monitors of its own; how shards tile a log; and how far apart the definitions are that nodes serve by.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { type Check, type ClusterModule, expectRule, type Monitors, makeVolume } from './monitor.ts';

export const tabletRules = {
  'shard.tiling': {
    ids: ['PCS-37', 'PCS-38', 'PCS-44'],
    claim:
      'the shards of a group tile its log from its first LSN on, only the last is open, and a sealed one never changes',
  },
  'shard.range-once': {
    ids: ['PCS-36', 'PCS-39'],
    claim: 'a range of page keys has one group, however often and from wherever it was asked for',
  },
  'leader.greatest-tail': {
    ids: ['FENCE-21', 'PCS-49', 'PCS-111'],
    claim:
      'a primary is appointed after a write quorum was heard under its token, and of those none holds more of the log',
  },
  'catalog.one-step-apart': {
    ids: ['PCS-85', 'PCS-87'],
    claim: 'no transaction begins by definitions that are older than a step which was said to be everywhere',
  },
} as const;

interface Shards {
  readonly firsts: readonly number[];
  readonly ends: readonly number[];
}

interface Tablets {
  readonly groups: Map<string, TraceOf<'group.made'>>;
  readonly shards: Map<string, Shards>;
  /** Version of the newest step that is over, and what each node that is up has. */
  step: number;
  readonly schemas: Map<NodeId, number>;
  /** By volume: what its replicas have answered under the newest token that nobody had. */
  readonly elections: Map<string, { readonly token: number; readonly heard: TraceOf<'leader.answer'>[] }>;
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
  if (tablets.groups.has(group)) return;
  tablets.groups.set(group, made);
  const replicas = voters.split(',') as NodeId[];
  const groups = [{ id: group as GroupId, replicas, keyFirst, keyEnd, vw, vr }];
  const { lal } = volumes[0];
  const facts = { volume, cluster: { nodes: [], groups }, lal, isResumed: false, origin: null };
  const place = volumes.push(makeVolume(c.modules, facts)) - 1;
  directory.byGroup.set(group, place);
  directory.byName.set(volume, place);
}

function onShards(c: Check, { tablets }: Monitors, { group, firsts, ends }: TraceOf<'group.shards'>): void {
  const isTiled = firsts.every((first, i) => first === (i === 0 ? 0 : ends[i - 1]));
  const isClosed = ends.every((end, i) => end === -1 || end > (firsts[i] ?? 0));
  const onlyLastOpen = ends.every((end, i) => end !== -1 || i === ends.length - 1);
  const before = tablets.shards.get(group);
  const isKept =
    before === undefined ||
    before.firsts.every((first, i) => {
      const end = before.ends[i];
      return firsts[i] === first && (end === -1 || end === ends[i]);
    });
  expectRule(
    c,
    'shard.tiling',
    isTiled && isClosed && onlyLastOpen && isKept,
    () => `the shards of ${group} begin at ${firsts.join(', ')} and end at ${ends.join(', ')}`,
  );
  tablets.shards.set(group, { firsts, ends });
}

/** A step is over once every node has it, or serves nobody. */
function onStep({ tablets }: Monitors, { version, state }: TraceOf<'table.step'>): void {
  if (state === 'active' || state === 'dropped') tablets.step = Math.max(tablets.step, version);
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

function onAnswer({ tablets: { elections } }: Monitors, answer: TraceOf<'leader.answer'>): void {
  const known = elections.get(answer.volume);
  if (known?.token === answer.token) known.heard.push(answer);
  else elections.set(answer.volume, { token: answer.token, heard: [answer] });
}

/** A later leader of the metadata asks the replicas anew and repeats what they answer: the best of all answers is the best. */
function onGranted(c: Check, { tablets }: Monitors, { volume, token, holder }: TraceOf<'token.grant'>): void {
  const election = tablets.elections.get(volume);
  const made = [...tablets.groups.values()].find((group) => group.volume === volume);
  if (election?.token !== token || !made) return;
  const { heard } = election;
  const own = heard.findLast(({ replica }) => replica === holder);
  const quorum = new Set(heard.map(({ replica }) => replica)).size >= made.vw;
  const better = heard.find(
    ({ tailTerm, ncl }) => !own || tailTerm > own.tailTerm || (tailTerm === own.tailTerm && ncl > own.ncl),
  );
  expectRule(
    c,
    'leader.greatest-tail',
    quorum && own !== undefined && better === undefined,
    () =>
      `${holder} is to write ${volume} under ${token}, while ${better?.replica ?? 'too few'} answered more`,
  );
}

export const tablets: ClusterModule<'tablets'> = {
  scope: 'cluster',
  name: 'tablets',
  rules: tabletRules,
  make: () => ({ groups: new Map(), shards: new Map(), step: 0, schemas: new Map(), elections: new Map() }),
  observe: {
    'group.made': onMade,
    'group.shards': onShards,
    'table.step': (_, m, event) => onStep(m, event),
    'leader.answer': (_, m, event) => onAnswer(m, event),
    'token.grant': onGranted,
    'tx.begin': onServed,
    'schema.node': ({ node }, { tablets: { schemas } }, { version }) => void schemas.set(node, version),
    'node.down': ({ node }, { tablets: { schemas } }) => void schemas.delete(node),
  },
};
