// Messages of the server are the same bytes wherever in its output they begin: the output grows in the middle of any of them.

import { expect, test } from 'vitest';
import {
  makeOutput,
  type Output,
  sendBindComplete,
  sendComplete,
  sendCopyLine,
  sendCopyResponse,
  sendDataRow,
  sendKeyData,
  sendNegotiateVersion,
  sendNo,
  sendParameter,
  sendParameterDescription,
  sendReady,
  sendReport,
  sendRowDescription,
  takeOutput,
} from './backend.ts';

const MESSAGES: Readonly<Record<string, (out: Output) => void>> = {
  N: sendNo,
  bindComplete: sendBindComplete,
  negotiateVersion: (out) => sendNegotiateVersion(out, ['_pq_.x']),
  parameterStatus: (out) => sendParameter(out, 'TimeZone', 'UTC'),
  keyData: (out) => sendKeyData(out, 1, 0x7fff_ffff),
  ready: (out) => sendReady(out, 'I'),
  complete: (out) => sendComplete(out, 'SELECT 1'),
  parameterDescription: (out) => sendParameterDescription(out, [23, 25]),
  rowDescription: (out) =>
    sendRowDescription(out, [{ name: 'ä', typeId: 25, size: -1, typmod: 24, format: 1 }]),
  'row in text': (out) => sendDataRow(out, ['äöü', null, '', 'x'.repeat(40)]),
  'row in binary': (out) => sendDataRow(out, [new Uint8Array(40).fill(7), null, new Uint8Array(0)]),
  copyIn: (out) => sendCopyResponse(out, 'in', 3),
  copyLine: (out) => sendCopyLine(out, 'ä\t1'),
  report: (out) => sendReport(out, { severity: 'ERROR', sqlstate: '42P01', message: 'nö', position: 3 }),
};

test.each(Object.entries(MESSAGES))('%s', (_, send) => {
  const alone = makeOutput();
  send(alone);
  const bytes = takeOutput(alone);
  for (let before = 900; before <= 1030; before++) {
    const out = makeOutput();
    for (let i = 0; i < before; i++) sendNo(out);
    send(out);
    send(out);
    const [first, second] = [takeOutput(out).slice(before), bytes];
    expect(Buffer.from(first)).toEqual(Buffer.concat([second, second]));
  }
});
