// From an operator's order to the entry that begins a restore (docs/spec/wal.md WAL-43…45): the source's manifest is read,
// the plan is made from it, and what the plan names is pinned in the object store before the entry is proposed, so that
// nothing of it is collected while the restore runs. All of this is memory of the metadata: a crash loses it, and the driver,
// which was not answered, tells its order again. An object store that is silent is asked again.

import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, send, takeRequestNumber } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { addPart, joinParts, noParts } from '../object-store/object-parts.ts';
import { openManifest } from '../object-store/objects.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';
import { isSameRequest } from './requests.ts';
import { cancelEntry } from './restore-driver.ts';
import { orderPins } from './restore-pins.ts';
import { planRestore, type RestoreOrder } from './restore-plan.ts';
import { type Asking, armRetry, type OrderId, type RestoreDriver } from './restore-state.ts';
import { restoreRefusal } from './restores.ts';
import { attachmentsTaken } from './volumes.ts';

/** Restores whose manifest is being read; one more is refused. */
const MAX_ASKING = 4;

/** The entry that an order becomes, or null: it is being looked into. */
export function orderedEntry(
  d: RestoreDriver,
  content: MetaContent,
  ctx: RoleContext,
  id: OrderId,
  message: MessageOf<'RestoreOrder' | 'VolumeOrder'>,
): MetaOperation | null {
  if (message.kind === 'RestoreOrder') return askRestore(d, content, ctx, id, message);
  const { volume } = message;
  return message.what === 'dropVolume'
    ? { kind: 'dropVolume', ...id, volume }
    : { ...cancelEntry(volume), ...id };
}

/** An entry that refuses the order, or null. */
function askRestore(
  d: RestoreDriver,
  content: MetaContent,
  ctx: RoleContext,
  id: OrderId,
  order: RestoreOrder,
): MetaOperation | null {
  if (d.asking.some((one) => isSameRequest(one.id, id))) return null;
  const code = checkOrder(d, content, order);
  if (code !== null) return refusalOf(id, order, code);
  const asking: Asking = { id, order, reqId: null, object: '', fetched: noParts(), plan: null };
  d.asking.push(asking);
  askManifest(d, ctx, asking);
  return null;
}

function checkOrder(d: RestoreDriver, content: MetaContent, { source, volume }: RestoreOrder): string | null {
  if (d.archive === null) return 'NO_ARCHIVE';
  const isAsked = d.asking.some((one) => one.order.volume === volume);
  if (isAsked || d.asking.length >= MAX_ASKING) return 'BUSY';
  const refused = restoreRefusal(content, source, volume);
  return refused ?? (spareFor(d, content, volume) === null ? 'NO_SPARE_WRITER' : null);
}

/** A node with a spare attachment that no volume has, or the one that the failed attempt under this name had. */
function spareFor(d: RestoreDriver, content: MetaContent, volume: string): NodeId | null {
  for (const [node, attachments] of d.spares)
    if (attachmentsTaken(content, node, volume) < attachments) return node;
  return null;
}

const refusalOf = (
  id: OrderId,
  { volume, source }: RestoreOrder,
  code: string,
  lsn = -1,
  detail = '',
): MetaOperation => ({ kind: 'refuseOrder', ...id, volume, source, code, lsn, detail });

/** What is asked again keeps its number: a late answer is an answer. `reqId` null: nothing is asked. */
function askManifest(d: RestoreDriver, ctx: RoleContext, asking: Asking, isAgain = false): void {
  if (d.archive === null) return;
  if (!isAgain || asking.reqId === null) asking.reqId = takeRequestNumber(ctx);
  const { reqId, object: name, order } = asking;
  const { have: offset } = asking.fetched;
  if (name === '') send(ctx, d.archive, { kind: 'GetManifest', reqId, for: 'meta', volume: order.source });
  else send(ctx, d.archive, { kind: 'GetObject', reqId, for: 'meta', name, offset });
  armRetry(d, ctx);
}

/** The object store is silent, or has refused and is asked for the manifest anew. What is pinned is proposed again. */
export function retryAsking(d: RestoreDriver, ctx: RoleContext): MetaOperation[] {
  const entries: MetaOperation[] = [];
  for (const asking of d.asking) {
    if (asking.plan === null) askManifest(d, ctx, asking, true);
    else if (d.pins.isHeld) {
      entries.push(asking.plan);
      armRetry(d, ctx);
    }
  }
  return entries;
}

function restartAsking(asking: Asking): void {
  asking.reqId = null;
  asking.object = '';
  asking.fetched = noParts();
  asking.plan = null;
}

/** An answer of the object store; an entry when it ends the order. */
export function onArchiveAnswer(
  d: RestoreDriver,
  content: MetaContent,
  ctx: RoleContext,
  message: MessageOf<'ManifestIs' | 'ObjectPart'>,
): MetaOperation | null {
  const asking = d.asking.find(({ reqId, plan }) => reqId === message.reqId && plan === null);
  if (!asking) return null;
  if (message.error !== '') {
    restartAsking(asking); // the manifest may be another one by now
    return null; // the timer begins again
  }
  if (message.kind === 'ManifestIs') {
    if (message.object === '') return refusalOf(asking.id, asking.order, 'E_NOT_RESTORABLE');
    asking.object = message.object;
    askManifest(d, ctx, asking);
    return null;
  }
  if (!addPart(asking.fetched, message.offset, message.bytes)) return null;
  if (asking.fetched.have < message.total && message.bytes.length > 0) {
    askManifest(d, ctx, asking);
    return null;
  }
  return onManifest(d, content, ctx, asking);
}

function onManifest(
  d: RestoreDriver,
  content: MetaContent,
  ctx: RoleContext,
  asking: Asking,
): MetaOperation | null {
  const opened = openManifest(asking.object, joinParts(asking.fetched));
  if (!opened.ok) {
    restartAsking(asking); // damaged on the way, or replaced meanwhile: the timer asks again
    return null;
  }
  const { id, order } = asking;
  const refused = restoreRefusal(content, order.source, order.volume);
  const writer = spareFor(d, content, order.volume);
  if (refused !== null || writer === null) return refusalOf(id, order, refused ?? 'NO_SPARE_WRITER');
  const { lal, mutants } = d;
  const plan = planRestore(content, opened.value, order, {
    lal,
    mutants,
    writer,
    attachments: d.spares.get(writer) ?? 0,
    at: ctx.now,
  });
  if (plan.error !== null) return refusalOf(id, order, plan.error, plan.lsn, plan.detail);
  asking.plan = { ...plan.entry, ...id };
  orderPins(d, content, ctx);
  return null;
}

/** What is pinned holds: plans whose objects are all there become entries; for the others the manifest is read again. */
export function onPinned(d: RestoreDriver, ctx: RoleContext, missing: ReadonlySet<string>): MetaOperation[] {
  const entries: MetaOperation[] = [];
  for (const asking of d.asking) {
    if (asking.plan === null) continue;
    const names = asking.plan.groups.flatMap(({ parts, logs }) => [...parts, ...logs]);
    if (!names.some((name) => missing.has(name))) entries.push(asking.plan);
    else {
      restartAsking(asking);
      askManifest(d, ctx, asking);
    }
  }
  if (entries.length > 0) armRetry(d, ctx);
  return entries;
}

/** The order has become an entry, whatever came of it. */
export function endAsking(d: RestoreDriver, id: OrderId): void {
  const at = d.asking.findIndex((one) => isSameRequest(one.id, id));
  if (at >= 0) d.asking.splice(at, 1);
}
