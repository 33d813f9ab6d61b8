// Gauges of a volume in files: pages that flush control holds back. The timeline's lane, the map and *Pages: past and future* show this one.

import { type GaugeTable, setBy } from '../../run-model/gauges/gauge.ts';

export const polardbGauges = {
  /** LI-40: dirty pages whose last change is durable and that some reader has not applied. */
  blockedPages: {
    unit: 'count',
    scope: 'volume',
    word: 'blockedPages',
    inFrame: true,
    event: setBy('flush.held', ({ volume, token, pages }) => ({ volume, value: pages, term: token })),
    fromView: (role) =>
      role.role === 'compute' && role.mode === 'rw' && role.state === 'open' && role.shared !== undefined
        ? [{ volume: role.volume, value: role.shared.blocked, term: role.token }]
        : [],
  },
} as const satisfies GaugeTable;

declare module '../../run-model/gauges/gauge.ts' {
  interface StackGauges {
    polardb: typeof polardbGauges;
  }
}
