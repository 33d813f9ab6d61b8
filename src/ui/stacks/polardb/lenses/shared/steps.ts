// What happened to one page, numbered T1 to T5 as the source numbers its two timelines (docs/spec/logindex.md §3, V-1, V-2): T1 a record changes the
// page, T2 a reader learns of it, T3 that reader reads it, T4 the reader loses its copy, or the writer stores the page or may not, T5 the same
// reader reads it again. What comes out of this order, as a page held back before anybody has read it, has no number. Pure.

import type { TraceOf as EventOf } from '../../../../../core/kernel/trace.ts';
import type { ListedEvent } from '../../../../../run-model/picture/frame.ts';
import type { PastNeed } from '../../../../lens/use-past.ts';

export const stepNeed: PastNeed = {
  minRank: 0,
  kinds: [
    'wal.pages',
    'ro.applied',
    'ro.replayed',
    'ro.pageRead',
    'ro.future',
    'page.stored',
    'flush.blocked',
    'node.down',
    'page.evict',
    'world.action',
  ],
  withMessages: false,
};

/** Virtual µs that are looked back at. */
export const stepsUs = 400_000;

/** `past`, `ahead`: a read that lacks records its reader knows of, or has some that it does not (LI-5, LI-6); `future`: one that is put off. */
export type StepKind =
  | 'changed'
  | 'learned'
  | 'read'
  | 'past'
  | 'ahead'
  | 'blocked'
  | 'stored'
  | 'lost'
  | 'future';
/** Empty: it is none of the source's. */
export type StepMark = 'T1' | 'T2' | 'T3' | 'T4' | 'T5' | '';

export interface PageStep {
  readonly key: string;
  readonly at: number;
  readonly node: string;
  readonly mark: StepMark;
  readonly kind: StepKind;
  /** What it is about: the record, applyLsn, the image that was read, stored or held back. */
  readonly lsn: number;
  /** Of a read: the image it began with, −1: no replay was needed, and records applied on it. */
  readonly from: number;
  readonly records: number;
  /** Of a read: where the image came from; of a store: buffer or copy; of a page held back: by whom. */
  readonly what: string;
  /** Of a change: the other pages that its record names (LI-20). */
  readonly beside: readonly number[];
}

const none = { from: -1, records: 0, what: '', beside: [] } as const;

const lsnsOf = ({ lsns, pages }: EventOf<'wal.pages'>, page: number): readonly number[] =>
  lsns.filter((_, i) => pages[i] === page);

/** The newest `most` of them, oldest first. */
export function stepsOf(events: readonly ListedEvent[], page: number, most: number): readonly PageStep[] {
  const steps: PageStep[] = [];
  const records: number[] = [];
  /** How far each reader had applied before. */
  const applied = new Map<string, number>();
  /** Readers that have read it since they learned of its newest records; and those for which T4 has come after that. */
  const hasRead = new Set<string>();
  const again = new Set<string>();
  /** The image that each reader has of it. */
  const held = new Map<string, number>();
  const add = (node: string, at: number, step: Omit<PageStep, 'key' | 'at' | 'node'>): void => {
    steps.push({ ...step, at, node, key: `${steps.length}` });
  };
  const readMark = (who: string): StepMark => {
    hasRead.add(who);
    return again.has(who) ? 'T5' : 'T3';
  };
  /** The writer tries to store the page: T4 of who has read it. */
  const triedMark = (): StepMark => {
    for (const who of hasRead) again.add(who);
    return hasRead.size > 0 ? 'T4' : '';
  };
  const lose = (who: string, at: number): void => {
    const lsn = held.get(who);
    if (lsn === undefined) return;
    held.delete(who);
    if (hasRead.has(who)) again.add(who);
    add(who, at, { ...none, mark: hasRead.has(who) ? 'T4' : '', kind: 'lost', lsn });
  };
  for (const { node, at, event } of events) {
    const who = node ?? '';
    switch (event.kind) {
      case 'wal.pages':
        for (const lsn of lsnsOf(event, page)) {
          records.push(lsn);
          const beside = event.pages.filter((key, i) => key !== page && event.lsns[i] === lsn);
          add(who, at, { ...none, mark: 'T1', kind: 'changed', lsn, beside });
        }
        break;
      case 'ro.applied': {
        const before = applied.get(who) ?? 0;
        const { applyLsn } = event;
        const known = records.filter((lsn) => lsn > before && lsn <= applyLsn);
        applied.set(who, applyLsn);
        if (known.length === 0) break;
        hasRead.delete(who);
        again.delete(who);
        add(who, at, { ...none, mark: 'T2', kind: 'learned', lsn: applyLsn, records: known.length });
        break;
      }
      case 'ro.replayed': {
        if (event.blockKey !== page) break;
        const { from, pageLsn: lsn, applyLsn } = event;
        const lacks = records.filter((one) => one > lsn && one <= applyLsn).length;
        const kind = lsn > applyLsn ? 'ahead' : lacks > 0 ? 'past' : 'read';
        const count = kind === 'past' ? lacks : event.records;
        const what = kind === 'ahead' ? `${applyLsn}` : event.source;
        held.set(who, lsn);
        add(who, at, { ...none, mark: readMark(who), kind, lsn, from, records: count, what });
        break;
      }
      // read in the buffer as it lies there: a step of its own where it lacks records, else those of its replays are shown
      case 'ro.pageRead': {
        if (event.blockKey !== page) break;
        const { pageLsn: lsn, readPoint } = event;
        const lacks = records.filter((one) => one > lsn && one <= readPoint).length;
        if (lacks > 0)
          add(who, at, { ...none, mark: readMark(who), kind: 'past', lsn, records: lacks, what: 'POOL' });
        break;
      }
      case 'page.evict':
        if (event.blockKey === page) lose(who, at);
        break;
      case 'node.down':
        lose(who, at);
        break;
      case 'world.action':
        if (event.action === 'dropBuffer' && event.hadEffect) lose(who, at);
        break;
      case 'ro.future':
        if (event.blockKey === page)
          add(who, at, { ...none, mark: readMark(who), kind: 'future', lsn: event.applyLsn });
        break;
      case 'page.stored':
        if (event.blockKey !== page) break;
        add(who, at, { ...none, mark: triedMark(), kind: 'stored', lsn: event.pageLsn, what: event.how });
        break;
      case 'flush.blocked':
        if (event.blockKey !== page) break;
        add(who, at, {
          ...none,
          mark: triedMark(),
          kind: 'blocked',
          lsn: event.latestLsn,
          what: event.readers,
        });
        break;
      default:
    }
  }
  return steps.slice(-most);
}
