// Messages that short runs do not send: a table of one of each, so that damage to every kind is tried.

import { groupId, lsn, term } from '../../base/ids.ts';
import type { Message } from '../../core/kernel/messages.ts';
import { pageKey } from '../../core/page/page-key.ts';

const group = groupId('g1');
const page = { group, volumeEpoch: term(4), blockKey: pageKey(3, 1, 70_000) };

export const rareMessages: readonly Message[] = [
  { kind: 'Confirm', volume: 'v1', group, token: term(3) },
  { kind: 'ConfirmReply', group, ok: true, maxToken: term(3) },
  { kind: 'PageFetch', ...page, memberEpoch: 2, rp: lsn(900) },
  { kind: 'PageCopy', ...page, page: Uint8Array.of(1, 2, 3, 4), pageLsn: lsn(880), refused: null },
  { kind: 'ArchiverDeclined', group, appointment: 3 },
  { kind: 'SqlClose', volume: 'v1', session: 'main/0', incarnation: 7 },
  { kind: 'CheckObjects', reqId: 8, names: ['v1/g1/log/x', 'v1/g1/log/y'] },
  { kind: 'ObjectsMissing', reqId: 8, names: ['v1/g1/log/y'] },
];
