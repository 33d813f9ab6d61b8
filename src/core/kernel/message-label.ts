// What canvas and lists say of a message in flight.

import type { GroupId } from '../../base/ids.ts';

/** Families of messages: one hue, shape and letter each. */
export type MessageFamily =
  | 'sqlRequest'
  | 'sqlReply'
  | 'wal'
  | 'ack'
  | 'holeRequest'
  | 'holeFill'
  | 'pageRead'
  | 'pageReply'
  | 'control'
  | 'heartbeat'
  | 'fence'
  | 'archive';

export interface MessageLabel {
  readonly kind: string;
  readonly family: MessageFamily;
  readonly group: GroupId | null;
  /** LSN range `[first, end)` it is about, or null. */
  readonly range: readonly [number, number] | null;
  readonly token: number | null;
  /** Page it is about, when it is about one. */
  readonly blockKey?: number;
  /** First byte of its chunk that it writes, of a write of one piece. */
  readonly place?: number;
  /** Client request it was sent for; 0 when none. */
  readonly trace?: number;
}
