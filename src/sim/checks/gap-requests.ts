// Monitors of gap repair (docs/spec/holes.md §5, §6): every position of a hole is requested at most once at a time and not
// above SGCL, answers are to requests of the present life, and a list rebuilt after a crash reaches as far as the log.

import type { NodeId } from '../../base/ids.ts';
import { groupTruth } from './log-truth.ts';
import { expectRule, type GroupModule, type VolumeModule } from './monitor.ts';

export const gapRules = {
  'hole.one-live-request': {
    ids: ['HOLE-24', 'HOLE-13'],
    source: 'S001',
    lens: 'wal',
  },
  'hole.own-answer': {
    ids: ['HOLE-28', 'HOLE-34'],
    source: 'S001; D',
    lens: 'wal',
  },
  'hole.rebuild-whole': {
    ids: ['HOLE-53', 'HOLE-54'],
    source: 'S001',
    lens: 'wal',
  },
  'hole.below-sgcl': { ids: ['HOLE-19'], source: 'S001 接口', lens: 'wal' },
} as const;

interface LiveRequest {
  readonly first: number;
  readonly end: number;
}

/** By node of the replica. */
interface Gaps {
  /** Live requests by counter. */
  readonly requests: Map<NodeId, Map<number, LiveRequest>>;
  /** Highest LSN found on the disk at the last start. */
  readonly reopened: Map<NodeId, number>;
}

/** Boot epochs of each node's life, from the one it began with to the newest (it rises within a life by WAL-75). */
type Boots = Map<NodeId, { readonly first: number; readonly last: number }>;

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof gapRules> {}
  interface VolumeStates {
    readonly boots: Boots;
  }
  interface GroupStates {
    readonly gaps: Gaps;
  }
}

export const boots: VolumeModule<'boots'> = {
  scope: 'volume',
  name: 'boots',
  rules: {},
  make: () => new Map(),
  observe: {
    'node.open': (c, volume) => void volume.boots.delete(c.node),
    // A later one in the same life (WAL-75) makes no stranger of what was asked before it (seed 105).
    'node.boot': ({ node }, volume, { bootEpoch }) => {
      volume.boots.set(node, { first: volume.boots.get(node)?.first ?? bootEpoch, last: bootEpoch });
    },
  },
};

export const gapRequests: GroupModule<'gaps'> = {
  scope: 'group',
  name: 'gaps',
  rules: gapRules,
  make: () => ({ requests: new Map(), reopened: new Map() }),
  forget: ({ gaps }, node) => void gaps.requests.delete(node),
  observe: {
    /** A process that starts again has forgotten its requests (HOLE-51). */
    'node.open': ({ node }, { gaps }) => void gaps.requests.delete(node),
    'recovery.history': ({ node }, { id, gaps }, _, { truth }) => {
      if (groupTruth(truth, id)) gaps.requests.delete(node);
    },
    'base.installed': ({ node }, { gaps }) => void gaps.requests.delete(node),
    'wal.durable': ({ node }, { gaps }, { source, lsns }) => {
      if (source === 'reopen') gaps.reopened.set(node, lsns[lsns.length - 1] ?? -1);
    },
    /** HOLE-53, HOLE-54: nothing that the log holds is forgotten because of a hole before it. */
    'hole.rebuild': (c, { id, gaps }, { nwl }) => {
      const highest = gaps.reopened.get(c.node) ?? -1;
      const say = (): string => `${id} is rebuilt up to ${nwl}; its log holds ${highest}`;
      expectRule(c, 'hole.rebuild-whole', nwl >= highest, say);
    },
    'hole.sent': (c, { id, gaps }, { first, end, counter, mode }, { truth }) => {
      const live = gaps.requests.get(c.node) ?? new Map<number, LiveRequest>();
      gaps.requests.set(c.node, live);
      let other: number | null = null;
      for (const [known, request] of live) if (first < request.end && request.first < end) other = known;
      expectRule(
        c,
        'hole.one-live-request',
        other === null,
        () => `${id} [${first}, ${end}) asked by r${counter} while r${other} is live`,
      );
      live.set(counter, { first, end });
      const group = groupTruth(truth, id);
      if (group === undefined || mode !== 'normal' || truth.isLearning) return;
      expectRule(
        c,
        'hole.below-sgcl',
        end - 1 <= group.pgcl,
        () => `request [${first}, ${end}) reaches above SGCL ${group.pgcl}`,
      );
    },
    'hole.timeout': ({ node }, { gaps }, { counter }) => void gaps.requests.get(node)?.delete(counter),
    /** A part that arrived: the request goes on with what is left above it, and ends when nothing is. */
    'hole.fill': ({ node }, { gaps }, { first, end, counter }) => {
      const live = gaps.requests.get(node);
      const request = live?.get(counter);
      if (live === undefined || request === undefined || first > request.first) return;
      if (end >= request.end) live.delete(counter);
      else live.set(counter, { first: Math.max(request.first, end), end: request.end });
    },
    /** HOLE-28, HOLE-34: what is answered was asked in this life. */
    'hole.answer': (c, _, { boot, counter }, { boots: lives }) => {
      const { first, last } = lives.get(c.node) ?? { first: boot, last: boot };
      expectRule(
        c,
        'hole.own-answer',
        first <= boot && boot <= last,
        () => `an answer to r${counter} of boot ${boot} is taken in the life of boots ${first} to ${last}`,
      );
    },
  },
};
