// What a room says of each message it defines: its tag in a frame (a fixed number, never its place in a list), the role
// that receives it, its family, its fields, and what the canvas writes on it. kernel/messages.ts merges the tables.

import { present } from '../../base/assert.ts';
import type { ByteReader, ByteWriter } from '../../base/bytes.ts';
import { type Codec, type Fields, type StructOf, struct } from '../../base/codec.ts';
import type { GroupId, RequestNumber } from '../../base/ids.ts';
import type { MessageFamily, MessageLabel } from './message-label.ts';
import type { Role } from './view.ts';

/** A role of the receiving node, or its agent. */
type Receiver = Role | 'agent';

type Label = Partial<Pick<MessageLabel, 'group' | 'range' | 'place'>>;

export interface MessageSpec<Body> {
  readonly tag: number;
  readonly to: Receiver | ((body: Body) => Receiver);
  readonly family: MessageFamily;
  readonly body: Codec<Body>;
  readonly label: ((body: Body) => Label) | null;
  /** It repeats the number of the request that it answers, in `reqId` (FENCE-59). */
  readonly isAnswer?: true;
  /** One frame goes to many, and its body is numbers and texts that nobody changes: a world decodes it once. */
  readonly isBroadcast?: true;
}

export const broadcast = <Body>(spec: MessageSpec<Body>): MessageSpec<Body> => ({
  ...spec,
  isBroadcast: true,
});

/** The answer to a numbered request. */
export const answer = <Body extends { readonly reqId: RequestNumber }>(
  spec: MessageSpec<Body>,
): MessageSpec<Body> => ({ ...spec, isAnswer: true });

/** A message with a codec of its own. */
export const codedMessage = <Body>(
  tag: number,
  to: Receiver | ((body: Body) => Receiver),
  family: MessageFamily,
  body: Codec<Body>,
  label: ((body: Body) => Label) | null = null,
): MessageSpec<Body> => ({ tag, to, family, body, label });

export const message = <F extends Fields>(
  tag: number,
  to: Receiver | ((body: StructOf<F>) => Receiver),
  family: MessageFamily,
  fields: F,
  label: ((body: StructOf<F>) => Label) | null = null,
): MessageSpec<StructOf<F>> => codedMessage(tag, to, family, struct(fields), label);

/** A spec whose body is only known by its kind. */
interface AnySpec {
  readonly tag: number;
  readonly to: Receiver | ((body: never) => Receiver);
  readonly family: MessageFamily;
  readonly body: {
    readonly encode: (w: ByteWriter, value: never) => void;
    readonly decode: (r: ByteReader) => unknown;
  };
  readonly label: ((body: never) => Label) | null;
  readonly isAnswer?: true;
  readonly isBroadcast?: true;
}

/** A table is read by kind, and a body meets only its own spec. */
export type MessageTable = Readonly<Record<string, AnySpec>>;

const specOf = (table: MessageTable, { kind }: { readonly kind: string }): AnySpec =>
  present(table[kind], 'a message of this table');

/** Whom at the receiving node a message is for. */
export function receiverOf(table: MessageTable, body: { readonly kind: string }): Receiver {
  const { to } = specOf(table, body);
  return typeof to === 'string' ? to : to(body as never);
}

/** The number of the request that a message answers; null: it answers none, or has no number. */
export const answeredBy = (
  table: MessageTable,
  body: { readonly kind: string; readonly reqId?: unknown },
): RequestNumber | null => (specOf(table, body).isAnswer === true ? (body.reqId as RequestNumber) : null);

export interface AnyBody {
  readonly kind: string;
  readonly group?: GroupId;
  readonly descriptor?: { readonly group: GroupId };
  readonly token?: number;
  readonly maxToken?: number;
  readonly blockKey?: number;
}

/** The label of a message, from the fields that messages have in common and what its spec adds. */
export function labelMessage(table: MessageTable, body: AnyBody): MessageLabel {
  const { family, label } = specOf(table, body);
  const isFenced = family !== 'control' && family !== 'archive';
  return {
    kind: body.kind,
    family,
    group: body.group ?? body.descriptor?.group ?? null,
    range: null,
    token: isFenced ? (body.token ?? body.maxToken ?? null) : null,
    ...(body.blockKey === undefined ? {} : { blockKey: body.blockKey }),
    ...label?.(body as never),
  };
}
