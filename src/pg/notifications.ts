// LISTEN and NOTIFY, which concern the connections of an address alone: no node hears of them. What a transaction notifies of is sent once it is
// committed, and is delivered to a listening connection between its transactions, as in PostgreSQL. LISTEN holds at once, also in a transaction.

import type { StatementResult } from '../core/kernel/client-calls.ts';
import { optionalText } from '../core/sql/tree.ts';
import { sendNotification, sendReady } from './backend.ts';
import type { Connection, Steps } from './connection.ts';
import { reportSettings } from './connection-settings.ts';
import type { Statement } from './statement-text.ts';

type Failure = Extract<StatementResult, { kind: 'error' }>;

/** Sent by the connection of that number. */
export interface Notification {
  readonly processId: number;
  readonly channel: string;
  readonly payload: string;
}

/** Channels that a connection listens to, and what it notifies of in a transaction, at most. */
const KEPT_MAX = 10_000;
const CHANNEL_MAX = 63;
const PAYLOAD_MAX = 7999;

const failure = (sqlstate: string, message: string): Failure => ({
  kind: 'error',
  sqlstate,
  message,
  position: null,
});

/** Kept until the transaction is committed; the same notification twice is sent once. Null: it is. */
export function takeNotify(
  { processId, settings: { notifies } }: Connection,
  channel: string,
  payload: string,
): Failure | null {
  if (channel.length > CHANNEL_MAX) return failure('22023', 'channel name too long');
  if (payload.length > PAYLOAD_MAX) return failure('22023', 'payload string too long');
  if (notifies.some((one) => one.channel === channel && one.payload === payload)) return null;
  if (notifies.length >= KEPT_MAX)
    return failure('53400', `a transaction notifies at most ${KEPT_MAX} times`);
  notifies.push({ processId, channel, payload });
  return null;
}

const done = (tag: string): StatementResult => ({ kind: 'done', tag });

export function runNotify(connection: Connection, { node: { fields } }: Statement): StatementResult {
  const channel = optionalText(fields, 'conditionname') ?? '';
  return takeNotify(connection, channel, optionalText(fields, 'payload') ?? '') ?? done('NOTIFY');
}

export function runListen({ listens }: Connection, { node: { fields } }: Statement): StatementResult {
  if (listens.size >= KEPT_MAX)
    return failure('53400', `a connection listens to at most ${KEPT_MAX} channels`);
  listens.add(optionalText(fields, 'conditionname') ?? '');
  return done('LISTEN');
}

export function runUnlisten({ listens }: Connection, { node: { fields } }: Statement): StatementResult {
  const channel = optionalText(fields, 'conditionname');
  if (channel === null) listens.clear();
  else listens.delete(channel);
  return done('UNLISTEN');
}

/** Whether there is a connection of that number. */
export function* askSignal(_: Connection, act: 'cancel' | 'terminate', processId: number): Steps<boolean> {
  const reply = yield { kind: 'signal', act, processId };
  return reply !== null && 'found' in reply && reply.found;
}

/** Ready for the next query: outside of a transaction its own notifications are sent, and those for it delivered. */
export function* becomeReady(connection: Connection): Steps {
  const { settings, status, out } = connection;
  if (status === 'I') {
    const notifications = settings.notifies.splice(0);
    if (notifications.length > 0) yield { kind: 'notify', notifications };
    deliverNotifications(connection);
  }
  reportSettings(connection);
  sendReady(out, status);
  connection.isReady = status === 'I';
}

export function deliverNotifications({ undelivered, out }: Connection): void {
  for (const { processId, channel, payload } of undelivered.splice(0))
    sendNotification(out, processId, channel, payload);
}
