// Orders of operators (docs/spec/wal.md WAL-45): a driver tells one until it is answered, and it is answered only when what
// came of it is durable. What was answered is remembered by (driver, boot, reqId), so an order that comes twice, late, or
// after a crash of the metadata is done once. A driver has at most MAX_ORDERS_OUT out.

import { MAX_ORDERS_OUT } from '../kernel/messages.ts';
import type { MetaResult } from './apply-meta.ts';
import type { MetaContent, MetaOperation, Order } from './meta-content.ts';

/** Of all drivers; the oldest are forgotten. */
const MAX_ORDERS = 64;

export type OrderId = Pick<Order, 'from' | 'boot' | 'reqId'>;

export const isSameOrder = (a: OrderId, b: OrderId): boolean =>
  a.from === b.from && a.boot === b.boot && a.reqId === b.reqId;

/** What the order came to; null when it is new, 'late' when its driver cannot wait for it any more. */
export function answerOf({ orders }: MetaContent, id: OrderId): Order | 'late' | null {
  const known = orders.find((one) => isSameOrder(one, id));
  if (known) return known;
  const isLate = (one: Order): boolean =>
    one.from === id.from &&
    (one.boot > id.boot || (one.boot === id.boot && one.reqId >= id.reqId + MAX_ORDERS_OUT));
  return orders.some(isLate) ? 'late' : null;
}

/** Entries that an order is answered by. */
const isOfOrder = (operation: MetaOperation): boolean =>
  operation.kind === 'beginRestore' ||
  operation.kind === 'refuseOrder' ||
  operation.kind === 'dropVolume' ||
  (operation.kind === 'endRestore' && operation.outcome === 'cancelled');

export function recordOrder(content: MetaContent, operation: MetaOperation, result: MetaResult): void {
  if (!isOfOrder(operation)) return;
  const { from, boot, reqId } = operation;
  const isRefused = result.kind === 'restoreRefused' || result.kind === 'orderRefused';
  const order: Order = { from, boot, reqId, code: isRefused ? result.code : '' };
  content.orders = [...content.orders.filter((one) => !isSameOrder(one, order)), order].slice(-MAX_ORDERS);
}

/** The answer that is due once the entry is applied. */
export const orderOf = (content: MetaContent, operation: MetaOperation): Order | null =>
  isOfOrder(operation) ? (content.orders.find((one) => isSameOrder(one, operation)) ?? null) : null;
