// Answering a peer's gap request (docs/spec/holes.md HOLE-32, HOLE-33, HOLE-59). Decides only; changes nothing.

import { MAX, type Range } from '../../../base/ids.ts';
import type { Refusal } from '../../kernel/fields.ts';
import { has } from '../../kernel/mutants.ts';
import { splitByData } from './hole-list.ts';
import type { GapReq } from './hole-requests.ts';
import type { HoleState } from './hole-state.ts';

export type Served = { readonly refused: Refusal } | { readonly refused: null; readonly parts: Range[] };

const refuse = (code: Refusal['code'], which: Refusal['which'], current: number): Served => ({
  refused: { code, which, current },
});

/** HOLE-33: the epoch tests shared by gap and status requests; null when they pass. */
export function checkPeerEpochs(
  state: HoleState,
  request: { readonly volumeEpoch: number; readonly memberEpoch: number },
): Refusal | null {
  const { volumeEpoch, memberEpoch, maxToken } = state;
  if (has(state.params.mutants, 'hole.fill-ignores-history')) return null;
  if (request.volumeEpoch < volumeEpoch)
    return { code: 'STALE_EPOCH', which: 'volume', current: volumeEpoch };
  if (request.volumeEpoch > volumeEpoch)
    return { code: 'EPOCH_AHEAD', which: 'volume', current: volumeEpoch };
  if (request.memberEpoch < memberEpoch)
    return { code: 'STALE_EPOCH', which: 'member', current: memberEpoch };
  if (request.memberEpoch > memberEpoch)
    return { code: 'EPOCH_AHEAD', which: 'member', current: memberEpoch };
  if (maxToken > volumeEpoch) return { code: 'NOT_READY', which: '', current: maxToken };
  return null;
}

/** A refusal, or the ranges whose records the main module reads and sends, the last one with `done`. */
export function serveGap(state: HoleState, request: GapReq): Served {
  const refused = checkPeerEpochs(state, request);
  if (refused) return { refused };
  const { first, end } = request;
  if (first >= end || end > MAX) return refuse('E_BAD_MESSAGE', '', 0);
  if (first <= state.logFloor) return refuse('LOG_GONE', '', state.logFloor);
  const from = Math.max(first, state.list.init);
  const parts = from < end ? splitByData(state.list, from, end).data : [];
  if (!has(state.params.mutants, 'hole.part-inclusive')) return { refused: null, parts };
  return { refused: null, parts: parts.map(([start, to]): Range => [start, Math.min(to + 1, end)]) };
}
