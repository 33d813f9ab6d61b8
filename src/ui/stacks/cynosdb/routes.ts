// Which messages go between which roles, and what a crash of a node can be aimed at.

import type { CrashMomentEntry } from '../../faults/crash-moments.ts';
import type { Route } from '../stack-tables.ts';
import './fault-texts.ts';

export const routes: readonly Route[] = [
  ['driver', 'compute', ['sqlRequest']],
  ['compute', 'driver', ['sqlReply']],
  ['compute', 'store', ['wal', 'pageRead', 'fence']],
  ['store', 'compute', ['ack', 'pageReply', 'fence']],
  ['store', 'store', ['holeRequest', 'holeFill']],
  ['compute', 'meta', ['control', 'fence']],
  ['meta', 'compute', ['control', 'fence']],
  ['driver', 'meta', ['control']],
  ['meta', 'driver', ['control']],
  ['store', 'objectStore', ['archive']],
  ['objectStore', 'store', ['archive']],
];

export const crashMoments: readonly CrashMomentEntry[] = [
  { moment: 'append', roles: ['compute', 'store'], label: 'moment.append' },
  { moment: 'ack', roles: ['compute', 'store'], label: 'moment.ack' },
  { moment: 'durable', roles: ['store'], label: 'moment.durable' },
  { moment: 'holeRequest', roles: ['store'], label: 'moment.holeRequest' },
  { moment: 'holeFill', roles: ['store'], label: 'moment.holeFill' },
  { moment: 'token', roles: ['store', 'meta'], label: 'moment.token' },
  ...(['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7'] as const).map(
    (moment): CrashMomentEntry => ({ moment, roles: ['compute'], label: null }),
  ),
];
