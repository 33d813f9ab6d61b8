// Definitions of tables that are cut into tablets (docs/spec/pcs.md PCS-85): they go to the metadata, under a number that stays the same
// however often they are sent, and are answered once the driver's own copy shows them.

import type { ClientResult } from '../kernel/client-calls.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { done, failed } from './client-results.ts';
import { askMap } from './driver-map.ts';
import type { Bound } from './driver-shards.ts';
import { type DriverState, type Work, workOf } from './driver-state.ts';
import { type Attempted, awaitAnswer, LATER, over, type Settled, WAITS } from './request-route.ts';

type Define = Extract<Bound, { kind: 'define' }>;

export function sendDefinition(work: Work, bound: Define): Attempted {
  const { state, ctx, request } = work;
  const { meta, bootEpoch: boot } = state;
  if (bound.reqId === 0) bound.reqId = ++state.ordered;
  request.sent = true;
  const { what, name, definition, bounds } = bound.order;
  if (bound.isDone) askMap(state, ctx);
  else if (meta !== null)
    send(ctx, meta, { kind: 'DefineTable', boot, reqId: bound.reqId, what, name, definition, bounds });
  return awaitAnswer(work);
}

export function onTableDefined(
  state: DriverState,
  ctx: RoleContext,
  m: MessageOf<'TableDefined'>,
): Settled | null {
  if (m.boot !== state.bootEpoch) return null;
  for (const session of state.sessions.values()) {
    const work = workOf(state, ctx, session);
    const bound = work?.request.bound;
    if (!work || bound?.kind !== 'define' || bound.reqId !== m.reqId || bound.isDone) continue;
    if (m.code === 'CHANGE_IN_PROGRESS') {
      delete work.request.bound; // asked again it is another request
      return [work, LATER];
    }
    if (m.code !== '') return [work, over(refusedDefinition(bound, m.code))];
    bound.isDone = true;
    askMap(state, ctx);
    return [work, answerDefinition(state, bound)];
  }
  return null;
}

const tagOf = ({ order }: Define): string => (order.what === 'create' ? 'CREATE TABLE' : 'DROP TABLE');

function refusedDefinition(bound: Define, code: string): ClientResult {
  const { name } = bound.order;
  if (bound.isForgiving && (code === 'EXISTS' || code === 'MISSING')) return done(tagOf(bound));
  if (code === 'EXISTS') return failed('42P07', `relation "${name}" already exists`);
  if (code === 'KEY_EXISTS') return failed('42P07', `relation "${bound.keyName}" already exists`);
  if (code === 'MISSING') return failed('42P01', `table "${name}" does not exist`);
  return failed('55000', code);
}

/** Once the driver's own copy shows it, so that its next statement meets it. */
export function answerDefinition(state: DriverState, bound: Define): Attempted {
  const { what, name } = bound.order;
  const isThere = state.shards?.tables.some((table) => table.name === name && table.state === 'active');
  const isShown = bound.isDone && isThere === (what === 'create');
  return isShown ? over(done(tagOf(bound))) : WAITS;
}
