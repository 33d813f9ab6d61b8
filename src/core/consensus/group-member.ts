// A member of a Raft group on its node, beside the log itself (docs/spec/raft.md PCS-104, PCS-105, polarfs.md FS-76, FS-79). Before the log runs,
// the node asks the other members what they heard of this one; it tells them what it heard of them; while it runs under no identity it asks
// for one. The room that hosts the member gives what differs as a `GroupPort`, and does what follows: it restores, applies, answers, traces.

import type { NodeId, Time } from '../../base/ids.ts';
import { nextUint32 } from '../../base/prng.ts';
import { wakeAt } from '../kernel/context.ts';
import type { DiskImage, NodeConfig } from '../kernel/door.ts';
import { type Configuration, type MemberId, memberId, membersOf, noMembers } from './configuration.ts';
import { firstIdentity, nodeOfMember } from './identities.ts';
import { type LogPort, makeNodeLog, type NodeLog, startNew } from './node-log.ts';
import { currentConfig } from './raft-log.ts';
import type { RaftLimits, Message as RaftMessage } from './raft-types.ts';
import {
  type Heard,
  hear,
  heardOf,
  judge,
  type Known,
  type StartupProbe,
  type Verdict,
} from './startup-probe.ts';
import { type JournalPlace, type JournalRead, placeAbove } from './stored.ts';

/** Part of the state of whoever hosts the member: plain data. */
export interface GroupMember {
  readonly log: NodeLog;
  /** What the disk held, until the log runs. */
  journal: JournalRead | null;
  /** Where the journal of a new identity goes on. */
  readonly place: JournalPlace;
  /** While the others are asked what they know of this member. */
  startupProbe: StartupProbe | null;
  /** What this node heard of the other members in this life. */
  readonly heard: Map<MemberId, Heard>;
  /** Nodes of members that sent something in this life before the entry arrived here that gives their node its place. */
  readonly strangers: Map<MemberId, NodeId>;
}

/**
 * What nodes of a group say to each other; the fields are those of wire.ts. `member` 0: the node runs under no identity
 * in this `life`, and asks for one.
 */
export type GroupWords =
  | { readonly kind: 'Raft'; readonly boot: number; readonly message: RaftMessage }
  | {
      readonly kind: 'MemberStarts';
      readonly boot: number;
      readonly member: number;
      readonly incarnation: number;
    }
  | ({ readonly kind: 'MemberKnown'; readonly boot: number } & Known)
  | { readonly kind: 'JoinAs'; readonly incarnation: number; readonly member: MemberId };

/** What the room gives for one input. Transient; never kept in state. */
export interface GroupPort extends LogPort {
  readonly nodeId: NodeId;
  /** Names this life of the node. */
  readonly incarnation: number;
  /** The nodes of the group by their places (identities.ts), as far as they are known here. */
  readonly nodes: () => readonly NodeId[];
  /** Those of the first configuration; they are asked while no other one is known here. */
  readonly founders: () => readonly NodeId[];
  /** Sends the words as the room's own message. */
  readonly say: (to: NodeId, words: GroupWords) => void;
  /** Timers of the room: to ask again who has not answered, and to ask again for an identity. */
  readonly startupProbeTimer: string;
  readonly identityTimer: string;
}

/** The port with the way of Raft's messages: to the node of the member that they name. */
export const groupPort = (member: GroupMember, room: Omit<GroupPort, 'send'>): GroupPort => ({
  ...room,
  send: (message) => {
    const to = nodeAt(room.nodes(), member.strangers, message.to);
    if (to !== null) room.say(to, { kind: 'Raft', boot: member.log.bootEpoch, message });
  },
});

/** What a member is made of. */
interface Origin extends Pick<NodeLog, 'prefix' | 'bootEpoch' | 'stream'> {
  readonly config: NodeConfig;
  readonly disk: DiskImage;
  /** As it was read from the disk. */
  readonly journal: JournalRead;
  /** The nodes of the group by their places, as far as the disk says. */
  readonly nodes: readonly NodeId[];
  /** The identity that the node has unless its journal was written under another one. */
  readonly first: MemberId;
  readonly limits: RaftLimits;
}

/** A member whose log does not run yet. A journal that is another node's shows when the log is opened. */
export function makeGroupMember({
  config,
  disk,
  journal,
  nodes,
  first,
  limits,
  ...log
}: Origin): GroupMember {
  const { params, prng, mutants, nodeId } = config;
  const stored = journal.kind === 'stored' ? journal.stored.member : null;
  const self = stored !== null && nodeOfMember(nodes, stored) === nodeId ? stored : first;
  const timing = {
    heartbeatUs: params.raftHeartbeatMs * 1000,
    electionMinUs: params.electionMinMs * 1000,
    electionMaxUs: params.electionMaxMs * 1000,
  };
  return {
    log: makeNodeLog({
      ...log,
      config: { self, timing, limits, mutants },
      seed: nextUint32({ ...prng }),
      retryUs: params.nodeHeartbeatMs * 1000,
    }),
    journal,
    place: placeAbove(disk, log.prefix),
    startupProbe: null,
    heard: new Map(),
    strangers: new Map(),
  };
}

/** Where the member runs; null: no entry that this node has names its node, and it has sent nothing. */
export const nodeAt = (
  nodes: readonly NodeId[],
  strangers: ReadonlyMap<MemberId, NodeId>,
  member: MemberId,
): NodeId | null => nodeOfMember(nodes, member) ?? strangers.get(member) ?? null;

/** The newest configuration that is known here, of the log that runs or of the disk; without members where none is. */
function knownConfig({ log: { raft }, journal }: GroupMember): Configuration {
  if (raft?.amnesia === null) return currentConfig(raft.log);
  const { snapshot = null, entries = [] } = journal?.kind === 'stored' ? journal.stored : {};
  return entries.findLast((entry) => entry.kind === 'config')?.config ?? snapshot?.config ?? noMembers;
}

/** The other nodes of the newest configuration that is known here; of the first one, while none is. */
export function peersOf(member: GroupMember, { nodeId, nodes, founders }: GroupPort): NodeId[] {
  const members = membersOf(knownConfig(member));
  const known = nodes();
  const at = new Set(members.map((one) => nodeOfMember(known, one)));
  const all = members.length === 0 ? founders() : known.filter((node) => at.has(node));
  return all.filter((node) => node !== nodeId);
}

/** PCS-104: `asked` are to be asked what they know of this member, and the answers of `peers` are waited for. */
export function beginStartupProbe(
  member: GroupMember,
  { ctx }: GroupPort,
  asked: readonly NodeId[],
  peers: readonly NodeId[],
): void {
  const until = (ctx.now + member.log.config.timing.electionMinUs) as Time;
  member.startupProbe = { asked, peers, until, answers: new Map() };
}

/** Asks those that have not answered, now and again after `retryUs`. */
export function sendStartupProbe(
  { startupProbe, log }: GroupMember,
  { ctx, incarnation, say, startupProbeTimer }: GroupPort,
): void {
  const { bootEpoch: boot, config, retryUs } = log;
  for (const peer of startupProbe?.asked ?? [])
    if (!startupProbe?.answers.has(peer))
      say(peer, { kind: 'MemberStarts', boot, member: config.self, incarnation });
  wakeAt(ctx, startupProbeTimer, (ctx.now + retryUs) as Time);
}

/** The answer of another member; false: it was asked in an earlier life. */
export function takeAnswer(
  { startupProbe, log }: GroupMember,
  from: NodeId,
  answer: Known & { readonly boot: number },
): boolean {
  if (answer.boot !== log.bootEpoch) return false;
  startupProbe?.answers.set(from, answer);
  return true;
}

/** Ends the startupProbe, once enough is known (`judge`). */
export function endStartupProbe(member: GroupMember, now: Time, mayBegin: boolean | null): Verdict {
  const { startupProbe, journal } = member;
  if (startupProbe === null || journal === null || journal.kind === 'damaged') return { kind: 'wait' };
  const verdict = judge(startupProbe, journal, mayBegin, now);
  if (verdict.kind === 'wait') return verdict;
  member.startupProbe = null;
  member.journal = null;
  return verdict;
}

/** PCS-4: the member begins the group with the other founders; its log runs once the first entry is durable. */
export function found({ log }: GroupMember, port: GroupPort): void {
  const nodes = port.nodes();
  const voters = port.founders().map((node) => firstIdentity(nodes, node));
  startNew(log, port, voters);
}

/** The term that this node vouches for; null: it knows nothing that it could vouch for. */
function vouchedTerm({ log: { raft, bootVoters, hard }, journal }: GroupMember): number | null {
  if (raft !== null) return raft.amnesia === null ? raft.term : null;
  if (bootVoters.length > 0) return hard.term; // the first entry is being written
  if (journal?.kind === 'stored') return journal.stored.hardState.term;
  return journal?.kind === 'new' ? 0 : null;
}

/** PCS-104: tells a member that starts what is known of it, if this node can vouch for that. */
export function answerStart(
  member: GroupMember,
  port: GroupPort,
  from: NodeId,
  asked: { readonly boot: number; readonly member: number },
): void {
  const term = vouchedTerm(member);
  if (term === null) return;
  const { boot } = asked;
  const known = heardOf(member.heard, memberId(asked.member));
  const { boot: heardBoot, term: heardTerm, match: heardMatch } = known;
  port.say(from, { kind: 'MemberKnown', boot, term, heardBoot, heardTerm, heardMatch });
  known.boot = Math.max(known.boot, boot);
}

/** PCS-105: tells `peers` that this life of the node runs under no identity. */
export function requestIdentity(
  { log }: GroupMember,
  { incarnation, say }: GroupPort,
  peers: readonly NodeId[],
): void {
  for (const peer of peers) say(peer, { kind: 'MemberStarts', boot: log.bootEpoch, member: 0, incarnation });
}

/** PCS-105: asks for an identity, now and again after `retryUs`. */
export function askIdentity(member: GroupMember, port: GroupPort, peers = peersOf(member, port)): void {
  const { ctx, identityTimer } = port;
  requestIdentity(member, port, peers);
  wakeAt(ctx, identityTimer, (ctx.now + member.log.retryUs) as Time);
}

/**
 * Whether a message of Raft comes from the member that it names, in that member's newest life (PCS-2). A node whose place is not known
 * here is taken at its word: the entry that gives it one may be among those that it sends.
 */
export function isFromMember(
  { heard, strangers }: GroupMember,
  { nodes }: GroupPort,
  from: NodeId,
  { boot, message }: { readonly boot: number; readonly message: RaftMessage },
): boolean {
  const known = nodeOfMember(nodes(), message.from);
  if (known === null) strangers.set(message.from, from);
  return (known ?? from) === from && hear(heard, boot, message);
}
