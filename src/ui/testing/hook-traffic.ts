// Links and messages of the reference picture (hook-frame.ts): rw-1–store-3 is cut, the last log messages to store-3 are lost.

import { type GroupId, type NodeId, nodeId, time } from '../../base/ids.ts';
import type { MessageFamily } from '../../core/kernel/message-label.ts';
import type { LinkFrame } from '../../run-model/picture/frame.ts';
import type { FlightView } from '../../sim/types.ts';
import { g1, g2 } from './hook-cluster.ts';

function link(from: string, to: string, change: Partial<LinkFrame> = {}): LinkFrame {
  return {
    from: nodeId(from),
    to: nodeId(to),
    cut: false,
    held: false,
    lossPercent: 0,
    duplicatePercent: 0,
    reorderPercent: 0,
    corruptPercent: 0,
    baseUs: 500,
    jitterUs: 100,
    delayed: false,
    ...change,
  };
}

const bothWays = (a: string, b: string, change: Partial<LinkFrame> = {}): LinkFrame[] => [
  link(a, b, change),
  link(b, a, change),
];
interface FlightShape {
  readonly family: MessageFamily;
  readonly kind: string;
  readonly group: GroupId | null;
  readonly range: readonly [number, number] | null;
  readonly share: number;
  readonly fate?: FlightView['fate'];
}
/** Virtual time of the picture, µs. */
export const hookUs = 56_218;
let sequence = 0;
function flight(from: string, to: string, shape: FlightShape): FlightView {
  const span = 540;
  const { family, kind, group, range, share, fate = 'flying' } = shape;
  sequence += 1;
  return {
    id: `${from}.${sequence}.0`,
    from: nodeId(from) satisfies NodeId,
    to: nodeId(to),
    sentAt: time(Math.round(hookUs - span * share)),
    arrivesAt: time(Math.round(hookUs + span * (1 - share))),
    fate,
    label: { kind, family, group, range, token: 1 },
    bytes: 412,
    causeOrdinal: sequence,
  };
}

const wal = (to: string, group: GroupId, range: readonly [number, number], share: number, fate?: 'lost') =>
  flight('rw-1', to, { family: 'wal', kind: 'WriteBatch', group, range, share, ...(fate ? { fate } : {}) });
export const hookLinks = (): readonly LinkFrame[] => [
  ...bothWays('d1', 'rw-1'),
  ...bothWays('d1', 'meta-1'),
  ...bothWays('rw-1', 'meta-1'),
  ...bothWays('rw-1', 'store-1'),
  ...bothWays('rw-1', 'store-2'),
  ...bothWays('rw-1', 'store-3', { cut: true }),
  ...bothWays('meta-1', 'store-1'),
  ...bothWays('meta-1', 'store-2'),
  ...bothWays('meta-1', 'store-3'),
  ...bothWays('store-1', 'store-2'),
  ...bothWays('store-1', 'store-3'),
  ...bothWays('store-2', 'store-3'),
];

export function hookFlights(): readonly FlightView[] {
  sequence = 0;
  return [
    wal('store-1', g2, [126, 129], 0.68),
    wal('store-1', g1, [129, 130], 0.47),
    wal('store-2', g2, [126, 129], 0.52),
    wal('store-2', g1, [129, 130], 0.4),
    wal('store-3', g2, [126, 129], 0.33, 'lost'),
    wal('store-3', g1, [129, 130], 0.25, 'lost'),
    flight('store-1', 'rw-1', {
      family: 'ack',
      kind: 'WriteAck',
      group: g2,
      range: [124, 125],
      share: 0.36,
    }),
    flight('store-1', 'rw-1', {
      family: 'ack',
      kind: 'WriteAck',
      group: g1,
      range: [125, 126],
      share: 0.2,
    }),
    flight('store-3', 'store-1', {
      family: 'holeRequest',
      kind: 'GapReq',
      group: g1,
      range: [112, 116],
      share: 0.36,
    }),
    flight('store-1', 'store-3', {
      family: 'holeFill',
      kind: 'GapReply',
      group: g2,
      range: [111, 115],
      share: 0.4,
    }),
  ];
}
