// Holds a claim against the run: the trace up to its instant, kept here by subject, and the state of the world. Nothing of the
// story from which captions conclude is used, so a wrong conclusion cannot vouch for itself.

import { unreachable } from '../../base/assert.ts';
import { isSame } from '../../base/same-plain.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { blockOf, RELATIONS_PER_GROUP, relationOf } from '../../core/page/page-key.ts';
import type { ListedEvent } from '../picture/frame.ts';
import type { Claim, ClaimOf } from './claims.ts';

/** Of the world at the end of a window. */
export interface WorldState {
  /** It runs: neither down nor frozen. */
  readonly isUp: (node: string) => boolean;
  readonly isCut: (from: string, to: string) => boolean;
}

interface Copies {
  readonly volume: string;
  readonly need: number;
  /** The members from this event on, the newest last; while there are two sets the old one. */
  readonly sets: { readonly from: number; readonly replicas: readonly string[] }[];
}

type Handed = NonNullable<ClaimOf<'recovered'>['handedOver']>;

export interface Ledger {
  readonly trace: Map<number, ListedEvent>;
  /** Values that a mark has had, by mark, node and subject. */
  readonly marks: Map<string, Set<number>>;
  readonly groups: Map<string, Copies>;
  readonly scls: Map<string, number>;
  readonly terms: Map<string, number>;
  readonly vdls: Map<string, number>;
  readonly acked: Map<string, number>;
  /** By volume: the last LSN that was allocated under each token. */
  readonly tails: Map<string, Map<number, number>>;
  /** By volume: where its writer handed it over; `handed` null: where it was opened, or its writer goes on. */
  readonly turns: Map<string, { readonly index: number; readonly handed: Handed | null }[]>;
  /** By volume and token: where the log ends that a recovery found. */
  readonly ends: Map<string, number>;
  /** Records that peers gave to a node, by range, and who gave them. */
  readonly served: Map<string, Map<string, number>>;
  readonly givers: Map<string, Set<string>>;
  commits: number;
  readonly installed: Map<string, Set<string>>;
  /** Sizes of the chunks of a shared device. */
  readonly chunkCopies: number;
}

export function makeLedger({ groups, chunks = [], volume }: ClusterSpec): Ledger {
  return {
    trace: new Map(),
    marks: new Map(),
    groups: new Map(
      groups.map(({ id, volume: own = volume, replicas, vw }) => [
        id,
        { volume: own, need: vw, sets: [{ from: -1, replicas }] },
      ]),
    ),
    scls: new Map(),
    terms: new Map(),
    vdls: new Map(),
    acked: new Map(),
    tails: new Map(),
    turns: new Map(),
    ends: new Map(),
    served: new Map(),
    givers: new Map(),
    commits: 0,
    installed: new Map(),
    chunkCopies: chunks[0]?.replicas.length ?? 0,
  };
}

function addTo<V>(map: Map<string, Set<V>>, key: string, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

const raise = (map: Map<string, number>, key: string, value: number): void => {
  map.set(key, Math.max(value, map.get(key) ?? value));
};

export function learn(ledger: Ledger, listed: ListedEvent): void {
  const { event, node } = listed;
  ledger.trace.set(listed.index, listed);
  switch (event.kind) {
    case 'mark.scl':
      addTo(ledger.marks, `scl ${node} ${event.group}`, event.value);
      ledger.scls.set(`${event.group} ${node}`, event.value);
      return;
    case 'store.open':
      ledger.scls.set(`${event.group} ${node}`, event.scl);
      return;
    case 'disk.lost':
      ledger.scls.delete(`${event.group} ${event.node}`);
      return;
    case 'mark.pgcl':
      addTo(ledger.marks, `pgcl ${node} ${event.group}`, event.value);
      return;
    case 'mark.vcl':
      addTo(ledger.marks, `vcl ${node} ${event.volume}`, event.value);
      return;
    case 'mark.pgmrpl':
      addTo(ledger.marks, `pgmrpl ${node} ${event.volume}`, event.value);
      return;
    case 'mark.vdl':
      addTo(ledger.marks, `vdl ${node} ${event.volume}`, event.value);
      raise(ledger.terms, event.volume, event.term);
      if (event.term === ledger.terms.get(event.volume)) raise(ledger.vdls, event.volume, event.value);
      return;
    case 'mtr.append': {
      const tails = ledger.tails.get(event.volume) ?? new Map<number, number>();
      tails.set(event.term, Math.max(event.end - 1, tails.get(event.term) ?? -1));
      ledger.tails.set(event.volume, tails);
      return;
    }
    case 'attachment.freeze':
      addTurn(
        ledger,
        listed,
        event.volume,
        event.state === 'handoff' ? { writer: node, lsn: event.vdl } : null,
      );
      return;
    case 'recovery.computed':
      ledger.ends.set(`${event.volume} ${event.token}`, event.vdlPrime);
      return;
    case 'promote.step':
      if (event.step === 'P3') ledger.ends.set(`${event.volume} ${event.token}`, event.lsn);
      return;
    case 'recovery.done':
      raise(ledger.terms, event.volume, event.token);
      addTurn(ledger, listed, event.volume, null);
      return;
    case 'commit.ack':
      ledger.commits++;
      raise(ledger.acked, event.volume, event.scn);
      return;
    case 'token.install':
      addTo(ledger.installed, `${event.token}`, node);
      return;
    case 'hole.serve': {
      if (event.error !== '') return;
      const given = ledger.served.get(event.to) ?? new Map<string, number>();
      ledger.served.set(event.to, given.set(`${event.group} ${event.first} ${event.end}`, event.records));
      addTo(ledger.givers, event.to, node);
      return;
    }
    case 'group.made': {
      // Traced by each node of the metadata: the first is the one that made it.
      const { group, volume, vw: need, voters } = event;
      if (!ledger.groups.has(group))
        ledger.groups.set(group, {
          volume,
          need,
          sets: [{ from: listed.index, replicas: voters.split(',') }],
        });
      return;
    }
    case 'member.adopt': {
      const known = ledger.groups.get(event.group);
      const [only = '', second] = event.sets.split('|');
      if (second === undefined) known?.sets.push({ from: listed.index, replicas: only.split(',') });
      return;
    }
    default:
  }
}

function addTurn({ turns }: Ledger, { index }: ListedEvent, volume: string, handed: Handed | null): void {
  turns.set(volume, [...(turns.get(volume) ?? []), { index, handed }]);
}

export type Verdict = 'true' | 'false' | 'unjudged';
export const verdict = (isTrue: boolean): Verdict => (isTrue ? 'true' : 'false');

export function judgeClaim(ledger: Ledger, claim: Claim, world: WorldState): Verdict {
  const grounds = claim.grounds.map(({ index, kind }) => {
    const listed = ledger.trace.get(index);
    return listed?.event.kind === kind ? listed : null;
  });
  const events = grounds.filter((one) => one !== null);
  const last = events.at(-1);
  // Of events that there were, all of one volume.
  if (last === undefined || events.length < grounds.length) return 'false';
  if (new Set(events.map((one) => volumeOf(ledger, one))).size > 1) return 'false';
  const volume = volumeOf(ledger, last);
  const { event } = last;
  switch (claim.kind) {
    case 'advanced':
      return verdict(isAdvance(ledger, claim, last));
    case 'believes':
      return verdict(
        claim.node === last.node &&
          claim.term < claim.newest &&
          claim.newest === ledger.terms.get(volume) &&
          ledger.marks.get(`${claim.mark} ${claim.node} ${claim.of}`)?.has(claim.to) === true,
      );
    case 'durable':
      return verdict(
        isDurable(ledger, claim, world) && claim.volume === volume && claim.writer === last.node,
      );
    case 'quorumLost':
      return judgeQuorum(ledger, claim, world);
    case 'healed': {
      const given = [...(ledger.served.get(claim.node)?.values() ?? [])].reduce((sum, one) => sum + one, 0);
      const givers = ledger.givers.get(claim.node);
      return verdict(
        claim.node === last.node &&
          claim.records > 0 &&
          claim.records <= given &&
          claim.from.length > 0 &&
          claim.from.every((peer) => givers?.has(peer)) &&
          claim.commits <= ledger.commits,
      );
    }
    case 'recovered':
      return verdict(
        event.kind === 'recovery.done' &&
          event.token === claim.token &&
          event.vdl === claim.vdl &&
          event.volume === claim.volume &&
          (claim.acked < 0 || claim.acked === ledger.acked.get(volume)) &&
          claim.acked <= claim.vdl &&
          isSame(claim.handedOver, handedOver(ledger, volume, last)),
      );
    case 'appointed':
      return verdict(
        event.kind === 'meta.writer' &&
          event.writer === claim.writer &&
          event.token === claim.token &&
          event.state === claim.state &&
          event.volume === claim.volume,
      );
    case 'granted':
      return verdict(
        event.kind === 'token.grant' &&
          event.holder === claim.holder &&
          event.token === claim.token &&
          event.volume === claim.volume,
      );
    case 'installed': {
      const nodes = ledger.installed.get(`${claim.token}`);
      return verdict(
        event.kind === 'token.install' &&
          event.group === claim.group &&
          event.token === claim.token &&
          nodes?.has(claim.node) === true &&
          claim.replicas === new Set(events.map(({ node }) => node)).size,
      );
    }
    case 'happened':
      return judgeFields(claim, events);
    default:
      return unreachable(claim);
  }
}

/** Who handed the volume over before it was opened here, with nothing allocated above it and all of it found; null: nobody. */
function handedOver(
  { turns, tails, ends }: Ledger,
  volume: string,
  { index, event }: ListedEvent,
): Handed | null {
  const handed = turns.get(volume)?.findLast((one) => one.index < index)?.handed ?? null;
  if (event.kind !== 'recovery.done' || handed === null) return null;
  const older = [...(tails.get(volume) ?? [])].filter(([token]) => token < event.token);
  const found = ends.get(`${volume} ${event.token}`) ?? event.vdl;
  return older.every(([, tail]) => tail <= handed.lsn) && found >= handed.lsn ? handed : null;
}

function volumeOf(ledger: Ledger, { event }: ListedEvent): string {
  if ('volume' in event && event.volume !== '') return event.volume;
  return 'group' in event ? (ledger.groups.get(event.group)?.volume ?? '') : '';
}

/** The members of a group at the time of this event. */
const membersAt = ({ sets }: Copies, index: number): readonly string[] =>
  sets.findLast(({ from }) => from <= index)?.replicas ?? [];

/** A mark says the same of its one subject as the trace, of the newest term, and does not fall. */
function isAdvance(
  ledger: Ledger,
  { mark, of, node, from, to }: ClaimOf<'advanced'>,
  last: ListedEvent,
): boolean {
  const { event } = last;
  const named = 'group' in event ? event.group : 'volume' in event ? event.volume : '';
  const had = ledger.marks.get(`${mark} ${node} ${of}`);
  if (event.kind !== `mark.${mark}` || node !== last.node || named !== of || !('value' in event))
    return false;
  if (event.value !== to || had?.has(to) !== true || from > to) return false;
  if (!('term' in event) || mark === 'scl') return true;
  const volume = volumeOf(ledger, last);
  return (
    event.term === (ledger.terms.get(volume) ?? event.term) &&
    (mark !== 'vdl' || to <= (ledger.vdls.get(volume) ?? to))
  );
}

/** As many members of one group of the volume have it whole up to there: the commit record lies in it. */
function isDurable(ledger: Ledger, claim: ClaimOf<'durable'>, world: WorldState): boolean {
  const groups = [...ledger.groups].filter(([, { volume }]) => volume === claim.volume);
  const index = claim.grounds.at(-1)?.index ?? 0;
  const isThere =
    groups.length === 0
      ? claim.of === ledger.chunkCopies && claim.lsn <= (ledger.vdls.get(claim.volume) ?? -1)
      : groups.some(
          ([id, group]) =>
            claim.of === membersAt(group, index).length &&
            claim.copies === group.need &&
            membersAt(group, index).filter((node) => (ledger.scls.get(`${id} ${node}`) ?? -1) >= claim.lsn)
              .length >= group.need,
        );
  const { writer, how, without } = claim;
  const isLost = (node: string): boolean =>
    how === 'down'
      ? !world.isUp(node)
      : !world.isUp(node) || world.isCut(writer, node) || world.isCut(node, writer);
  return isThere && without.every(isLost);
}

function judgeQuorum(ledger: Ledger, claim: ClaimOf<'quorumLost'>, world: WorldState): Verdict {
  const { writer, of, need, reached } = claim;
  const group = ledger.groups.get(claim.group);
  const index = claim.grounds.at(-1)?.index ?? 0;
  const members = group ? membersAt(group, index) : [];
  if (of !== members.length || need !== group?.need || reached >= need) return 'false';
  const answering = members.filter(
    (node) => world.isUp(node) && !world.isCut(writer, node) && !world.isCut(node, writer),
  );
  if (answering.length === reached) return 'true';
  // Facts are those of the end of the window: an action that came after this one in it has changed them.
  const isChanged = [...ledger.trace.values()].some(
    (one) => one.event.kind === 'world.action' && one.index > index,
  );
  return isChanged ? 'unjudged' : 'false';
}

/** Words with a digit: nodes, groups, positions, spans of time. */
const namesIn = (text: string): string[] =>
  (text.match(/[\p{L}\d_]+(?:[-_.][\p{L}\d_]+)*/gu) ?? []).filter((word) => /\d/.test(word));

/** Each name and number of a sentence is a field of its event: the field of its own name, if there is one. */
function judgeFields({ params }: ClaimOf<'happened'>, events: readonly ListedEvent[]): Verdict {
  const last = events.at(-1);
  if (last === undefined) return 'false';
  const fields: Readonly<Record<string, unknown>> = { node: last.node, ...last.event };
  const all = events.flatMap(({ node, event }) => [node, ...Object.values(event)]);
  const texts = all.map(String).join(' ');
  const sizes = all.flatMap((value) => (Array.isArray(value) ? [value.length] : []));
  const written = (texts.match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
  const numbers = new Set([events.length, ...sizes, ...written]);
  let isDerived = false;
  for (const [name, value] of Object.entries(params)) {
    // Who tells it, where its field names another.
    const own = name === 'node' && value === last.node ? value : fields[name];
    const sum = events.reduce(
      (total, { event }) => total + Number(Object.entries(event).find(([key]) => key === name)?.[1] ?? 0),
      0,
    );
    if (typeof own === 'number' && typeof value === 'number' && own !== value && value !== sum && value !== 0)
      return 'false';
    if (
      typeof own === 'string' &&
      typeof value === 'string' &&
      isPlainName(own) &&
      isPlainName(value) &&
      own !== value
    )
      return 'false';
    // What is not known yet is -1 in an event, and 0 in words.
    if (typeof value === 'number')
      isDerived ||=
        !numbers.has(value) && !all.includes(value) && value !== sum && !(value === 0 && all.includes(-1));
    else if (name === 'page' && 'blockKey' in last.event && typeof last.event.blockKey === 'number') {
      if (!isPage(value, last.event.blockKey)) return 'false';
    } else isDerived ||= !namesIn(value).every((part) => texts.includes(part) || isRounded(part, numbers));
  }
  return isDerived ? 'unjudged' : 'true';
}

/**
 * `accounts#3`, `r16#3`: a page is said by its table, or its relation while that is not known, and by its block; a page of the
 * volume or of a group itself by what it is.
 */
function isPage(text: string, key: number): boolean {
  const relation = relationOf(key);
  if (!text.includes('#')) return relation % RELATIONS_PER_GROUP === 0;
  const [, said = relation] = /^r(\d+)#/.exec(text) ?? [];
  return text.endsWith(`#${blockOf(key)}`) && Number(said) === relation;
}

/** `20.2` of 20.187: a number as it is written for people. */
const isRounded = (part: string, numbers: ReadonlySet<number>): boolean =>
  [...numbers].some((one) =>
    // A span of the tape, in ms, is written in µs or s as well.
    [one, one * 1000, one / 1000].some((scaled) => scaled.toFixed(part.split('.')[1]?.length ?? 0) === part),
  );

/** A node, a group, a volume: `store-12`, `g3`. */
const isPlainName = (text: string): boolean => /^[a-z]+-?\d+$/.test(text);
