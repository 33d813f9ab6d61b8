// The small worlds of the explorer: where three members start and how far they may go.

import type { MutantName } from '../../kernel/mutants.ts';
import type { MemberId } from '../configuration.ts';
import { memberId } from '../configuration.ts';
import type { Stored } from '../raft-state.ts';
import type { Entry } from '../raft-types.ts';
import type { World } from './explore.ts';
import type { Bounds } from './explore-member.ts';
import { storedWith } from './test-cluster.ts';

const ids = [1, 2, 3].map(memberId);
/** Of entries that a world begins with; a leader's own say who proposed them. */
const givenData = Uint8Array.of(0);

function stored(id: MemberId, term: number, terms: readonly number[]): Stored {
  const entries = terms.map((one, i): Entry => ({ index: i + 1, term: one, kind: 'data', data: givenData }));
  return storedWith(id, ids, term, entries);
}

const bounds: Bounds = { maxTerm: 2, maxIndex: 2, crashes: 0, changes: 0, rounds: 0, slowDisks: false };

/**
 * A new group: elections, a proposal, crashes that lose what was not durable. The first campaign is member 1's: all three are
 * alike, so others' are the same under other names.
 */
const freshWorld: World = {
  name: 'fresh',
  members: ids.map((id) => stored(id, 0, [])),
  bounds: { ...bounds, crashes: 1, slowDisks: true },
  mutants: [],
  prelude: ['1 campaign'],
  forgets: 0,
};

/** The same with disks that end their writes at once, further on. */
const quickWorld: World = {
  ...freshWorld,
  name: 'quick disks',
  bounds: { ...bounds, crashes: 1, maxTerm: 3, maxIndex: 3 },
};

/** Member 2 has voted, and lost the vote with its power before the disk had it. */
const lostVoteWorld: World = {
  ...freshWorld,
  name: 'lost vote',
  bounds: { ...bounds, crashes: 2, slowDisks: true },
  prelude: [
    '1 campaign',
    '1 write ends',
    '1→2 RequestVote t1 log 0/0 transfer',
    '2 crashes, keeps 0 of 1 writes',
  ],
};

/** Member 1 leads; its first entry is durable at member 2 and not yet at its own disk. */
const ledWorld: World = {
  ...freshWorld,
  name: 'led, slow disks',
  prelude: [
    '1 campaign',
    '1 write ends',
    '1→2 RequestVote t1 log 0/0 transfer',
    '2 write ends',
    '2→1 VoteReply t1 granted',
    '1→2 Append t1 prev 0/0 [1/1] commit 0 round 0',
    '2 write ends',
  ],
  forgets: 4,
};

const election = ['1 campaign', '1→2 RequestVote t1 log 0/0 transfer', '2→1 VoteReply t1 granted'];
const firstEntry = [
  '1→2 Append t1 prev 0/0 [1/1] commit 0 round 0',
  '2→1 AppendReply t1 ok 1 last 1 round 0',
];

/** Two appends under way, which may come late and twice. */
const pipelineWorld: World = {
  ...freshWorld,
  name: 'pipeline',
  bounds: { ...bounds, maxIndex: 3 },
  prelude: [...election, ...firstEntry, '1 propose', '1 propose'],
  forgets: 5,
};

/** Figure 8 (c): member 1 led term 2, member 3 term 3, each with an entry that nobody else has; now 1 leads term 4. */
const figure8World: World = {
  name: 'figure 8',
  members: [stored(memberId(1), 3, [1, 2]), stored(memberId(2), 3, [1]), stored(memberId(3), 3, [1, 3])],
  bounds: { ...bounds, maxTerm: 5, maxIndex: 3 },
  mutants: [],
  prelude: ['1 campaign', '1→2 RequestVote t4 log 2/2 transfer', '2→1 VoteReply t4 granted'],
  forgets: 2,
};

/** A follower with an entry that no leader knows any more hears of a commit index beyond what it verified. */
const heartbeatWorld: World = {
  ...figure8World,
  name: 'heartbeats',
  members: [stored(memberId(1), 3, [1]), stored(memberId(2), 3, [1]), stored(memberId(3), 3, [1, 3])],
  bounds: { ...figure8World.bounds, rounds: 1 },
  prelude: ['1 campaign', '1→2 RequestVote t4 log 1/1 transfer', '2→1 VoteReply t4 granted'],
};

/** A leader goes on alone, and takes the others in again. */
const membersWorld: World = {
  ...freshWorld,
  name: 'members',
  bounds: { ...bounds, maxIndex: 4, changes: 2 },
  prelude: [...election, ...firstEntry],
  forgets: 5,
};

export const worlds: readonly World[] = [
  freshWorld,
  quickWorld,
  lostVoteWorld,
  ledWorld,
  pipelineWorld,
  figure8World,
  heartbeatWorld,
  membersWorld,
];

/** Each planted bug with the world that shows it. */
export const plantedBugs: readonly (readonly [bug: MutantName, world: World])[] = [
  ['raft.commits-older-term', figure8World],
  ['raft.vote-not-durable', quickWorld],
  ['raft.says-before-durable', lostVoteWorld],
  ['raft.counts-unsynced', ledWorld],
  ['raft.truncates-always', pipelineWorld],
  ['raft.votes-twice', quickWorld],
  ['raft.votes-for-any-log', figure8World],
  ['raft.commits-unverified', heartbeatWorld],
  ['raft.no-joint', membersWorld],
];
