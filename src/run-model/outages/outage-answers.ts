// What clients received for calls made before a volume was open again: acknowledged, answered by the next writer for the dead one
// (FENCE-44), failed, unknown, not answered yet.

import type { Time } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { ClientOutcomes, OutageFrame } from './outage-frame.ts';
import { type Outage, type Outages, type OutcomeCounts, outagesIn } from './outage-state.ts';

/** Clients listed by name; what others received is summed. */
const MAX_CLIENTS = 64;

/** A call of a client that is not answered: when, and by whom. */
export interface OpenCall {
  readonly at: Time;
  readonly client: string;
  /** Whom it asks; null: its driver has not said yet. */
  volume: string | null;
}

/** The volume that a client's name names; null: where tables are cut its driver finds the tablet of each call (`driver.route`). */
export function namedVolume(client: string, { volume, placement }: CallsOf): string | null {
  if (placement !== undefined) return null;
  const at = client.lastIndexOf('@');
  return at === -1 ? volume : client.slice(at + 1);
}
export type CallsOf = Pick<ClusterSpec, 'volume' | 'placement'>;

export interface Answer {
  readonly outcome: string;
  /** FENCE-44: the commit of an earlier attempt, perhaps under an earlier writer. */
  readonly isReplayed: boolean;
  readonly at: Time;
}

const noOutcomes = (): OutcomeCounts => ({ acknowledged: 0, replayed: 0, failed: 0, unknown: 0 });

/** Takes the answer to a call. */
export function followAnswer({ volumes }: Outages, call: OpenCall, answer: Answer): void {
  const log = call.volume === null ? undefined : volumes.get(call.volume);
  if (log === undefined) return;
  for (const outage of outagesIn(log)) {
    if (outage.openedAt !== null && call.at > outage.openedAt) continue;
    const counts = outage.clients.get(call.client) ?? noOutcomes();
    outage.clients.set(call.client, counts);
    if (answer.outcome === 'ok') {
      counts.acknowledged++;
      if (outage.openedAt !== null && answer.isReplayed) counts.replayed++;
    } else if (answer.outcome === 'error') counts.failed++;
    else counts.unknown++;
  }
}

export function clientRows(
  { openedAt }: Outage,
  clients: ReadonlyMap<string, OutcomeCounts>,
  calls: readonly OpenCall[],
): Pick<OutageFrame, 'clients' | 'others'> {
  const waiting = new Map<string, number>();
  for (const { client, at } of calls)
    if (openedAt === null || at <= openedAt) waiting.set(client, (waiting.get(client) ?? 0) + 1);
  const names = [...new Set([...clients.keys(), ...waiting.keys()])].sort();
  const rows = names.map((client) => ({
    client,
    ...(clients.get(client) ?? noOutcomes()),
    waiting: waiting.get(client) ?? 0,
  }));
  const left = rows.slice(MAX_CLIENTS);
  return { clients: rows.slice(0, MAX_CLIENTS), others: left.length === 0 ? null : sumOf(left) };
}

export function sumOf(rows: readonly Omit<ClientOutcomes, 'client'>[]): Omit<ClientOutcomes, 'client'> {
  const sum = { acknowledged: 0, replayed: 0, failed: 0, unknown: 0, waiting: 0 };
  for (const row of rows) {
    sum.acknowledged += row.acknowledged;
    sum.replayed += row.replayed;
    sum.failed += row.failed;
    sum.unknown += row.unknown;
    sum.waiting += row.waiting;
  }
  return sum;
}
