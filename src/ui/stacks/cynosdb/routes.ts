// Which messages go between which roles, and what a crash of a node can be aimed at.

import type { PlainKey } from '../../i18n/i18n.ts';
import type { Route } from '../stack-tables.ts';
import '../../../words/cynosdb/fault.en.json';

export const routes: readonly Route[] = [
  ['driver', 'compute', ['sqlRequest']],
  ['compute', 'driver', ['sqlReply']],
  ['compute', 'compute', ['wal', 'ack', 'control']],
  ['compute', 'store', ['wal', 'pageRead', 'fence']],
  ['store', 'compute', ['ack', 'pageReply', 'fence']],
  ['store', 'store', ['holeRequest', 'holeFill']],
  ['compute', 'meta', ['control', 'fence']],
  ['meta', 'compute', ['control', 'fence']],
  ['meta', 'meta', ['control']],
  ['driver', 'meta', ['control']],
  ['meta', 'driver', ['control']],
  ['store', 'objectStore', ['archive']],
  ['objectStore', 'store', ['archive']],
];

export const crashMoments: Readonly<Record<string, PlainKey>> = {
  append: 'moment.append',
  ack: 'moment.ack',
  durable: 'moment.durable',
  holeRequest: 'moment.holeRequest',
  holeFill: 'moment.holeFill',
  token: 'moment.token',
};
