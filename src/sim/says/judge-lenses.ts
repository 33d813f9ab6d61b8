// Holds the heads and rows of lenses against the trace (lens-facts.ts).

import type { Verdict } from './judge-claims.ts';
import { type Facts, nameOf } from './standing-facts.ts';
import type { StandingOf } from './standings.ts';

const verdict = (isTrue: boolean): Verdict => (isTrue ? 'true' : 'false');
const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

/** No record that is durable at the replica lies in a gap; it has gaps where its log is known beyond SCL, and nowhere else. */
export function judgeCopy(
  { durable, highest, values }: Facts,
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
        ([first, last]) => first < last && first > scl && ![...own].some((lsn) => first <= lsn && lsn < last),
      ),
  );
}

/** The items tile the list; no hole has a record that is durable; what is marked as sent was asked for. */
export function judgeListed(
  { durable, asked }: Facts,
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
  { values, peaks, recovered, starts }: Facts,
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
  { values }: Facts,
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
  { values }: Facts,
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
  { values }: Facts,
  { node, volume, pgmrpl, least }: StandingOf<'readFloor'>,
): Verdict {
  const traced = values.get(nameOf('compute', 'pgmrpl', node, volume)) ?? pgmrpl;
  return verdict(pgmrpl === traced && pgmrpl <= least);
}

/** Ascending, above the image, and received: the image may be no newer than what the reader shows. */
export function judgePageJournal(
  { values }: Facts,
  { node, image, lsns }: StandingOf<'pageJournal'>,
): Verdict {
  const traced = (term: string): number | undefined => values.get(nameOf('compute', term, node));
  const received = traced('receivedTo') ?? -1;
  return verdict(
    lsns.every((lsn, i) => lsn > (lsns[i - 1] ?? image ?? -1) && lsn <= received) &&
      (image ?? -1) <= Math.max(received, traced('applyLsn') ?? -1),
  );
}

export function judgePlaced({ members, appointed }: Facts, claim: StandingOf<'placed'>): Verdict {
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

export function judgeImage(facts: Facts, { holder, page, lsn, is, by }: StandingOf<'image'>): Verdict {
  const { stored, values, slots } = facts;
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

export function judgePagesHead(
  { values }: Facts,
  { writer, durable, gate }: StandingOf<'pagesHead'>,
): Verdict {
  const synced = values.get(nameOf('compute', 'durableLsn', writer)) ?? durable;
  const applied = [...values].filter(([key]) => key.startsWith('compute applyLsn '));
  return verdict(durable === synced && gate <= Math.max(durable, ...applied.map(([, lsn]) => lsn)));
}
