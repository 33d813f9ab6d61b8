// What the trace of a run says, up to an instant, of what lenses show: which records are durable at which replica, who the members of a group
// are as of each of its epochs, which images of a page are stored.

import type { TracedEvent } from '../../sim/types.ts';

interface Members {
  readonly voters: readonly string[];
  readonly outgoing: readonly string[];
  readonly learners: readonly string[];
}

export interface Archived {
  readonly to: number;
  /** Beginnings of its objects of log. */
  readonly segments: ReadonlySet<number>;
  readonly bases: number;
}

interface TracedPromotion {
  readonly node: string;
  endLsn: number;
  redoStart: number;
  isOver: boolean;
  readonly pages: Set<number>;
}

/** What a recovery has computed and installed. */
interface Recovered {
  vdlPrime: number;
  /** By group. */
  readonly maxNwl: Map<string, number>;
}

interface TracedGather {
  readonly startedAt: number;
  readonly tablets: readonly number[];
  /** By relation. */
  readonly parts: Map<number, { readonly from: string; readonly volume: string; readonly readPoint: number }>;
  isOver: boolean;
}

export interface LensLedger {
  /** LSNs on the disk of a replica, by `group node`, since its log was read from there last. */
  readonly durable: Map<string, Set<number>>;
  /** `[first, end)` that a replica has asked for, by `group node`, since it was opened. */
  readonly asked: Map<string, (readonly [first: number, last: number])[]>;
  /** By `volume token`. */
  readonly recovered: Map<string, Recovered>;
  /** First LSNs of terms. */
  readonly starts: Set<number>;
  /** By `group memberEpoch`. */
  readonly members: Map<string, Members>;
  /** By volume: the writer that the metadata names, with its term. */
  readonly appointed: Map<string, { readonly writer: string; readonly term: number }>;
  /** LSNs of the images of a page that were stored, by its key. */
  readonly stored: Map<number, Set<number>>;
  /** By group: how far its log is in the archive, in how many objects, beside how many base images. */
  readonly archived: Map<string, Archived>;
  /** Readers that have a slot at the writer. */
  readonly slots: Set<string>;
  /** LSNs of the records that change a page, by its key. */
  readonly changes: Map<number, Set<number>>;
  /** Tables of LogIndex that are saved, by id; as of the newest writer. */
  readonly saved: Set<number>;
  /** By token: LSNs of P3 and P4, whether P6 is reached, pages that its node has replayed since its first step. */
  readonly promotions: Map<number, TracedPromotion>;
  /** Transaction that a mount has come to, by node. */
  readonly heads: Map<string, number>;
  /** The newest transaction of the file system that is traced. */
  readonly journal: { headTx: number };
  /** Servers that have a chunk or are learners of it, by group; as of the newest configuration that a leader has named. */
  readonly servers: Map<string, ReadonlySet<string>>;
  /** By `node read`: the newest of that number. */
  readonly gathers: Map<string, TracedGather>;
  /** By rule and time, `rule at`: what the checkers said. */
  readonly broken: Set<string>;
}

export const makeLensLedger = (): LensLedger => ({
  durable: new Map(),
  asked: new Map(),
  recovered: new Map(),
  starts: new Set([0]),
  members: new Map(),
  appointed: new Map(),
  stored: new Map(),
  archived: new Map(),
  slots: new Set(),
  changes: new Map(),
  saved: new Set(),
  promotions: new Map(),
  heads: new Map(),
  journal: { headTx: 0 },
  servers: new Map(),
  gathers: new Map(),
  broken: new Set(),
});

const added = <K, V>(sets: Map<K, Set<V>>, key: K): Set<V> => {
  const known = sets.get(key) ?? new Set<V>();
  sets.set(key, known);
  return known;
};

const namesOf = (text: string): readonly string[] => text.split(',').filter((name) => name !== '');

const pairsOf = (flat: readonly number[]): readonly (readonly [number, number])[] =>
  flat.flatMap((first, i) => (i % 2 === 0 ? [[first, flat[i + 1] ?? first] as const] : []));

function learnHistory(
  { recovered, starts }: LensLedger,
  event: {
    readonly group: string;
    readonly token: number;
    readonly startLsn: number;
    readonly maxNwl: number;
  },
): void {
  starts.add(event.startLsn);
  for (const [key, { maxNwl }] of recovered)
    if (key.endsWith(` ${event.token}`)) maxNwl.set(event.group, event.maxNwl);
}

export function learnLens(ledger: LensLedger, { event, node, at }: TracedEvent): void {
  switch (event.kind) {
    case 'wal.durable':
      for (const lsn of event.lsns) added(ledger.durable, `${event.group} ${node}`).add(lsn);
      return;
    case 'hole.sent': {
      const key = `${event.group} ${node}`;
      const known = ledger.asked.get(key) ?? [];
      known.push([event.first, event.end]);
      ledger.asked.set(key, known);
      return;
    }
    case 'recovery.computed':
      ledger.recovered.set(`${event.volume} ${event.token}`, { vdlPrime: event.vdlPrime, maxNwl: new Map() });
      return;
    // What it has from now on it finds on its disk, or is given as an image; what was cut off is gone.
    case 'store.open':
    case 'hole.rebuild':
    case 'hole.restore':
    case 'base.installed':
    case 'recovery.history':
    case 'member.dropped':
      ledger.durable.delete(`${event.group} ${node}`);
      ledger.asked.delete(`${event.group} ${node}`);
      if (event.kind === 'recovery.history') learnHistory(ledger, event);
      return;
    case 'scrub.bad':
      for (const lsn of event.lsns) ledger.durable.get(`${event.group} ${node}`)?.delete(lsn);
      return;
    // A new leader of the metadata names again those that there are.
    case 'group.made':
      if (ledger.appointed.has(event.volume)) return;
      ledger.members.set(`${event.group} 1`, { voters: namesOf(event.voters), outgoing: [], learners: [] });
      ledger.appointed.set(event.volume, { writer: event.leader, term: 0 });
      return;
    case 'group.members': {
      const sets = event.sets.split('|').map(namesOf);
      const voters = sets.at(-1) ?? [];
      ledger.members.set(`${event.group} ${event.memberEpoch}`, {
        voters,
        outgoing: sets.flat().filter((name) => !voters.includes(name)),
        learners: namesOf(event.learners),
      });
      return;
    }
    case 'meta.writer': {
      const known = ledger.appointed.get(event.volume);
      if (known === undefined || event.token >= known.term)
        ledger.appointed.set(event.volume, { writer: event.writer, term: event.token });
      return;
    }
    case 'archive.extent': {
      const segments = new Set(ledger.archived.get(event.group)?.segments);
      for (const [first] of pairsOf(event.removed)) segments.delete(first);
      for (const [first] of pairsOf(event.added)) segments.add(first);
      ledger.archived.set(event.group, { to: event.archivedTo, segments, bases: event.bases.length });
      return;
    }
    case 'page.stored':
      added(ledger.stored, event.blockKey).add(event.pageLsn);
      return;
    case 'wal.pages':
      for (const [i, lsn] of event.lsns.entries()) added(ledger.changes, event.pages[i] ?? -1).add(lsn);
      return;
    case 'index.saved':
      ledger.saved.add(event.table);
      return;
    case 'promote.step': {
      const known = ledger.promotions.get(event.token) ?? {
        node,
        endLsn: -1,
        redoStart: -1,
        isOver: false,
        pages: new Set(),
      };
      ledger.promotions.set(event.token, known);
      if (event.step === 'P3') known.endLsn = event.lsn;
      if (event.step === 'P4') known.redoStart = event.lsn;
      if (event.step === 'P6') known.isOver = true;
      return;
    }
    case 'ro.replayed':
      for (const promotion of ledger.promotions.values())
        if (promotion.node === node && !promotion.isOver) promotion.pages.add(event.blockKey);
      return;
    case 'node.down':
      ledger.heads.delete(node);
      return;
    case 'fs.mounted':
      if (event.error !== '') return;
      ledger.heads.set(node, event.headTx);
      ledger.journal.headTx = Math.max(ledger.journal.headTx, event.headTx);
      return;
    case 'fs.done':
      ledger.journal.headTx = Math.max(ledger.journal.headTx, event.headTx);
      return;
    case 'fs.synced':
      ledger.heads.set(node, event.to);
      return;
    case 'chunk.members':
      ledger.servers.set(
        event.group,
        new Set([event.voters, event.outgoing, event.learners].flatMap(namesOf)),
      );
      return;
    case 'gather.begin':
      ledger.gathers.set(`${node} ${event.read}`, {
        startedAt: at,
        tablets: event.tablets,
        parts: new Map(),
        isOver: false,
      });
      return;
    case 'gather.part': {
      const { relation, from, volume, readPoint } = event;
      ledger.gathers.get(`${node} ${event.read}`)?.parts.set(relation, { from, volume, readPoint });
      return;
    }
    case 'gather.end': {
      const known = ledger.gathers.get(`${node} ${event.read}`);
      if (known !== undefined) known.isOver = true;
      return;
    }
    case 'slot.given':
      ledger.slots.add(event.reader);
      return;
    case 'slot.dropped':
      ledger.slots.delete(event.reader);
      return;
    default:
  }
}
