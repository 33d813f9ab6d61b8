// Reads of several groups as they are carried out (PCS-56, PCS-97): the driver asks any node, which asks the primary of each tablet's
// group for its part, each as of one read point of its volume. Pure: events in, reads out.

import { relationOf } from '../../../../../core/page/page-key.ts';
import type { ListedEvent } from '../../../../../run-model/picture/frame.ts';
import { keysOf, type PlacementModel } from './project.ts';

export interface ReadPart {
  readonly relation: number;
  /** Null: it has not come. Empty where nobody has written the tablet: nobody is asked. */
  readonly from: string | null;
  readonly volume: string;
  readonly readPoint: number;
  readonly rows: number;
  /** Virtual µs at which it came. */
  readonly at: number | null;
  /** Pages of the tablet that this primary had to ask the stores for meanwhile; what else it read it had in its buffer. */
  readonly pages: readonly number[];
}

export interface GatheredRead {
  readonly key: string;
  /** Its number there. */
  readonly read: number;
  readonly driver: string;
  readonly session: string;
  /** The node that gathers. */
  readonly node: string;
  readonly startedAt: number;
  /** Null: it runs, or its node has stopped. */
  readonly endedAt: number | null;
  /** Of its error; empty: none. */
  readonly code: string;
  readonly parts: readonly ReadPart[];
}

/** Virtual µs that are looked back. */
export const readsBackUs = 200_000;
/** The kinds that are asked for. */
export const readKinds = ['gather.begin', 'gather.part', 'gather.end', 'page.read'] as const;

const noPart = { from: null, volume: '', readPoint: -1, rows: 0, at: null, pages: [] } as const;

/** `main/0` of `d1`, from `d1/main/0`. */
function clientOf(client: string): Pick<GatheredRead, 'driver' | 'session'> {
  const cut = client.indexOf('/');
  return { driver: client.slice(0, cut), session: client.slice(cut + 1) };
}

/** Oldest first. */
export function gatheredReads(events: readonly ListedEvent[]): readonly GatheredRead[] {
  const reads = new Map<string, GatheredRead>();
  const asked: { readonly node: string; readonly at: number; readonly blockKey: number }[] = [];
  const change = (key: string, to: (read: GatheredRead) => GatheredRead): void => {
    const read = reads.get(key);
    if (read !== undefined && read.endedAt === null) reads.set(key, to(read));
  };
  for (const { node, at, event } of events)
    switch (event.kind) {
      case 'gather.begin': {
        const parts = event.tablets.map((relation): ReadPart => ({ relation, ...noPart }));
        const begun = { node, startedAt: at, endedAt: null, code: '', parts } as const;
        const key = `${node} ${event.read}`;
        // A node that begins anew counts from the start.
        reads.delete(key);
        reads.set(key, { key: `${key} ${at}`, read: event.read, ...clientOf(event.client), ...begun });
        break;
      }
      case 'gather.part':
        change(`${node} ${event.read}`, (read) => ({
          ...read,
          parts: read.parts.map((part): ReadPart => {
            const { relation, from, volume, readPoint, rows } = event;
            if (part.relation !== relation) return part;
            const pages = asked
              .filter((one) => one.node === from && one.at >= read.startedAt)
              .map(({ blockKey }) => blockKey)
              .filter((blockKey) => relationOf(blockKey) === relation);
            return { relation, from, volume, readPoint, rows, at, pages: [...new Set(pages)] };
          }),
        }));
        break;
      case 'gather.end':
        change(`${node} ${event.read}`, (read) => ({ ...read, endedAt: at, code: event.code }));
        break;
      case 'page.read':
        asked.push({ node, at, blockKey: event.blockKey });
        break;
      default:
    }
  return [...reads.values()];
}

/** Where a part lies: its tablet, its group, and who leads that now; null: the map does not say. */
export interface PlacedPart extends ReadPart {
  readonly tablet: string;
  readonly group: string | null;
  readonly leader: string | null;
}

export function placedParts(
  { tables, rows }: Pick<PlacementModel, 'tables' | 'rows'>,
  { parts }: GatheredRead,
): readonly PlacedPart[] {
  return parts.map((part): PlacedPart => {
    for (const table of tables) {
      const i = table.tablets.findIndex(({ relation }) => relation === part.relation);
      if (i < 0) continue;
      const row = rows.find((one) => one.table === table.name && one.tablet === i + 1);
      const tablet = `${table.name} ${keysOf(table, i)}`;
      return { ...part, tablet, group: row?.group ?? null, leader: row?.leader ?? null };
    }
    return { ...part, tablet: `r${part.relation}`, group: null, leader: null };
  });
}
