// A connection's turns, whatever carries its bytes: what it sends goes to the peer, what it wishes is fulfilled one after the other, and
// nothing more is asked for while the peer does not take what was sent. What waits to be read has a limit.

import {
  answer,
  type Connection,
  deliver,
  type Reply,
  receive,
  type Turn,
  terminate,
  type Wish,
  waitingBytes,
} from './connection.ts';
import type { Notification } from './notifications.ts';

/** Bytes of a client that are kept unread while it waits for an answer; above it nothing is read until they are worked off. */
export const WAITING_MAX = 256 * 1024;

/** What carries the bytes, and who fulfils what the connection wishes. */
export interface Peer {
  /** False: it is full, and `onRoom` is called once it is not. */
  send(bytes: Uint8Array): boolean;
  /** Nothing more comes: it is closed once what was sent has gone. */
  end(): void;
  /** It is closed at once. */
  destroy(): void;
  /** Whether more bytes may come. Called with the same value again and again. */
  read(isWanted: boolean): void;
  /** Answers once, now or later. What it throws ends the connection. */
  fulfil(wish: Wish, reply: (result: Reply) => void): void;
  /** What was thrown in here, for who serves it. */
  failed(thrown: unknown): void;
}

export interface Turns {
  readonly connection: Connection;
  readonly peer: Peer;
  /** The peer has not taken what was sent. */
  isFull: boolean;
  /** What is wished while it is full: fulfilled once there is room again. */
  held: Wish | null;
  /** A turn that came while another was taken: a wish that is answered at once brings the next one. */
  next: Turn | null;
  isTaking: boolean;
  isGone: boolean;
}

export const makeTurns = (connection: Connection, peer: Peer): Turns => ({
  connection,
  peer,
  isFull: false,
  held: null,
  next: null,
  isTaking: false,
  isGone: false,
});

export function onBytes(turns: Turns, bytes: Uint8Array): void {
  const before = turns.connection.wish;
  const turn = receive(turns.connection, bytes);
  if (before === null) take(turns, turn);
  holdBack(turns);
}

export function onRoom(turns: Turns): void {
  turns.isFull = false;
  const { held } = turns;
  turns.held = null;
  if (held !== null && !turns.isGone) fulfil(turns, held);
  holdBack(turns);
}

/** What waits for nothing but bytes gets them: the rest of a message, whose length has a limit of its own (frames.ts). */
const holdBack = ({ peer, connection, isFull, isGone }: Turns): void => {
  if (isGone) return;
  const isAwaited = connection.wish === null || waitingBytes(connection) <= WAITING_MAX;
  peer.read(!isFull && isAwaited);
};

/** One turn after the other: thousands of calls that are answered at once must not lie in each other. */
function take(turns: Turns, turn: Turn): void {
  turns.next = turn;
  if (turns.isTaking) return;
  turns.isTaking = true;
  while (turns.next !== null) {
    const now: Turn = turns.next;
    turns.next = null;
    takeOne(turns, now);
  }
  turns.isTaking = false;
}

function takeOne(turns: Turns, turn: Turn): void {
  if (turns.isGone) return;
  const { peer } = turns;
  if (turn.send.length > 0 && !peer.send(turn.send)) turns.isFull = true;
  if (turn.thrown !== null) peer.failed(turn.thrown);
  if (turn.isOver) peer.end();
  else if (turn.wish === null) return;
  else if (turns.isFull) turns.held = turn.wish;
  else fulfil(turns, turn.wish);
}

/** Another connection of the same address ends it. */
export const endTurns = (turns: Turns): void => take(turns, terminate(turns.connection));

/** Delivered to each connection that listens: at once, or before it is ready for its next query. */
export function notifyAll(all: Iterable<Turns>, notifications: readonly Notification[]): void {
  for (const turns of all) {
    const { undelivered, listens, isReady } = turns.connection;
    const own = notifications.filter(({ channel }) => listens.has(channel));
    undelivered.push(...own);
    if (own.length > 0 && isReady && !turns.isGone) take(turns, deliver(turns.connection));
  }
}

/** A fault in here ends the connection, and no other. */
function fulfil(turns: Turns, wish: Wish): void {
  try {
    turns.peer.fulfil(wish, (result) => {
      if (turns.isGone) return;
      take(turns, answer(turns.connection, result));
      holdBack(turns);
    });
  } catch (thrown) {
    turns.peer.failed(thrown);
    turns.peer.destroy();
  }
}
