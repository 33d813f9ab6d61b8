// What a message is: each room declares its own, so that the kernel knows none of them. The tables merged stand in core/cluster/messages.ts.

import type { UnionOf } from '../../base/codec.ts';
import type { MessageTable } from './message-table.ts';

/** Tables of rooms and stacks, by declaration merging: `interface MessageTables { mine: typeof myMessages }`. */
// biome-ignore lint/suspicious/noEmptyInterface: rooms extend it
export interface MessageTables {}

type OfTable<Table> = Table extends MessageTable ? UnionOf<Table> : never;

/** What a role sends or receives. */
export type Message = OfTable<MessageTables[keyof MessageTables]>;
export type MessageKind = Message['kind'];
type ByKind = { readonly [Each in Message as Each['kind']]: Each };
export type MessageOf<K extends MessageKind> = ByKind[K];

/** Orders about volumes that a driver has out at once: the metadata knows which of them can still be waited for. */
export const MAX_ORDERS_OUT = 8;
