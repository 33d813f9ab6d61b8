// What a committed metadata entry does (docs/spec/failover.md FENCE-1, FENCE-2, FENCE-16; pcs.md PCS-33): pure, so that every
// member of a later Raft group comes to the same state.

import type { Lsn, NodeId, Term } from '../../base/ids.ts';
import type { GroupSpec } from '../door.ts';
import type { Descriptor } from '../protocol/messages.ts';
import type { MetaContent, MetaOperation } from './meta-log.ts';
import { beginMove, type MoveResult, stepMove } from './moves.ts';

export type MetaResult =
  | { readonly kind: 'granted'; readonly token: Term; readonly repeated: boolean }
  | { readonly kind: 'TOKEN_RACE'; readonly token: Term }
  | { readonly kind: 'writerSet'; readonly repeated: boolean }
  | { readonly kind: 'STALE_TERM' }
  | MoveResult;

/** Metadata of a volume that does not exist yet. */
export const initialContent = (groups: readonly GroupSpec[]): MetaContent => ({
  applied: 0,
  token: 0 as Term,
  holder: null,
  writer: null,
  state: 'CREATING',
  created: false,
  mapVersion: 1,
  groups: groups.map(descriptorOf),
  grants: [],
  moves: [],
});

const descriptorOf = (group: GroupSpec): Descriptor => ({
  group: group.id,
  sets: [[...group.replicas]],
  learners: [],
  memberEpoch: 1,
  geoEpoch: 1,
  keyFirst: group.keyFirst,
  keyEnd: group.keyEnd,
  baseLsn: 0 as Lsn,
  vw: group.vw,
  vr: group.vr,
});

/** Applies one entry to `content` in place; entries come in index order, each once. */
export function applyMeta(content: MetaContent, operation: MetaOperation): MetaResult {
  content.applied++;
  switch (operation.kind) {
    case 'grantToken':
      return grantToken(content, operation);
    case 'setWriter':
      return setWriter(content, operation.from, operation.term, operation.state);
    case 'beginMove':
      return beginMove(content, operation);
    case 'memberStep':
      return stepMove(content, operation);
  }
}

type Grant = Extract<MetaOperation, { kind: 'grantToken' }>;

/** FENCE-1: old + 1, once per request. A request of an earlier life of its node (late, or repeated) gets no new token. */
function grantToken(content: MetaContent, { from, boot, reqId, expect }: Grant): MetaResult {
  const last = content.grants.find((grant) => grant.from === from);
  if (last && last.boot === boot && last.reqId === reqId)
    return { kind: 'granted', token: last.token, repeated: true };
  const isOfEarlierLife = last !== undefined && boot < last.boot;
  if (isOfEarlierLife || (expect !== null && expect !== content.token))
    return { kind: 'TOKEN_RACE', token: content.token };
  const token = (content.token + 1) as Term;
  content.token = token;
  content.holder = from;
  content.state = content.created ? 'FENCING' : 'CREATING';
  content.grants = [...content.grants.filter((grant) => grant.from !== from), { from, boot, reqId, token }];
  content.mapVersion++;
  return { kind: 'granted', token, repeated: false };
}

/** FENCE-16: only the last granted token may appoint a writer. OPEN is reached after the volume was created (WAL-4). */
function setWriter(content: MetaContent, from: NodeId, term: Term, state: 'RECOVERING' | 'OPEN'): MetaResult {
  if (term !== content.token) return { kind: 'STALE_TERM' };
  const isBehind = content.writer === from && content.state === 'OPEN' && state === 'RECOVERING';
  if (isBehind || (content.writer === from && content.state === state))
    return { kind: 'writerSet', repeated: true };
  content.writer = from;
  content.state = state;
  if (state === 'OPEN') content.created = true;
  content.mapVersion++;
  return { kind: 'writerSet', repeated: false };
}
