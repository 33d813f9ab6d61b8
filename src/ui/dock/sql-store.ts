// The SQL console: its sessions, and what was run in them, newest last; kept while the page lives. Statements themselves are on the tape.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { present } from '../../base/assert.ts';
import { messageOf } from '../../base/thrown.ts';
import { readersOf } from '../../core/kernel/attachments.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Lab, SqlOutcome } from '../../lab/api.ts';
import type { NodeFrame, WorldFrame } from '../../run-model/picture/frame.ts';
import { frameStore } from '../../state/frame-store.ts';
import { isPartOf, type SeenAt, seenNow, useOfRun } from '../../state/of-run.ts';
import { driversOf } from '../../state/role-views.ts';
import { takeStatements } from '../../state/sent-statements.ts';
import { rememberStatement } from '../../state/statement-texts.ts';
import { isPlaying } from '../../state/view-clock.ts';
import { FIRST_LETTER, letterAt, letterOf, SESSIONS_MAX } from '../model/session-name.ts';
import { volumeNames } from '../model/volumes.ts';
import { circleOf, holderFor, lastHolder, type SessionPlace } from './session-standing.ts';
import { remember } from './sql-history.ts';

/** Runs kept for the list, and for what is saved of it; older ones are dropped. */
const historyLimit = 200;
/**
 * To whom statements go: a driver, and the volume that it asks, or one reader of it. Each of the console's sessions, named by a letter,
 * is another one at each of them.
 */
export interface SqlTarget {
  readonly letter: string;
  readonly driver: string;
  readonly volume: string;
  /** The volume is the cluster's first. */
  readonly isFirst: boolean;
  /** Null: as the driver sends them. */
  readonly reader: string | null;
}

export function sessionOf({ letter, volume, isFirst, reader }: SqlTarget): string {
  if (reader !== null) return `${letter}-${reader}`;
  return isFirst ? letter : `${letter}@${volume}`;
}

export const isSameTarget = (a: SqlTarget, b: SqlTarget): boolean =>
  a.driver === b.driver && sessionOf(a) === sessionOf(b);

/** Every driver with every volume and every reader, as the picture knows them; where rows are placed by their keys a driver finds the volume itself. */
export function sqlTargets(
  cluster: ClusterSpec,
  nodes: Readonly<Record<string, NodeFrame>>,
  letter: string,
): readonly SqlTarget[] {
  const volumes = cluster.placement === undefined ? volumeNames(cluster, nodes) : [cluster.volume];
  const { volume: first } = cluster;
  return driversOf(cluster).flatMap((driver) => [
    ...volumes.map((volume) => ({ letter, driver, volume, isFirst: volume === first, reader: null })),
    ...readersOf(cluster).map((reader) => ({ letter, driver, volume: first, isFirst: true, reader })),
  ]);
}

export interface SqlRun {
  readonly id: number;
  /** The run that it was sent to, and when its answer was there. */
  readonly seen: SeenAt;
  readonly text: string;
  /** What was written for it, where that is not the statement itself. */
  readonly written?: string;
  readonly target: SqlTarget;
  /** Virtual time at which it was asked. */
  readonly askedAt: number;
  /** For whose transaction it was seen to wait, by name of the session; null: for nobody's. */
  readonly waitedFor: string | null;
  /** Where it was ended as the victim of a deadlock: the sessions that were seen to wait for each other, its own first. */
  readonly circle?: readonly string[];
  readonly outcome: SqlOutcome | null;
  readonly failure: string | null;
}

/** One of the console's sessions. */
export interface ConsoleSession {
  readonly letter: string;
  /** What is being written in it. */
  readonly draft: string | null;
  /** `d1 v1`, as chosen; null: the first there is. */
  readonly chosen: string | null;
}

interface SqlState {
  readonly runs: readonly SqlRun[];
  /** In the order of their letters; never empty. */
  readonly sessions: readonly ConsoleSession[];
  /** The letter of the one that is written in. */
  readonly active: string;
  /** Targets whose answers are awaited. */
  readonly busy: readonly SqlTarget[];
  /** How answers are shown: rows as records (`\x`), the time that each took (`\timing`). */
  readonly expanded: boolean;
  readonly timing: boolean;
  /** Sessions that go to their reader, and where that was said. */
  readonly aimed: readonly { readonly target: SqlTarget; readonly seen: SeenAt }[];
}

export const sqlStore = createStore<SqlState>(() => ({
  runs: [],
  sessions: [{ letter: FIRST_LETTER, draft: null, chosen: null }],
  active: FIRST_LETTER,
  busy: [],
  expanded: false,
  timing: true,
  aimed: [],
}));

/** The session of a letter, made if there is none, with all before it; it is written in from here on. */
export function openSession(letter: string): void {
  sqlStore.setState(({ sessions }) => {
    const made = [...sessions];
    while (!made.some((one) => one.letter === letter) && made.length < SESSIONS_MAX)
      made.push({ letter: letterAt(made.length), draft: null, chosen: sessions.at(-1)?.chosen ?? null });
    return { sessions: made, active: letter };
  });
}

/** One more than there are. */
export const addSession = (): void => openSession(letterAt(sqlStore.getState().sessions.length));

/** What is written in a session, or to whom it goes. */
export const changeSession = (letter: string, change: Partial<Omit<ConsoleSession, 'letter'>>): void =>
  sqlStore.setState(({ sessions }) => ({
    sessions: sessions.map((one) => (one.letter === letter ? { ...one, ...change } : one)),
  }));

/** Until `isOver` is called no other statement goes to it. */
export function markBusy(target: SqlTarget): { readonly isOver: () => void } {
  sqlStore.setState(({ busy }) => ({ busy: [...busy, target] }));
  return { isOver: () => sqlStore.setState(({ busy }) => ({ busy: busy.filter((one) => one !== target) })) };
}

/** READ-46: an action on the tape before the first statement that goes to a reader. */
async function aim(lab: Lab, target: SqlTarget): Promise<void> {
  const { run } = seenNow();
  const { aimed } = sqlStore.getState();
  if (aimed.some((one) => isSameTarget(one.target, target) && isPartOf(one.seen, run))) return;
  const done = await lab.act(`session ${target.driver} ${sessionOf(target)} ${target.reader} session`);
  if (!done.ok) throw new Error(done.error);
  const seen = { run: seenNow().run, time: done.at };
  sqlStore.setState({ aimed: [...aimed, { target, seen }].slice(-historyLimit) });
}

let lastId = 0;

interface Statement {
  readonly text: string;
  readonly written?: string;
  readonly target: SqlTarget;
  readonly runToReply: boolean;
}

/** The first picture of this instant or a later one. */
function pictureAt(lab: Lab, at: number): Promise<WorldFrame> {
  return new Promise((resolve) => {
    let leave: (() => void) | null = null;
    let isSeen = false;
    leave = lab.subscribe({
      onFrame: (frame) => {
        if (frame.time < at || isSeen) return;
        isSeen = true;
        leave?.();
        resolve(frame);
      },
    });
    if (isSeen) leave();
  });
}

/** What came of it: the session whose transaction it waits for, if any. */
interface Known {
  readonly holder: string | null;
  readonly isAnswered: boolean;
}

/** Sessions of other drivers may have the same name: their answers are not waited for. */
const answerOf = ({ session, driver }: SessionPlace): string => `sql.end session=${session} node=${driver}`;

/**
 * Lets time pass until the statement is answered, or waits for another session: whoever runs it to its answer then is the one who goes
 * on there. A run that played plays on, unless somebody paused it meanwhile.
 */
async function passUntilKnown(
  lab: Lab,
  place: SessionPlace,
  answered: Promise<unknown>,
  until = `${answerOf(place)} or tx.wait`,
): Promise<Known> {
  const isPlayed = isPlaying(lab.run());
  let isOver = false;
  let isPassing = true;
  const onOver = (): void => {
    isOver = true;
    // It may have been answered before anybody looked.
    if (isPassing) lab.pause();
  };
  const over = answered.then(onOver, onOver);
  let holder: string | null = null;
  let isStopped = false;
  while (!isOver && holder === null) {
    const passed = await lab.runUntil(until);
    if (!passed.ok || passed.end !== 'found') {
      isStopped = true;
      break;
    }
    // Whoever waits is seen in the picture, which may come after the answer that time has passed.
    const frame = await Promise.race([pictureAt(lab, passed.at), over.then(() => null)]);
    holder = frame === null ? null : (holderFor(frame.nodes, place)?.session ?? null);
  }
  isPassing = false;
  if (isPlayed && (isOver || !isStopped)) lab.play();
  return { holder, isAnswered: isOver };
}

/** Answers that are awaited, by driver and session. */
const underWay = new Map<string, Promise<unknown>>();
const keyOf = ({ driver, session }: SessionPlace): string => `${driver} ${session}`;

/**
 * On to the answer that is awaited: deadlocks are found, and others' transactions end, while time passes. Not where one of the console's
 * own sessions that is not asked for anything is in the way (`holder`): nothing would come of it.
 */
export async function goOn(lab: Lab, target: SqlTarget): Promise<Known> {
  const place = { session: sessionOf(target), driver: target.driver };
  const answer = underWay.get(keyOf(place));
  // What it is busy with may be no statement of the console: a dataset that loads.
  if (answer === undefined) return { holder: null, isAnswered: !isSqlBusy(target) };
  const last = lastHolder(lab.frame()?.nodes ?? [], place);
  if (last !== null && letterOf(last.session) !== null && !underWay.has(keyOf(last)))
    return { holder: last.session, isAnswered: false };
  const known = await passUntilKnown(lab, place, answer, answerOf(place));
  return { ...known, holder: null };
}

/** `known`: time has passed until it was answered or was seen to wait for another session; at once, where it is only sent. */
interface Started {
  readonly known: Promise<void>;
  readonly ended: Promise<SqlRun>;
}

export function startSql(lab: Lab, statement: Statement): Started {
  let isKnown = (): void => {};
  const known = new Promise<void>((resolve) => {
    isKnown = resolve;
  });
  return { known, ended: sendSql(lab, statement, isKnown).finally(isKnown) };
}

export const runSql = (lab: Lab, statement: Statement): Promise<SqlRun> => startSql(lab, statement).ended;

const isVictim = ({ result }: SqlOutcome): boolean =>
  result.statements.some((one) => one.kind === 'error' && one.sqlstate === '40P01');

async function sendSql(
  lab: Lab,
  { text, written, target, runToReply }: Statement,
  onKnown: () => void,
): Promise<SqlRun> {
  lastId += 1;
  const id = lastId;
  remember(written ?? text);
  let asked = seenNow();
  const put = (came: Partial<Pick<SqlRun, 'outcome' | 'failure' | 'waitedFor' | 'circle'>>): SqlRun => {
    const now = seenNow();
    const before = sqlStore.getState().runs.find((known) => known.id === id);
    const outcome = came.outcome ?? before?.outcome ?? null;
    const time = Math.max(asked.time + (outcome?.latencyUs ?? 0), now.run === asked.run ? now.time : 0);
    const askedAt = outcome?.askedAt ?? asked.time;
    const base = { failure: null, waitedFor: null, ...before, ...came };
    const run = {
      ...base,
      id,
      text,
      ...(written !== undefined && { written }),
      target,
      outcome,
      askedAt,
      seen: { run: asked.run, time },
    };
    sqlStore.setState(({ runs }) => ({
      runs: [...runs.filter((known) => known.id !== id), run]
        .toSorted((a, b) => a.id - b.id)
        .slice(-historyLimit),
    }));
    return run;
  };
  const busy = markBusy(target);
  const place = { session: sessionOf(target), driver: target.driver };
  let circle: readonly string[] | null = null;
  const leave = lab.subscribe({
    onFrame(frame) {
      const seen = circleOf(frame.nodes, place);
      if (seen !== null) circle = seen.map(({ session }) => session);
    },
  });
  try {
    if (target.reader !== null) await aim(lab, target);
    // Whoever asks leaves the past first: what is shown from then on is what is asked.
    const answer = lab.sql(place.session, text, { runToReply: false, driver: target.driver });
    asked = seenNow();
    put({ outcome: null, failure: null });
    answer.catch(() => {});
    underWay.set(keyOf(place), answer);
    if (runToReply) {
      const { holder } = await passUntilKnown(lab, place, answer);
      if (holder !== null) put({ waitedFor: holder });
    }
    onKnown();
    const outcome = await answer;
    rememberStatement(outcome.requestId, text);
    return put({ outcome, failure: null, ...(isVictim(outcome) && circle !== null && { circle }) });
  } catch (error) {
    return put({ outcome: null, failure: messageOf(error) });
  } finally {
    leave();
    underWay.delete(keyOf(place));
    busy.isOver();
  }
}

/** A statement of one of the console's sessions that another part of the screen sends: it stands among its answers and in what is saved of them. */
takeStatements((lab, { session, driver, text }) => {
  const letter = letterOf(session);
  const { cluster, nodes } = frameStore.getState();
  const target =
    letter === null || cluster === null
      ? undefined
      : sqlTargets(cluster, nodes, letter).find((one) => one.driver === driver && sessionOf(one) === session);
  return target === undefined ? null : runSql(lab, { text, target, runToReply: false });
});

/** Those that were answered in the past of what is shown. */
export const useSqlRuns = (): readonly SqlRun[] => useOfRun(useStore(sqlStore, (state) => state.runs));
export const useSessions = (): readonly ConsoleSession[] => useStore(sqlStore, (state) => state.sessions);
export const useActive = (): ConsoleSession =>
  useStore(sqlStore, ({ sessions, active }) =>
    present(
      sessions.find(({ letter }) => letter === active),
      'the session that is written in',
    ),
  );
export const isSqlBusy = (target: SqlTarget): boolean =>
  sqlStore.getState().busy.some((one) => isSameTarget(one, target));
/** This target's answer is awaited. */
export const useSqlBusy = (target: SqlTarget | null): boolean =>
  useStore(sqlStore, ({ busy }) => target !== null && busy.some((one) => isSameTarget(one, target)));
