// What a story remembers of the events before: enough to say why the next one matters. A fold over the trace, pure and
// plain; it looks at nothing else, so a caption never says what no event said.

import type { ClusterSpec } from '../../core/kernel/door.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import type { ListedEvent } from '../../sim/frame.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import { parseAction } from '../../sim/tape-parse.ts';

/** Links that an action of the tape cut, as pairs of names. */
export interface CutInForce {
  readonly text: string;
  readonly pairs: readonly (readonly [from: string, to: string])[];
}

/** A replica on its way from its first missing record to its last. */
export interface Healing {
  /** Groups with a hole that is open. */
  readonly open: ReadonlySet<string>;
  /** Groups that it asked a peer for: the answer may be on its way before the hole is found on its disk. */
  readonly asked: ReadonlySet<string>;
  readonly records: number;
  /** What was given, `g1 108 112`: a range that is given twice counts once. */
  readonly given: ReadonlySet<string>;
  readonly from: readonly string[];
  /** Commits acknowledged since the replica was cut off, or since the hole was found. */
  readonly commits: number;
}

export interface Story {
  readonly cluster: ClusterSpec;
  readonly cuts: readonly CutInForce[];
  readonly down: ReadonlySet<string>;
  readonly healing: ReadonlyMap<string, Healing>;
  /** Commits acknowledged while something was cut or down; 0 when nothing is. */
  readonly commitsInFault: number;
  /** True from the moment the writer lost its quorum until the next commit; `failed` counts clients told no meanwhile. */
  readonly stalled: boolean;
  readonly failed: number;
  readonly lastAcked: number;
  /** Replicas that filled all their holes, and quorums that came back, since the story began. */
  readonly healed: number;
  readonly relieved: number;
}

export const newStory = (cluster: ClusterSpec): Story => ({
  cluster,
  cuts: [],
  down: new Set(),
  healing: new Map(),
  commitsInFault: 0,
  stalled: false,
  failed: 0,
  lastAcked: -1,
  healed: 0,
  relieved: 0,
});

/** The links that an action cuts or heals, as pairs of names: both ways or one, as the action says. */
export function pairsOf(
  action: TapeAction | null,
  { nodes }: Pick<ClusterSpec, 'nodes'>,
): CutInForce['pairs'] {
  if (action === null) return [];
  if (action.kind === 'cut' || action.kind === 'heal') {
    const { from, to, isBothWays } = action.link;
    return from.flatMap((a) =>
      to.flatMap((b) => (isBothWays ? [[a, b] as const, [b, a] as const] : [[a, b] as const])),
    );
  }
  if (action.kind === 'isolate') {
    const others = nodes.filter(({ id }) => !action.nodes.includes(id));
    return action.nodes.flatMap((a) => others.flatMap(({ id }) => [[a, id] as const, [id, a] as const]));
  }
  if (action.kind !== 'partition') return [];
  return action.sides.flatMap((side, i) =>
    action.sides.flatMap((other, j) =>
      i === j ? [] : side.flatMap((a) => other.map((b) => [a, b] as const)),
    ),
  );
}

/** The action that a `world.action` event names, or null when it is not of this version. */
export function actionOf(event: TraceOf<'world.action'>): TapeAction | null {
  const action = parseAction(`0.000 ${event.text}`);
  return 'error' in action ? null : action;
}

const isCut = ({ cuts }: Story, a: string, b: string): boolean =>
  cuts.some(({ pairs }) => pairs.some(([from, to]) => from === a && to === b));

export const writerOf = ({ cluster }: Story): string =>
  cluster.nodes.find(({ roles }) => roles.includes('compute'))?.id ?? '';

/** Replicas that the writer cannot reach, or that cannot answer it. */
export function unreached(story: Story, replicas: readonly string[]): readonly string[] {
  const writer = writerOf(story);
  return replicas.filter((id) => story.down.has(id) || isCut(story, writer, id) || isCut(story, id, writer));
}

/** The first group whose write quorum the writer does not reach, or null. */
export function lostQuorum(
  story: Story,
): { readonly group: string; readonly reached: number; readonly n: number; readonly vw: number } | null {
  for (const { id, replicas, vw } of story.cluster.groups) {
    const reached = replicas.length - unreached(story, replicas).length;
    if (reached < vw) return { group: id, reached, n: replicas.length, vw };
  }
  return null;
}

/** The story after an event; `before` is what the caption of that event may look at too. */
export function follow(story: Story, listed: ListedEvent): Story {
  const { event, node } = listed;
  switch (event.kind) {
    case 'world.action':
      return followAction(story, event, node);
    case 'node.down':
      return noteStall({
        ...story,
        down: new Set([...story.down, node]),
        healing: without(story.healing, node),
      });
    case 'node.open':
      return { ...story, down: new Set([...story.down].filter((id) => id !== node)) };
    case 'commit.ack':
      return {
        ...story,
        lastAcked: Math.max(story.lastAcked, event.scn),
        stalled: false,
        relieved: story.relieved + (story.stalled ? 1 : 0),
        failed: 0,
        commitsInFault: story.cuts.length + story.down.size > 0 ? story.commitsInFault + 1 : 0,
        healing: mapValues(story.healing, (one) => ({ ...one, commits: one.commits + 1 })),
      };
    case 'op.return':
      return event.outcome === 'ok' ? story : { ...story, failed: story.failed + 1 };
    case 'member.adopt':
      return { ...story, cluster: withMembers(story.cluster, event) };
    case 'hole.open':
      return setHealing(story, node, (one) => ({ ...one, open: new Set([...one.open, event.group]) }));
    case 'hole.sent':
      return event.mode === 'normal' ? noteAsked(story, node, event.group) : story;
    case 'hole.serve':
      return event.error !== '' || !story.healing.has(event.to)
        ? story
        : setHealing(story, event.to, (one) => ({
            ...one,
            ...giveOnce(one, `${event.group} ${event.first} ${event.last}`, event.records),
            from: one.from.includes(node) ? one.from : [...one.from, node],
          }));
    case 'hole.closed':
      return closeHole(story, node, event.group);
    default:
      return story;
  }
}

/** The story once an action of the tape is in force. */
export function followAction(story: Story, event: TraceOf<'world.action'>, node: string): Story {
  if (event.isUndo) return { ...story, cuts: story.cuts.filter(({ text }) => text !== event.text) };
  if (!event.hadEffect) return story;
  const action = actionOf(event);
  if (event.action === 'healAll') return { ...story, cuts: [] };
  if (action?.kind === 'heal') {
    const { from, to } = action.link;
    const healed = (a: string, b: string): boolean =>
      (from.some((id) => id === a) && to.some((id) => id === b)) ||
      (from.some((id) => id === b) && to.some((id) => id === a));
    const cuts = story.cuts.map((cut) => ({ ...cut, pairs: cut.pairs.filter(([a, b]) => !healed(a, b)) }));
    return { ...story, cuts: cuts.filter(({ pairs }) => pairs.length > 0) };
  }
  if (event.action === 'powerCut') return { ...newStory(story.cluster), lastAcked: story.lastAcked };
  if (event.action === 'freeze') return noteStall({ ...story, down: new Set([...story.down, node]) });
  if (event.action === 'resume')
    return { ...story, down: new Set([...story.down].filter((id) => id !== node)) };
  const pairs = pairsOf(action, story.cluster);
  return pairs.length === 0
    ? story
    : noteStall({ ...story, cuts: [...story.cuts, { text: event.text, pairs }] });
}

/** The members that a writer writes to; while there are two sets the old one is the one people know. */
function withMembers(cluster: ClusterSpec, { group, sets }: TraceOf<'member.adopt'>): ClusterSpec {
  const [only, second] = sets.split('|');
  if (only === undefined || second !== undefined) return cluster;
  const replicas = cluster.nodes.map(({ id }) => id).filter((id) => only.split(',').includes(id));
  return { ...cluster, groups: cluster.groups.map((one) => (one.id === group ? { ...one, replicas } : one)) };
}

const noteStall = (story: Story): Story =>
  story.stalled || lostQuorum(story) === null ? story : { ...story, stalled: true, failed: 0 };

const nothingYet: Healing = {
  open: new Set(),
  asked: new Set(),
  records: 0,
  given: new Set(),
  from: [],
  commits: 0,
};

const giveOnce = (
  { records, given }: Healing,
  range: string,
  count: number,
): Pick<Healing, 'records' | 'given'> =>
  given.has(range) ? { records, given } : { records: records + count, given: new Set([...given, range]) };

function setHealing(story: Story, node: string, change: (one: Healing) => Healing): Story {
  const begun = story.healing.get(node) ?? { ...nothingYet, commits: story.commitsInFault };
  return { ...story, healing: new Map([...story.healing, [node, change(begun)]]) };
}

/** Who asks for a group again while nothing is open begins anew: what was asked for before came otherwise. */
function noteAsked(story: Story, node: string, group: string): Story {
  const one = story.healing.get(node);
  const isOver = one !== undefined && one.open.size === 0 && one.asked.has(group);
  const from = isOver ? { ...story, healing: without(story.healing, node) } : story;
  return setHealing(from, node, (known) => ({ ...known, asked: new Set([...known.asked, group]) }));
}

function closeHole(story: Story, node: string, group: string): Story {
  const one = story.healing.get(node);
  if (one === undefined) return story;
  const open = new Set([...one.open].filter((id) => id !== group));
  return open.size === 0
    ? {
        ...story,
        healing: without(story.healing, node),
        healed: story.healed + (one.records > 0 ? 1 : 0),
      }
    : { ...story, healing: new Map([...story.healing, [node, { ...one, open }]]) };
}

const without = <V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> =>
  new Map([...map].filter(([id]) => id !== key));

const mapValues = <V>(map: ReadonlyMap<string, V>, change: (value: V) => V): ReadonlyMap<string, V> =>
  map.size === 0 ? map : new Map([...map].map(([key, value]) => [key, change(value)]));
