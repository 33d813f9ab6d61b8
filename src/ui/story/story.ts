// Caption context, kept of the events before: enough to say why the next one matters, and what it concludes from it.
// Pure and plain; it looks at nothing but the trace (follow.ts), so a caption never says what no event said.

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { eventOfKind, type TraceEvent, type TraceKind, type TraceOf } from '../../core/kernel/trace.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import { actionOf } from '../../sim/world-action.ts';
import { tapes } from '../../stacks/tapes.ts';
import { configuredWriter } from '../../state/role-views.ts';

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
  /** A rule of the protocol is switched off in this run: what follows from rules need not be so. */
  readonly isRuleOff: boolean;
  /** Who writes the cluster's own volume, by what it committed or opened; null: not seen yet. */
  readonly writer: string | null;
  /** Groups of each volume beside the cluster's own. */
  readonly volumes: ReadonlyMap<string, readonly string[]>;
  /** Where each tablet has a primary: by its volume, who was last seen to be it. */
  readonly primaries: ReadonlyMap<string, string>;
  readonly cuts: readonly CutInForce[];
  readonly down: ReadonlySet<string>;
  readonly healing: ReadonlyMap<string, Healing>;
  /** Commits acknowledged while something was cut or down; 0 when nothing is. */
  readonly commitsInFault: number;
  /** True from the moment the writer lost its quorum until the next commit; `failed` counts operations that failed meanwhile. */
  readonly stalled: boolean;
  readonly failed: number;
  /** By volume: the greatest LSN of an acknowledged commit, and the newest token whose holder has reported a VDL. */
  readonly acked: ReadonlyMap<string, number>;
  readonly terms: ReadonlyMap<string, number>;
  /** By volume: its VDL. */
  readonly vdls: ReadonlyMap<string, number>;
  /** By volume: who handed it over, with all that it had allocated durable, and nobody has opened it since (FENCE-33). */
  readonly handovers: ReadonlyMap<string, { readonly writer: string; readonly lsn: number }>;
  /** Replicas (`store-1 g1`) that opened with the list that they had saved, until they say what is in it. */
  readonly restored: ReadonlySet<string>;
  /** Nodes that were asked to end in good order, and have not ended yet. */
  readonly stopping: ReadonlySet<string>;
  /** Nodes that lead the metadata, and in which term; several where one has not learned yet that it was deposed. */
  readonly leads: ReadonlyMap<string, number>;
  /** Replicas that filled all their holes, and quorums that came back, since the story began. */
  readonly healed: number;
  readonly relieved: number;
}

export const newStory = (cluster: ClusterSpec, isRuleOff = false): Story => ({
  cluster,
  isRuleOff,
  writer: null,
  volumes: new Map(
    cluster.groups.flatMap(({ id, volume }) => (volume === undefined ? [] : [[volume, [id]]])),
  ),
  primaries: new Map(),
  cuts: [],
  down: new Set(),
  healing: new Map(),
  commitsInFault: 0,
  stalled: false,
  failed: 0,
  acked: new Map(),
  terms: new Map(),
  vdls: new Map(),
  handovers: new Map(),
  restored: new Set(),
  stopping: new Set(),
  leads: new Map(),
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

/** A volume that came later (a restored one, a tablet's) names its groups itself. */
export function volumeOfGroup(
  { cluster, volumes }: Pick<Story, 'cluster' | 'volumes'>,
  group: string,
): string {
  const later = [...volumes].find(([, groups]) => groups.includes(group))?.[0];
  return later ?? cluster.groups.find(({ id }) => id === group)?.volume ?? cluster.volume;
}

const isCut = ({ cuts }: Story, a: string, b: string): boolean =>
  cuts.some(({ pairs }) => pairs.some(([from, to]) => from === a && to === b));

/** Until somebody is seen to write it is the one that was set up. */
export const writerOf = ({ cluster, writer }: Story): string => writer ?? configuredWriter(cluster) ?? '';

/** Who writes is down or frozen, and nobody has opened the volume since: no write is possible; where each tablet has a primary, none of one. */
export const hasNoWriter = ({ cluster, writer, primaries, down }: Story): boolean =>
  cluster.placement === undefined
    ? writer !== null && down.has(writer)
    : [...primaries.values()].some((node) => down.has(node));

/** The story once this event has shown who writes. An older writer may acknowledge what was durable before it was overtaken. */
export function followWriter(story: Story, event: TraceEvent, node: string): Story {
  if (event.kind !== 'recovery.done' && event.kind !== 'commit.ack') return story;
  const { volume } = story.cluster;
  const isOlder = event.kind === 'commit.ack' && event.term < (story.terms.get(volume) ?? 0);
  if (story.cluster.placement !== undefined) return followPrimary(story, event, node);
  return event.volume !== volume || isOlder || story.writer === node ? story : { ...story, writer: node };
}

const followPrimary = (story: Story, event: TraceOf<'recovery.done' | 'commit.ack'>, node: string): Story => {
  const { primaries, terms } = story;
  const isOlder = event.kind === 'commit.ack' && event.term < (terms.get(event.volume) ?? 0);
  if (isOlder || primaries.get(event.volume) === node) return story;
  return { ...story, primaries: new Map(primaries).set(event.volume, node) };
};

/** Replicas that a writer cannot reach, or that cannot answer it. */
export function unreached(
  story: Story,
  replicas: readonly string[],
  writer: string = writerOf(story),
): readonly string[] {
  return replicas.filter((id) => story.down.has(id) || isCut(story, writer, id) || isCut(story, id, writer));
}

/** The first group whose write quorum the writer does not reach, or null. */
export function lostQuorum(story: Story): {
  readonly writer: string;
  readonly group: string;
  readonly reached: number;
  readonly n: number;
  readonly vw: number;
} | null {
  // Where each tablet has a primary of its own no node is the writer.
  if (story.cluster.placement !== undefined) return null;
  for (const { id, replicas, vw } of story.cluster.groups) {
    const reached = replicas.length - unreached(story, replicas).length;
    if (reached < vw) return { writer: writerOf(story), group: id, reached, n: replicas.length, vw };
  }
  return null;
}

const withoutPairs = (
  cuts: readonly CutInForce[],
  isOver: (a: string, b: string) => boolean,
): readonly CutInForce[] =>
  cuts
    .map((cut) => ({ ...cut, pairs: cut.pairs.filter(([a, b]) => !isOver(a, b)) }))
    .filter(({ pairs }) => pairs.length > 0);

export const without = (nodes: ReadonlySet<string>, node: string): ReadonlySet<string> =>
  new Set([...nodes].filter((id) => id !== node));

/** The story once an action of the tape is in force. */
export function followAction(story: Story, event: TraceOf<'world.action'>, node: string): Story {
  if (event.isUndo) {
    // What ends takes its links with it, also those that another action had cut before: a link is cut or it is not.
    const over = pairsOf(actionOf(tapes, event), story.cluster);
    const isOver = (a: string, b: string): boolean => over.some(([from, to]) => from === a && to === b);
    const goesOn = event.action === 'freeze' && event.hadEffect;
    return {
      ...story,
      cuts: withoutPairs(story.cuts, isOver),
      down: goesOn ? without(story.down, node) : story.down,
    };
  }
  if (!event.hadEffect) return story;
  const action = actionOf(tapes, event);
  if (event.action === 'healAll') return { ...story, cuts: [] };
  if (action?.kind === 'heal') {
    const { from, to } = action.link;
    const healed = (a: string, b: string): boolean =>
      (from.some((id) => id === a) && to.some((id) => id === b)) ||
      (from.some((id) => id === b) && to.some((id) => id === a));
    return { ...story, cuts: withoutPairs(story.cuts, healed) };
  }
  if (event.action === 'powerCut')
    return { ...newStory(story.cluster, story.isRuleOff), acked: story.acked, terms: story.terms };
  if (event.action === 'freeze') return traceStall({ ...story, down: new Set([...story.down, node]) });
  if (event.action === 'resume') return { ...story, down: without(story.down, node) };
  if (event.action === 'stop') return { ...story, stopping: new Set([...story.stopping, node]) };
  const pairs = pairsOf(action, story.cluster);
  return pairs.length === 0
    ? story
    : traceStall({ ...story, cuts: [...story.cuts, { text: event.text, pairs }] });
}

/** Marks the moment at which the writer loses its write quorum. */
export const traceStall = (story: Story): Story =>
  story.stalled || lostQuorum(story) === null ? story : { ...story, stalled: true, failed: 0 };

/** What one kind of event adds to a story. */
export interface StoryStep {
  readonly kind: TraceKind;
  readonly apply: (story: Story, event: TraceEvent, node: string) => Story;
}

export const storyStep = <K extends TraceKind>(
  kind: K,
  apply: (story: Story, event: TraceOf<K>, node: string) => Story,
): StoryStep => ({
  kind,
  apply(story, event, node) {
    const own = eventOfKind(event, kind);
    return own === null ? story : apply(story, own, node);
  },
});
