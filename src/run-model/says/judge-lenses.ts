// Holds the heads and rows of lenses against the trace (lens-ledger.ts).

import { type Verdict, verdict } from './judge-claims.ts';
import { nameOf, type StandingLedger } from './standing-ledger.ts';
import type { StandingOf } from './standings.ts';

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

/** No record that is durable at the replica lies in a gap; it has gaps where its log is known beyond SCL, and nowhere else. */
export function judgeCopy(
  { durable, highest, values }: StandingLedger,
  { node, group, scl, ncl, nwl, holes }: StandingOf<'copy'>,
): Verdict {
  const own = durable.get(`${group} ${node}`) ?? new Set<number>();
  const traced = values.get(nameOf('store', 'scl', node, group)) ?? scl;
  const given = highest.get(`${group} ${node}`) ?? nwl;
  return verdict(
    scl === traced &&
      scl <= nwl &&
      nwl <= given &&
      scl <= ncl &&
      (holes.length > 0 || ncl === nwl) &&
      holes.every(
        ([first, end]) => first < end && first > scl && ![...own].some((lsn) => first <= lsn && lsn < end),
      ),
  );
}

/** The items tile the list; no hole has a record that is durable; what is marked as sent was asked for. */
export function judgeListed(
  { durable, asked }: StandingLedger,
  { node, group, items }: StandingOf<'listed'>,
): Verdict {
  const own = durable.get(`${group} ${node}`) ?? new Set<number>();
  const sent = [...(asked.get(`${group} ${node}`) ?? [])].sort(([a], [b]) => a - b);
  const isAsked = (first: number, last: number): boolean =>
    sent.reduce((at, [from, to]) => (from <= at ? Math.max(at, to) : at), first) >= last;
  return verdict(
    items.every(
      ({ lsn, type, sent: isSent, next }, i) =>
        lsn === (items[i - 1]?.next ?? lsn) &&
        (type === 'hole') === (isSent !== null) &&
        (isSent !== true || isAsked(lsn, next)) &&
        (type !== 'hole' || ![...own].some((one) => lsn <= one && one < next)),
    ),
  );
}

/** Of a recovery no more than VDL′, as the replicas have installed it, from where a term began; else what a quorum has. */
export function judgeFillTo(
  { values, peaks, recovered, starts }: StandingLedger,
  { node, volume, group, token, from, to }: StandingOf<'fillTo'>,
): Verdict {
  if (from === null) {
    const most = peaks.get(`tail ${volume}`) ?? to;
    return verdict(to === (values.get(nameOf('compute', 'pgcl', node, group)) ?? Math.min(to, most)));
  }
  const known = recovered.get(`${volume} ${token}`);
  return verdict(
    known !== undefined && starts.has(from) && to <= known.vdlPrime && to === (known.maxNwl.get(group) ?? to),
  );
}

export function judgeLogHead(
  { values }: StandingLedger,
  { node, volume, group, vdl, vcl, pgcl, tail }: StandingOf<'logHead'>,
): Verdict {
  const isOf = (term: string, of: string, value: number): boolean =>
    (values.get(nameOf('compute', term, node, of)) ?? value) === value;
  return verdict(
    isOf('vdl', volume, vdl) &&
      isOf('vcl', volume, vcl) &&
      isOf('pgcl', group, pgcl) &&
      isOf('tail', volume, tail) &&
      vdl <= vcl,
  );
}

/** Nobody reads below what its node holds, or above what it may see. */
export function judgeReadPoints(
  { values }: StandingLedger,
  { node, volume, role, points, mrpl, newest }: StandingOf<'readPoints'>,
): Verdict {
  const isTraced = (term: string, value: number, of = ''): boolean =>
    (values.get(nameOf('compute', term, node, of)) ?? value) === value;
  return verdict(
    mrpl <= newest &&
      points.every((point) => mrpl <= point && point <= newest) &&
      (role === 'writer'
        ? isTraced('vdl', newest, volume)
        : isTraced('mrpl', mrpl) && isTraced('applyLsn', newest)),
  );
}

export function judgeReadFloor(
  { values }: StandingLedger,
  { node, volume, pgmrpl, least }: StandingOf<'readFloor'>,
): Verdict {
  const traced = values.get(nameOf('compute', 'pgmrpl', node, volume)) ?? pgmrpl;
  return verdict(pgmrpl === traced && pgmrpl <= least);
}

/** Ascending, above the image, and received: the image may be no newer than what the reader shows. */
export function judgePageJournal(
  { values }: StandingLedger,
  { node, image, lsns }: StandingOf<'pageJournal'>,
): Verdict {
  const traced = (term: string): number | undefined => values.get(nameOf('compute', term, node));
  const received = traced('receivedTo') ?? -1;
  return verdict(
    lsns.every((lsn, i) => lsn > (lsns[i - 1] ?? image ?? -1) && lsn <= received) &&
      (image ?? -1) <= Math.max(received, traced('applyLsn') ?? -1),
  );
}

export function judgePlaced({ members, appointed }: StandingLedger, claim: StandingOf<'placed'>): Verdict {
  const known = members.get(`${claim.group} ${claim.memberEpoch}`);
  const writer = appointed.get(claim.volume);
  // Who is being elected has no name yet.
  const isLed =
    claim.leader === null ||
    writer === undefined ||
    (claim.leader === writer.writer && claim.term >= writer.term);
  if (known === undefined) return verdict(isLed && claim.memberEpoch <= 1);
  return verdict(
    isLed &&
      isSameSet(claim.voters, known.voters) &&
      isSameSet(claim.outgoing, known.outgoing) &&
      isSameSet(claim.learners, known.learners),
  );
}

export function judgeImage(
  ledger: StandingLedger,
  { holder, page, lsn, is, by }: StandingOf<'image'>,
): Verdict {
  const { stored, values, slots } = ledger;
  const applied = (reader: string): number | undefined => values.get(nameOf('compute', 'applyLsn', reader));
  if (holder !== 'storage') {
    const own = applied(holder);
    // A reader has nothing of what it has not applied; who keeps the writer from storing a page has a slot there.
    return verdict((own === undefined || lsn <= own) && by.every((reader) => slots.has(reader)));
  }
  // A write that its writer has not heard of yet is there already: above what it has stored, and no further than the log is durable.
  const images = stored.get(page) ?? new Set<number>();
  const durable = Math.max(
    ...[...values].map(([key, value]) => (key.startsWith('compute durableLsn ') ? value : -1)),
  );
  if (!images.has(lsn) && (lsn <= Math.max(-1, ...images) || lsn > durable)) return 'false';
  if (is === 'future') return verdict(by.length > 0 && by.every((reader) => (applied(reader) ?? -1) < lsn));
  return verdict(by.length === 0);
}

/** Replay runs from P4's LSN to P3's, is over with P6, and no page is counted that was not replayed there. */
export function judgePromotion({ promotions }: StandingLedger, claim: StandingOf<'promotion'>): Verdict {
  const known = promotions.get(claim.token);
  const { redoStart, endLsn, bgReplayed } = claim;
  return verdict(
    known !== undefined &&
      known.node === claim.node &&
      known.isOver === claim.isOver &&
      (known.endLsn < 0 || known.endLsn === endLsn) &&
      (known.redoStart < 0 || known.redoStart === redoStart) &&
      bgReplayed >= redoStart - 1 &&
      bgReplayed <= Math.max(redoStart - 1, endLsn) &&
      claim.pages <= known.pages.size,
  );
}

/** In the order of oldestLsn; its last change is a record of the page; who holds it back has a slot and has not applied that. */
export function judgeDirtyPage(
  { changes, slots }: StandingLedger,
  { page, order, oldest, latest, by }: StandingOf<'dirtyPage'>,
): Verdict {
  return verdict(
    order <= oldest && changes.get(page)?.has(latest) === true && by.every((reader) => slots.has(reader)),
  );
}

/** No reader has reported more than it has applied; of one that begins anew, no more than is durable. */
export function judgeReported(
  { values, slots }: StandingLedger,
  { reader, lsn }: StandingOf<'reported'>,
): Verdict {
  const durable = [...values]
    .filter(([key]) => key.startsWith('compute durableLsn '))
    .map(([, value]) => value);
  const most = values.get(nameOf('compute', 'applyLsn', reader)) ?? Math.max(-1, ...durable);
  return verdict(slots.has(reader) && lsn <= most);
}

/** A table is saved once that is traced; what it has of a page are records that change it, ascending. */
export function judgeIndexTable(
  { saved, changes }: StandingLedger,
  { table, isSaved, page, lsns }: StandingOf<'indexTable'>,
): Verdict {
  const known = changes.get(page);
  return verdict(
    (!isSaved || saved.has(table)) &&
      lsns.every((lsn, i) => known?.has(lsn) === true && (i === 0 || (lsns[i - 1] ?? 0) < lsn)),
  );
}

/** Transactions of one call of the writer, which are on the device before it is traced. */
const OF_A_CALL = 16;

/** A sync that is under way may be ahead of what is traced of it, and no further than the journal. */
export function judgeJournalHead(
  { heads, journal }: StandingLedger,
  { node, headTx }: StandingOf<'journalHead'>,
): Verdict {
  return verdict((heads.get(node) ?? 0) <= headTx && headTx <= journal.headTx + OF_A_CALL);
}

export function judgePagesHead(
  { values }: StandingLedger,
  { writer, durable, gate }: StandingOf<'pagesHead'>,
): Verdict {
  const synced = values.get(nameOf('compute', 'durableLsn', writer)) ?? durable;
  const applied = [...values].filter(([key]) => key.startsWith('compute applyLsn '));
  return verdict(durable === synced && gate <= Math.max(durable, ...applied.map(([, lsn]) => lsn)));
}

/** The chunk is that of the group, and its servers are those that decide on it or learn it. */
export function judgeFilePlace(
  { servers, cluster }: StandingLedger,
  claim: StandingOf<'filePlace'>,
): Verdict {
  const laidOut = cluster.chunks?.[claim.chunk];
  const known = servers.get(claim.group) ?? new Set(laidOut?.replicas ?? []);
  return verdict(
    laidOut?.id === claim.group && claim.servers.length > 0 && claim.servers.every((one) => known.has(one)),
  );
}

/** The tablets that were asked, each part as it came; nobody reads a volume beyond what was durable in it. */
export function judgeGathered({ gathers, peaks }: StandingLedger, claim: StandingOf<'gathered'>): Verdict {
  const known = gathers.get(`${claim.node} ${claim.read}`);
  if (known === undefined || known.startedAt !== claim.startedAt || known.isOver !== claim.isOver)
    return 'false';
  return verdict(
    claim.parts.length === known.tablets.length &&
      claim.parts.every(({ relation, from, volume, readPoint }, i) => {
        const part = known.parts.get(relation);
        if (relation !== known.tablets[i]) return false;
        if (from === null || part === undefined) return from === null && part === undefined;
        return (
          from === part.from &&
          volume === part.volume &&
          readPoint === part.readPoint &&
          (volume === '' || readPoint <= (peaks.get(`vdl ${volume}`) ?? readPoint))
        );
      }),
  );
}
