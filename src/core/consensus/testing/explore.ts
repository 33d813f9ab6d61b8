// Breadth-first search through every world that three Raft members can come to: messages arrive in any order, twice or never
// (what was sent stays deliverable for ever), writes end late, crashes lose what was not durable. Worlds are rows of interned
// numbers, so equal ones are visited once; the first violation comes with the shortest way to it.

import { assert, present } from '../../../base/assert.ts';
import type { Mutants } from '../../kernel/mutants.ts';
import { type MemberId, votersOf } from '../configuration.ts';
import { currentConfig, lastIndex } from '../raft-log.ts';
import type { Stored } from '../raft-state.ts';
import type { Message } from '../raft-types.ts';
import { checkMatching, checkStep, type History, noHistory } from './explore-checks.ts';
import {
  type Bounds,
  campaign,
  changeMembers,
  crash,
  endWrite,
  entryKey,
  heartbeat,
  type Member,
  memberKey,
  openMember,
  propose,
  receive,
  type Step,
} from './explore-member.ts';
import { addRow, intern, makePool, makeRows, type Pool, type Rows, rowAt } from './intern.ts';
import { showMessage } from './transcript.ts';

export interface World {
  readonly name: string;
  readonly members: readonly Stored[];
  readonly bounds: Bounds;
  readonly mutants: Mutants;
  /** Actions, by label, that every run begins with. */
  readonly prelude: readonly string[];
  /** What was sent before the step of this number is lost. */
  readonly forgets: number;
}

export interface Exploration {
  states: number;
  depth: number;
  /** Every world within the bounds was visited. */
  isComplete: boolean;
  violation: { readonly what: string; readonly trail: readonly string[] } | null;
  /** How often what was looked for happened, over all transitions. */
  seen: {
    elections: number;
    commits: number;
    crashes: number;
    lostWrites: number;
    truncations: number;
    changes: number;
  };
}

/** A step with everything in it interned. */
interface Move {
  readonly member: number;
  readonly messages: readonly number[];
  readonly step: Step;
  readonly kind: 'plain' | 'crash' | 'change';
  readonly label: string;
}

interface Search {
  readonly world: World;
  readonly ids: readonly MemberId[];
  readonly members: Pool<Member>;
  readonly messages: Pool<Message>;
  readonly sets: Pool<readonly number[]>;
  readonly histories: Pool<History>;
  readonly rows: Rows;
  parents: number[];
  labels: string[];
  /** Worked out once: deliveries by member and message, other actions by member, unions by set and message. */
  readonly deliveries: Map<number, Move>;
  readonly actions: Map<number, readonly Move[]>;
  readonly unions: Map<number, number>;
  readonly found: Exploration;
}

const PAIR = 2 ** 26;
/** A row: members, messages, history, crashes and changes so far. */
const WIDTH = 7;

export function explore(world: World, maxStates: number): Exploration {
  const search = begin(world);
  const { rows, found } = search;
  const start = rows.count - 1;
  let levelEnd = rows.count;
  let at = start;
  for (; at < rows.count && rows.count - start < maxStates && found.violation === null; at++) {
    if (at === levelEnd) {
      found.depth++;
      levelEnd = rows.count;
    }
    expand(search, at);
  }
  found.states = rows.count - start;
  found.isComplete = at === rows.count && found.violation === null;
  return found;
}

function begin(world: World): Search {
  const seen = { elections: 0, commits: 0, crashes: 0, lostWrites: 0, truncations: 0, changes: 0 };
  const search: Search = {
    world,
    ids: world.members.map((stored) => stored.member),
    members: makePool(),
    messages: makePool(),
    sets: makePool(),
    histories: makePool(),
    rows: makeRows(WIDTH),
    parents: [-1],
    labels: [''],
    deliveries: new Map(),
    actions: new Map(),
    unions: new Map(),
    found: { states: 0, depth: 0, isComplete: false, violation: null, seen },
  };
  const first = world.members.map((stored) => internMember(search, openMember(stored, world.mutants)));
  const set = intern(search.sets, [], '');
  addRow(search.rows, [...first, set, intern(search.histories, noHistory), 0, 0]);
  for (const [done, label] of world.prelude.entries())
    beginWith(search, label, done <= world.forgets ? set : null);
  return search;
}

/** Takes the one way from the newest world that the prelude names; the search begins where it leads. */
function beginWith(search: Search, label: string, forgetTo: number | null): void {
  const at = search.rows.count - 1;
  const row = rowAt(search.rows, at);
  const moves = movesFrom(search, row);
  const way = moves.find(([, move]) => move.label === label);
  assert(way !== undefined, `no way ${label} among`, moves.map(([, move]) => move.label).join(', '));
  if (forgetTo !== null) row[3] = forgetTo;
  visit(search, at, row, ...way);
}

const internMember = (search: Search, member: Member): number =>
  intern(search.members, member, memberKey(member));

const memberOf = (search: Search, id: number): Member => present(search.members.values[id], 'member', id);

function makeMove(search: Search, step: Step, label: string, kind: Move['kind'] = 'plain'): Move {
  return {
    kind,
    member: internMember(search, step.member),
    messages: step.messages.map((message) => intern(search.messages, message)),
    step,
    label,
  };
}

function expand(search: Search, at: number): void {
  const row = rowAt(search.rows, at);
  for (const [attachment, move] of movesFrom(search, row)) visit(search, at, row, attachment, move);
}

/** All that can happen next in one world, and to whom. */
function movesFrom(search: Search, row: readonly number[]): [attachment: number, move: Move][] {
  const moves: [number, Move][] = [];
  const set = present(search.sets.values[row[3] ?? 0], 'messages');
  for (const id of set) {
    const message = present(search.messages.values[id], 'message', id);
    const attachment = search.ids.indexOf(message.to);
    const member = row[attachment] as number;
    const key = member * PAIR + id;
    let move = search.deliveries.get(key);
    if (move === undefined) {
      const step = receive(memberOf(search, member), message, search.world.bounds);
      move = makeMove(search, step, showMessage(message));
      search.deliveries.set(key, move);
    }
    const isIdle = move.member === member && move.messages.length === 0 && move.step.fault === null;
    if (!isIdle) moves.push([attachment, move]);
  }
  for (let attachment = 0; attachment < search.ids.length; attachment++) {
    for (const move of actionsOf(search, row[attachment] as number)) moves.push([attachment, move]);
  }
  return moves;
}

function actionsOf(search: Search, id: number): readonly Move[] {
  const known = search.actions.get(id);
  if (known !== undefined) return known;
  const { bounds } = search.world;
  const member = memberOf(search, id);
  const { raft, writes } = member;
  const self = raft.config.self;
  const moves: Move[] = [];
  const add = (step: Step, label: string, kind?: Move['kind']): void =>
    void moves.push(makeMove(search, step, label, kind));
  if (writes.length > 0) add(endWrite(member, bounds), `${self} write ends`);
  if (bounds.crashes > 0) {
    for (let kept = 0; kept <= writes.length; kept++)
      add(crash(member, kept), `${self} crashes, keeps ${kept} of ${writes.length} writes`, 'crash');
  }
  if (raft.role === 'leader') {
    const config = currentConfig(raft.log);
    const isRoom = lastIndex(raft.log) < bounds.maxIndex;
    if (isRoom) add(propose(member, bounds), `${self} propose`);
    const isAlone = votersOf(config).length === 1;
    if ((raft.leadership?.round ?? 0) < bounds.rounds) add(heartbeat(member, bounds), `${self} heartbeat`);
    if (isRoom && bounds.changes > 0)
      add(
        changeMembers(member, search.ids, !isAlone, bounds),
        `${self} ${isAlone ? 'takes all in' : 'goes alone'}`,
        'change',
      );
  } else if (raft.term < bounds.maxTerm) {
    add(campaign(member, bounds), `${self} campaign`);
  }
  search.actions.set(id, moves);
  return moves;
}

function visit(search: Search, from: number, row: readonly number[], attachment: number, move: Move): void {
  const { world, found } = search;
  const [, , , , , crashes = 0, changes = 0] = row;
  const isCrash = move.kind === 'crash';
  const isChange = move.kind === 'change';
  if ((isCrash && crashes >= world.bounds.crashes) || (isChange && changes >= world.bounds.changes)) return;
  const next = [...row];
  next[attachment] = move.member;
  for (const message of move.messages) next[3] = unite(search, next[3] as number, message);
  if (isCrash) next[5] = crashes + 1;
  if (isChange && next[attachment] !== row[attachment]) next[6] = changes + 1;
  if (next.every((cell, i) => cell === row[i])) return;
  const violation = move.step.fault ?? check(search, row, next, attachment, move);
  if (!addRow(search.rows, next)) return;
  search.parents.push(from);
  search.labels.push(move.label);
  if (violation !== null) {
    found.violation = { what: violation, trail: trailTo(search, search.rows.count - 1) };
  }
}

function check(
  search: Search,
  row: readonly number[],
  next: number[],
  attachment: number,
  move: Move,
): string | null {
  const { facts, commitBefore } = move.step;
  const after = memberOf(search, move.member).raft;
  if (move.kind === 'crash') count(search.found.seen, move, false);
  if (facts.length === 0 && after.commit === commitBefore) return null;
  const others = search.ids.flatMap((_, i) =>
    i === attachment ? [] : [memberOf(search, next[i] as number).raft],
  );
  count(search.found.seen, move, row[attachment] === move.member);
  const history = present(search.histories.values[row[4] ?? 0], 'history');
  const checked = checkStep(history, after, commitBefore, facts, others, entryKey);
  if (checked.violation !== null) return checked.violation;
  if (checked.history !== history) next[4] = intern(search.histories, checked.history);
  // Only an append can bring two logs to differ.
  if (!facts.some((fact) => fact.kind === 'appended')) return null;
  for (const other of others) {
    const fault = checkMatching(after, other, entryKey);
    if (fault !== null) return fault;
  }
  return null;
}

function count(seen: Exploration['seen'], { step, label }: Move, isSame: boolean): void {
  if (isSame) return;
  for (const fact of step.facts) {
    if (fact.kind === 'role' && fact.role === 'leader') seen.elections++;
    else if (fact.kind === 'committed') seen.commits++;
    else if (fact.kind === 'truncated') seen.truncations++;
    else if (fact.kind === 'configured') seen.changes++;
  }
  const kept = /keeps (\d+) of (\d+)/.exec(label);
  if (kept !== null) seen.crashes++;
  if (kept !== null && kept[1] !== kept[2]) seen.lostWrites++;
}

function unite(search: Search, set: number, message: number): number {
  const key = set * PAIR + message;
  const known = search.unions.get(key);
  if (known !== undefined) return known;
  const before = present(search.sets.values[set], 'messages');
  const after = before.includes(message) ? before : [...before, message].sort((a, b) => a - b);
  const united = intern(search.sets, after, after.join(' '));
  search.unions.set(key, united);
  return united;
}

function trailTo(search: Search, last: number): string[] {
  const trail: string[] = [];
  for (let at = last; at > 0; at = search.parents[at] as number) trail.unshift(search.labels[at] as string);
  return trail;
}
