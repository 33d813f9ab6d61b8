// The dedup table of the metadata (docs/spec/raft.md PCS-30, pcs.md PCS-32): every entry of the log carries the id of its request, and
// what it came to is kept, so that a request that comes twice, late, or to another leader is done once and answered the same.
// A client has the newest boot of its own only; who asks again has at most MAX_ORDERS_OUT requests out.

import type { MemberError } from '../placement/membership.ts';
import type { MetaResult } from './apply-meta.ts';
import type { MetaContent, MetaOperation, RequestClient, RequestResult } from './meta-content.ts';

/** Results kept of a client; of what is older nobody waits for an answer any more. */
const MAX_KEPT = 64;
/** Of all clients, those that were heard last. */
const MAX_CLIENTS = 256;

export interface RequestId {
  readonly from: string;
  readonly boot: number;
  readonly reqId: number;
}

/** Who asks. An attachment asks for its volume and numbers its requests by itself. */
export const clientOf = (operation: MetaOperation): string =>
  operation.kind === 'grantToken' || operation.kind === 'setWriter'
    ? `${operation.from}/${operation.volume}`
    : operation.from;

export const isSameRequest = (a: RequestId, b: RequestId): boolean =>
  a.from === b.from && a.boot === b.boot && a.reqId === b.reqId;

/** What the request came to; null: it is new. `LATE`: of an earlier life of its client, or long answered. */
export function resultOf(
  { requests }: MetaContent,
  client: string,
  { boot, reqId }: RequestId,
): RequestResult | null {
  const known = requests.find((one) => one.client === client);
  if (known === undefined || boot > known.boot) return null;
  const found = boot === known.boot ? known.results.find((one) => one.reqId === reqId) : undefined;
  if (found) return found;
  const isPast = known.results.length === MAX_KEPT && known.results.every((one) => one.reqId > reqId);
  return boot < known.boot || isPast ? { reqId, code: 'LATE', value: 0 } : null;
}

export function recordRequest(content: MetaContent, operation: MetaOperation, result: MetaResult): void {
  const client = clientOf(operation);
  const { boot, reqId } = operation;
  const known = content.requests.find((one) => one.client === client);
  const before = known?.boot === boot ? known.results : [];
  const results = [...before, { reqId, ...outcomeOf(result) }].slice(-MAX_KEPT);
  const others = content.requests.filter((one) => one !== known);
  content.requests = [...others, { client, boot, results }].slice(-MAX_CLIENTS);
}

function outcomeOf(result: MetaResult): { readonly code: string; readonly value: number } {
  switch (result.kind) {
    case 'granted':
      return { code: '', value: result.token };
    case 'TOKEN_RACE':
      return { code: result.kind, value: result.token };
    case 'STALE_TERM':
    case 'NOT_CHOSEN':
    case 'chunkMoveRefused':
      return { code: result.kind, value: 0 };
    case 'memberRefused':
    case 'archiverRefused':
      return { code: result.error satisfies MemberError | string, value: 0 };
    case 'restoreRefused':
    case 'orderRefused':
    case 'pcsRefused':
    case 'switchRefused':
    case 'nodeRefused':
      return { code: result.code, value: 0 };
    case 'fenced':
      return { code: '', value: result.token };
    case 'tableRefused':
    case 'splitRefused':
      return { code: result.code, value: 0 };
    case 'sharded':
      return { code: result.error ?? '', value: 0 };
    case 'configSet':
      return { code: '', value: result.setting.version };
    case 'STALE_VERSION':
      return { code: result.kind, value: result.version };
    default:
      return { code: '', value: 0 };
  }
}

/** A volume is gone: one that is made under its name knows nothing of what was asked of it. */
export const forgetVolume = (requests: readonly RequestClient[], volume: string): RequestClient[] =>
  requests.filter(({ client }) => !client.endsWith(`/${volume}`));
