// Holds what the screen says of the state at an instant against the run: what the trace says of each node up to then, kept here by
// subject, and the state of the world. The nodes' views, from which the screen reads, are not looked at.

import { type Verdict, verdict } from './judge-claims.ts';
import {
  judgeCopy,
  judgeDirtyPage,
  judgeFilePlace,
  judgeFillTo,
  judgeGathered,
  judgeImage,
  judgeIndexTable,
  judgeJournalHead,
  judgeListed,
  judgeLogHead,
  judgePageJournal,
  judgePagesHead,
  judgePlaced,
  judgePromotion,
  judgeReadFloor,
  judgeReadPoints,
  judgeReported,
} from './judge-lenses.ts';
import type { Archived } from './lens-ledger.ts';
import { nameOf, type StandingLedger, volumeIn } from './standing-ledger.ts';
import type { Standing, StandingOf } from './standings.ts';

/** Of the world at the instant. */
export interface InstantState {
  readonly now: number;
  readonly status: (node: string) => 'up' | 'down' | 'frozen' | null;
  readonly isCut: (from: string, to: string) => boolean;
  /** Faults of its disk that are on, by their names in a wait. */
  readonly diskFaults: (node: string) => readonly string[];
  readonly isHeld: (from: string, to: string) => boolean;
}

/** One that is up behind a whole link may be silent to its writer: that it is not reached is not judged. */
function judgeReaches(
  { writer, nodes, cut }: StandingOf<'reaches'>,
  { status, isCut }: InstantState,
): Verdict {
  const isOff = (node: string): boolean => isCut(writer, node) || isCut(node, writer);
  return verdict(nodes.every((node) => status(node) === 'up' && !isOff(node)) && cut.every(isOff));
}

export function judgeStanding(ledger: StandingLedger, standing: Standing, world: InstantState): Verdict {
  switch (standing.kind) {
    case 'figure':
      return judgeFigure(ledger, standing);
    case 'health':
      return judgeHealth(ledger, standing, world);
    case 'noWriter': {
      const gone = world.status(standing.node);
      const writers = [...ledger.volumes.values()].map(({ writer }) => writer);
      return verdict(
        (gone === 'down' || gone === 'frozen' || ledger.closed.has(standing.node)) &&
          writers.every(
            (writer) =>
              writer === null ||
              world.status(writer) !== 'up' ||
              ledger.closed.has(writer) ||
              ledger.fenced.has(writer),
          ),
      );
    }
    case 'noPrimary':
      return verdict(
        standing.groups.every((group) => {
          const writer = ledger.volumes.get(ledger.groups.get(group)?.volume ?? '')?.writer ?? null;
          return (
            writer === null ||
            world.status(writer) !== 'up' ||
            ledger.closed.has(writer) ||
            ledger.fenced.has(writer)
          );
        }),
      );
    case 'noAnswer':
      return verdict(
        standing.nodes.every((node) => world.status(node) !== 'up' || ledger.closed.has(node)) &&
          (!standing.goesOn || canCommit(ledger, world)),
      );
    case 'cut':
      return verdict(
        standing.links.every((link) => {
          const [a = '', b = ''] = link.split('–');
          return world.isCut(a, b) || world.isCut(b, a);
        }) &&
          (!standing.goesOn || canCommit(ledger, world)),
      );
    case 'lacks':
      return verdict(lacks(ledger, standing.node) && !standing.peers.includes(standing.node));
    case 'steady':
      return verdict(standing.commits === ledger.commits && isVdlOfWriter(ledger, standing.vdl));
    case 'stalled':
      return verdict(standing.commits > 0 && standing.oldestUs <= world.now);
    case 'blocked':
      return judgeBlocked(ledger, standing, world);
    case 'outage':
      return verdict(isOutage(ledger, standing));
    case 'copy':
      return judgeCopy(ledger, standing);
    case 'listed':
      return judgeListed(ledger, standing);
    case 'fillTo':
      return judgeFillTo(ledger, standing);
    case 'logHead':
      return judgeLogHead(ledger, standing);
    case 'reaches':
      return judgeReaches(standing, world);
    case 'pageJournal':
      return judgePageJournal(ledger, standing);
    case 'readPoints':
      return judgeReadPoints(ledger, standing);
    case 'readFloor':
      return judgeReadFloor(ledger, standing);
    case 'placed':
      return judgePlaced(ledger, standing);
    case 'image':
      return judgeImage(ledger, standing);
    case 'pagesHead':
      return judgePagesHead(ledger, standing);
    case 'promotion':
      return judgePromotion(ledger, standing);
    case 'dirtyPage':
      return judgeDirtyPage(ledger, standing);
    case 'reported':
      return judgeReported(ledger, standing);
    case 'indexTable':
      return judgeIndexTable(ledger, standing);
    case 'journalHead':
      return judgeJournalHead(ledger, standing);
    case 'filePlace':
      return judgeFilePlace(ledger, standing);
    case 'gathered':
      return judgeGathered(ledger, standing);
    case 'violated':
      return verdict(standing.at <= world.now && ledger.broken.has(`${standing.rule} ${standing.at}`));
    case 'stands':
      return verdict(isReached(ledger, standing, world) === standing.isOver);
  }
}

type Figure = StandingOf<'figure'>;
/** Null: the trace does not say. */
type JudgeFigure = (
  ledger: StandingLedger,
  figure: Figure,
  traced: (term: string) => number | undefined,
) => boolean | null;

const isTraced =
  (term: string): JudgeFigure =>
  (_, { value }, traced) =>
    traced(term) === undefined ? null : traced(term) === value;

/** While a volume is opened its attachment has what recovery found: no more than there ever was. */
const isTracedOrPast =
  (term: string): JudgeFigure =>
  ({ peaks, cluster }, { of, value }, traced) => {
    const known = traced(term);
    if (known !== undefined) return known === value;
    const peak = peaks.get(`${term} ${of === '' ? cluster.volume : of}`) ?? 0;
    return value <= peak && (value > 0 || peak <= 0);
  };

/** Before it has traced one of its own, it has found the log that there is: no more than was ever made, synced or not. */
const isTracedOrMade =
  (term: string): JudgeFigure =>
  ({ peaks }, { value }, traced) => {
    const known = traced(term);
    if (known !== undefined) return known === value;
    const made = [...peaks].filter(([key]) => key.startsWith('vdl ') || key.startsWith('tail '));
    const top = Math.max(0, ...made.map(([, lsn]) => lsn));
    return value <= top && (term !== 'durableLsn' || value > 0 || top === 0);
  };

const archiveSays =
  (read: (groups: readonly Archived[]) => number): JudgeFigure =>
  ({ archived }, { value }) =>
    archived.size === 0 ? value === 0 : value === read([...archived.values()]);
const total = (groups: readonly Archived[], of: (group: Archived) => number): number =>
  groups.reduce((sum, group) => sum + of(group), 0);

/** By role, term and, where several figures have one term, label. */
const figures: Readonly<Record<string, JudgeFigure>> = {
  // A store that was not opened again has what it had, and what of the writes under way came to its disk.
  'store scl': ({ highest }, { node, of, value }, traced) => {
    const known = traced('scl');
    if (known !== undefined) return known === value;
    const given = highest.get(`${of} ${node}`);
    return given === undefined ? null : value <= given;
  },
  // What it knows of is at least what it has whole, and at most what it was given.
  'store nwl': ({ highest }, { node, of, value }, traced) =>
    value >= (traced('scl') ?? -1) && value <= (highest.get(`${of} ${node}`) ?? value),
  'compute vdl': isTracedOrPast('vdl'),
  'compute vcl': isTracedOrPast('vcl'),
  'compute tail': isTracedOrPast('tail'),
  'compute applyLsn': isTracedOrMade('applyLsn'),
  'compute mrpl': (_, { value }, traced) =>
    (traced('mrpl') ?? value) === value && value <= (traced('applyLsn') ?? value),
  'compute durableLsn': isTracedOrMade('durableLsn'),
  // What its readers have reported to it: not ahead of what they have applied.
  'compute oldestApplyLsn': ({ values }, { value }, traced) => {
    const applied = [...values].filter(([key]) => key.startsWith('compute applyLsn '));
    return value <= Math.max(traced('durableLsn') ?? value, ...applied.map(([, lsn]) => lsn));
  },
  'compute bgReplayedLsn': (_, { value }, traced) => value <= (traced('applyLsn') ?? value),
  // An operation of a load takes several requests; the last of them ends it.
  'driver outcome ok': (_, { value }, traced) => value >= (traced('ok') ?? 0),
  'driver outcome fail': (_, { value }, traced) => value >= (traced('error') ?? 0),
  'driver outcome unknown': (_, { value }, traced) => value >= (traced('unknown') ?? 0),
  // A member takes a newer term over from whoever it hears, without an event.
  'meta term': ({ peaks }, { value }, traced) => {
    const peak = peaks.get('term ');
    return peak === undefined ? null : value >= (traced('term') ?? 0) && value <= peak;
  },
  'meta raft commit': isTraced('commit'),
  'meta raft applied': isTraced('applied'),
  'objectStore archive archived': archiveSays((groups) => Math.min(...groups.map(({ to }) => to))),
  'objectStore archive segments': archiveSays((groups) => total(groups, ({ segments }) => segments.size)),
  'objectStore base': archiveSays((groups) => total(groups, ({ bases }) => bases)),
  'chunk chunk': ({ chunks }, { node, value }) => value === (chunks.get(node)?.size ?? 0),
  'chunk chunkLeader': ({ leads }, { node, value }) => value <= (leads.get(node)?.size ?? 0),
  'chunk token': ({ tokens }, { value }) => value === 0 || tokens.has(value),
};

function judgeFigure(ledger: StandingLedger, figure: Figure): Verdict {
  const { node, role, term, label, of } = figure;
  const judge = figures[`${role} ${term}`] ?? figures[`${role} ${term} ${label}`];
  const traced = (name: string): number | undefined =>
    ledger.values.get(nameOf(role, name, node, of)) ?? ledger.values.get(nameOf(role, name, node));
  const isSo = judge?.(ledger, figure, traced) ?? null;
  return isSo === null ? 'unjudged' : verdict(isSo);
}

function judgeHealth(
  ledger: StandingLedger,
  { node, is }: StandingOf<'health'>,
  world: InstantState,
): Verdict {
  const status = world.status(node);
  if (is === 'down') return verdict(status === 'down' || ledger.closed.has(node));
  if (is === 'frozen') return verdict(status === is);
  if (status === 'down' || status === 'frozen') return 'false';
  if (is === 'fenced') return verdict(ledger.fenced.has(node));
  if (is === 'up') return verdict(status === 'up' && !ledger.closed.has(node));
  if (is === 'opening') return verdict(!ledger.ready.has(node));
  if (is === 'refusing') return verdict(ledger.failed.has(node));
  return is === 'recovering' ? verdict(status === 'up') : 'unjudged';
}

/** The writer reaches a write quorum of the group. */
function isReached(
  { groups }: StandingLedger,
  { writer, group }: StandingOf<'stands'>,
  { status, isCut }: InstantState,
): boolean {
  const { members = [], need = 0 } = groups.get(group) ?? {};
  const answering = members.filter(
    (node) => status(node) === 'up' && !isCut(writer, node) && !isCut(node, writer),
  );
  return answering.length >= need;
}

/** Some volume has a writer that runs and reaches a write quorum of each of its groups. */
function canCommit({ volumes, groups }: StandingLedger, { status, isCut }: InstantState): boolean {
  return [...volumes].some(([name, { writer }]) => {
    if (writer === null || status(writer) !== 'up') return false;
    const own = [...groups.values()].filter(({ volume }) => volume === name);
    return own.every(
      ({ members, need }) =>
        members.filter((one) => status(one) === 'up' && !isCut(writer, one) && !isCut(one, writer)).length >=
        need,
    );
  });
}

/** It is the VDL that the volume's writer has traced; that a quorum has the log up to there is the monitors' (WAL-19). */
function isVdlOfWriter({ groups, values, volumes, cluster }: StandingLedger, vdl: number | null): boolean {
  if (vdl === null || vdl < 0) return true;
  const known = volumes.get(cluster.volume);
  return (
    known === undefined ||
    groups.size === 0 ||
    known.writer === null ||
    (values.get(nameOf('compute', 'vdl', known.writer, cluster.volume)) ?? vdl) === vdl
  );
}

/** Of some group that it has, another has been given more than it has whole, or it was itself. */
function lacks({ highest, values }: StandingLedger, node: string): boolean {
  const own = nameOf('store', 'scl', node);
  return [...values].some(([key, scl]) => {
    const group = key.startsWith(own) ? key.slice(own.length) : null;
    return group !== null && [...highest].some(([at, lsn]) => at.startsWith(`${group} `) && lsn > scl);
  });
}

const ofDisk: ReadonlySet<string> = new Set([
  'diskStall',
  'diskFull',
  'diskFailSync',
  'diskFailRead',
  'slowDisk',
]);

function judgeBlocked(
  { closed }: StandingLedger,
  { causes }: StandingOf<'blocked'>,
  world: InstantState,
): Verdict {
  let isOpen = false;
  for (const { kind, nodes } of causes) {
    const [a = '', b = ''] = nodes;
    if (kind === 'down' || kind === 'frozen') {
      if (world.status(a) !== kind && !(kind === 'down' && closed.has(a))) return 'false';
    } else if (kind === 'cut') {
      if (!world.isCut(a, b) && !world.isCut(b, a)) return 'false';
    } else if (kind === 'held') {
      if (!world.isHeld(a, b) && !world.isHeld(b, a)) return 'false';
    } else if (ofDisk.has(kind)) {
      // Of a node that is down nothing but its disk is left.
      if (world.status(a) === 'down') isOpen = true;
      else if (!world.diskFaults(a).includes(kind)) return 'false';
    } else isOpen = true;
  }
  return causes.length === 0 ? 'false' : isOpen ? 'unjudged' : 'true';
}

/** Times in order, each that of its event; nothing became durable through the old writer between the beginning and the opening. */
function isOutage(ledger: StandingLedger, standing: StandingOf<'outage'>): boolean {
  const { volume: name, writer, since, from, openedAt, firstCommitAt, token } = standing;
  const volume = volumeIn(ledger, name);
  // The recovery of a writer of shared storage is not traced with its token.
  const opened = token < 0 ? [...volume.openedAt.values()] : [volume.openedAt.get(token)];
  if (openedAt !== null && (openedAt < from || !opened.includes(openedAt))) return false;
  // A transfer by plan before any commit of it: the first one is made under a newer token.
  const acks = [...volume.firstAck].flatMap(([term, at]) => (term < token ? [] : [at]));
  if (firstCommitAt !== null && Math.min(...acks) !== firstCommitAt) return false;
  if (since === 'start' || since === 'fence') return true;
  // What was under way then becomes durable still.
  if (since === 'handover') return ledger.handovers.has(`${writer} ${from}`);
  // By the writer before: its successor may be the same node, under a newer token.
  for (const [key, moved] of volume.movedAt) {
    const [node, term] = key.split(' ');
    // What moves under a term that did not open is found by its recovery.
    const isOfOld = Number(term) < token && (volume.openedAt.get(Number(term)) ?? Infinity) <= from;
    if (node === writer && isOfOld && moved > from) return false;
  }
  if (since === 'death') return ledger.deaths.has(`${writer} ${from}`);
  return since !== 'freeze' || (writer !== null && (ledger.frozenAt.get(writer) ?? from) >= from);
}
