// Facts of a selected group, page, MTR, request, row, event or trace, taken from the picture, and the lens that shows more
// of it. Pure.

import type { StoreGroupView } from '../../core/log-store/store-view.ts';
import { blockOf, relationOf } from '../../core/page/page-key.ts';
import type { ListedEvent, WorldFrame } from '../../run-model/picture/frame.ts';
import { findRecord, groupsOf } from '../../state/highlight.ts';
import type { Subject } from '../../state/subject.ts';
import { flightName } from '../glyphs/flight-text.ts';
import type { Translate } from '../i18n/i18n.ts';
import { duration, groupDigits, millis, rangeText } from '../kit/format.ts';
import { worded } from '../kit/term.tsx';
import { computeOf, storeOf } from '../model/node-facts.ts';
import '../../words/inspector.en.json';
import '../../words/model/request.en.json';

type ListedSubject = Exclude<Subject, { kind: 'node' | 'link' | 'message' | 'lsn' }>;
type Fact = readonly [label: string, value: string];

export interface SubjectFacts {
  readonly title: string;
  readonly facts: readonly Fact[];
  /** Where more of it is shown. */
  /** The picture's own data of it. */
  readonly raw: unknown;
}

export const isListed = (subject: Subject): subject is ListedSubject =>
  !['node', 'link', 'message', 'lsn'].includes(subject.kind);

const replicasOf = (
  frame: WorldFrame,
  group: string | null,
): readonly { readonly node: string; readonly list: StoreGroupView }[] =>
  frame.nodes.flatMap((node) =>
    (storeOf(node)?.groups ?? [])
      .filter((list) => list.group === group)
      .map((list) => ({ node: node.id, list })),
  );

function groupFacts(frame: WorldFrame, id: string, t: Translate): SubjectFacts | null {
  const spec = frame.cluster.groups.find((group) => group.id === id);
  if (spec === undefined) return null;
  const writer = frame.nodes.flatMap(
    (node) => computeOf(node)?.groups.filter(({ group }) => group === id) ?? [],
  )[0];
  const replicas = replicasOf(frame, id);
  return {
    title: t('about.group', { group: id }),
    facts: [
      ['N/Vw/Vr', `${spec.replicas.length}/${spec.vw}/${spec.vr}`],
      ...(writer === undefined
        ? []
        : ([
            ['PGCL', groupDigits(writer.pgcl)],
            [t('mark.tail'), groupDigits(writer.tail)],
          ] satisfies Fact[])),
      ...replicas.map(
        ({ node, list }): Fact => [
          node,
          `${worded(`SCL ${groupDigits(list.scl)} · NWL ${groupDigits(list.nwl)}`)} · ${t('holes.count', { count: list.holeCount })}`,
        ],
      ),
    ],
    raw: { spec, replicas },
  };
}

function pageFacts(
  frame: WorldFrame,
  { group, blockKey }: Extract<ListedSubject, { kind: 'page' }>,
  name: string,
  t: Translate,
): SubjectFacts {
  const records = new Map(
    replicasOf(frame, group).flatMap(({ list }) =>
      list.records.filter((record) => record.blockKey === blockKey).map((record) => [record.lsn, record]),
    ),
  );
  const chain = [...records.values()].sort((a, b) => a.lsn - b.lsn);
  return {
    title: t('about.page', { page: name, group }),
    facts: [
      [t('lens.group'), group],
      [t('about.blockKey'), `${relationOf(blockKey)}, ${blockOf(blockKey)}`],
      ...chain.map((record): Fact => [groupDigits(record.lsn), record.kind]),
    ],
    raw: chain,
  };
}

function mtrFacts(
  frame: WorldFrame,
  { first, last }: Extract<ListedSubject, { kind: 'mtr' }>,
  volume: string | null,
  t: Translate,
): SubjectFacts {
  const groups = groupsOf(frame, volume);
  const records = Array.from({ length: Math.min(200, last - first) }, (_, i) =>
    findRecord(frame, first + i, groups),
  ).flatMap((record) => record ?? []);
  return {
    title: t('about.mtr', { range: rangeText(first, last) }),
    facts: records.map(
      (record): Fact => [
        groupDigits(record.lsn),
        `${record.group} · ${record.kind}${record.cpl ? ' · CPL' : ''}${record.commit ? ' · COMMIT' : ''}`,
      ],
    ),
    raw: records,
  };
}

function requestFacts(frame: WorldFrame, node: string, id: string, t: Translate): SubjectFacts | null {
  const found = frame.nodes
    .filter((one) => one.id === node)
    .flatMap((one) => storeOf(one)?.groups ?? [])
    .flatMap((list) => list.requests.map((request) => ({ group: list.group, request })))
    .find(({ request }) => request.id === id);
  if (found === undefined) return null;
  const { group, request } = found;
  return {
    title: t('about.request', { id, node }),
    facts: [
      [t('lens.group'), group],
      [t('lens.peer'), request.peer],
      [t('lens.gap'), rangeText(request.gapFirst, request.gapEnd)],
      [t('lens.position'), groupDigits(request.curGapPos)],
      [t('lens.age'), `${duration(request.ageUs)} / ${duration(request.limitUs)}`],
      [t('lens.attempt'), String(request.attempt)],
    ],
    raw: request,
  };
}

function eventFacts(found: ListedEvent, t: Translate): SubjectFacts {
  const { kind, ...fields } = found.event;
  return {
    title: kind,
    facts: [
      [t('about.at'), `${millis(found.at)} ms`],
      [t('about.node'), found.node],
      [t('about.cause'), found.causeNode === null ? t('about.noCause') : found.causeNode],
      ...Object.entries(fields).map(
        ([name, value]): Fact => [name, Array.isArray(value) ? value.join(' ') : String(value)],
      ),
    ],
    raw: found,
  };
}

function traceFacts(frame: WorldFrame, id: number, t: Translate): SubjectFacts {
  const flights = frame.flights.filter(({ label }) => label.trace === id);
  return {
    title: t('about.trace', { id }),
    facts: flights.map(
      (flight): Fact => [
        flightName(flight, t('flight.to')),
        `${millis(flight.sentAt)} → ${millis(flight.arrivesAt)}`,
      ],
    ),
    raw: flights,
  };
}

/** Null when the picture no longer shows it. `nameOf`: of a page. `volume`: the one looked at, in which an LSN is meant. */
export function subjectFacts(
  subject: ListedSubject,
  frame: WorldFrame,
  t: Translate,
  nameOf: (blockKey: number) => string,
  volume: string | null = null,
): SubjectFacts | null {
  switch (subject.kind) {
    case 'group':
      return groupFacts(frame, subject.id, t);
    case 'page':
      return pageFacts(frame, subject, nameOf(subject.blockKey), t);
    case 'mtr':
      return mtrFacts(frame, subject, volume, t);
    case 'request':
      return requestFacts(frame, subject.node, subject.id, t);
    case 'event':
      return eventFacts(subject.listed, t);
    case 'trace':
      return traceFacts(frame, subject.id, t);
    case 'row':
      return {
        title: t('about.row', { key: subject.key, table: subject.table }),
        facts: [
          [t('about.table'), subject.table],
          [t('about.key'), subject.key],
          [t('lens.group'), subject.group ?? '–'],
          [t('log.page'), subject.blockKey === null ? '–' : nameOf(subject.blockKey)],
        ],
        raw: subject,
      };
  }
}
