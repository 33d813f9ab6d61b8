// Every fault and remedy that a person can do, as data: on what, when it makes sense, by which key, and the one tape
// action it makes. Context menus, the inspector's Faults tab, the toolbar's menu, the palette and the keyboard all read
// this table, so that no way in has more or less than another (product design §3).

import type { WorldFrame } from '../../sim/frame.ts';
import { archiveFaults } from './archive-faults.ts';
import type { FaultContext, FaultEntry, FaultKey } from './entry.ts';
import { linkFaults } from './link-faults.ts';
import { memberFaults } from './member-faults.ts';
import type { MenuSubject } from './menu-store.ts';
import { messageFaults } from './message-faults.ts';
import { nodeFaults } from './node-faults.ts';
import { objectFaults } from './object-faults.ts';
import { worldFaults } from './world-faults.ts';
import './texts.ts';

export type { FaultContext, FaultEntry, FaultKey } from './entry.ts';
export { timed } from './entry.ts';

export const faultRegistry: readonly FaultEntry[] = [
  ...nodeFaults,
  ...linkFaults,
  ...messageFaults,
  ...worldFaults,
  ...memberFaults,
  ...archiveFaults,
  ...objectFaults,
];

export const entriesFor = (context: FaultContext): readonly FaultEntry[] =>
  faultRegistry.filter((entry) => entry.target === context.subject.kind && entry.shown?.(context) !== false);

/** The entry that a key does to a subject now, or null. */
export function entryForKey(key: FaultKey, context: FaultContext): FaultEntry | null {
  return entriesFor(context).find((entry) => entry.key === key && entry.enabled(context)) ?? null;
}

/** Groups, the requests that are live, and the newest record with its page: of others their own menus tell. */
function objectsOf(frame: WorldFrame): readonly MenuSubject[] {
  const roles = frame.nodes.flatMap(({ id, view }) =>
    (view?.roles ?? []).map((role) => ({ node: id, role })),
  );
  const newest = roles.flatMap(({ role }) => (role.role === 'compute' ? role.records.slice(-1) : []))[0];
  return [
    ...frame.cluster.groups.map(({ id }) => ({ kind: 'group' as const, id })),
    ...roles.flatMap(({ node, role }) =>
      role.role !== 'store'
        ? []
        : role.groups.flatMap(({ requests }) =>
            requests.map(({ id }) => ({ kind: 'request' as const, node, id })),
          ),
    ),
    ...(newest === undefined
      ? []
      : [
          {
            kind: 'records' as const,
            groups: [newest.group],
            first: newest.lsn,
            last: newest.lsn + 1,
            node: null,
          },
          { kind: 'page' as const, group: newest.group, blockKey: newest.blockKey, node: null },
        ]),
  ];
}

/** Everything in a picture that something can be done to: the palette goes through all of it. */
export function faultSubjects(frame: WorldFrame): readonly MenuSubject[] {
  const pairs = new Set<string>();
  const rank = new Map(frame.cluster.nodes.map(({ id }, i) => [id, i]));
  for (const { from, to } of frame.links)
    pairs.add((rank.get(from) ?? 0) <= (rank.get(to) ?? 0) ? `${from}|${to}` : `${to}|${from}`);
  return [
    { kind: 'world' },
    ...[...new Set(frame.nodes.map(({ zone }) => zone))].map((id) => ({ kind: 'zone' as const, id })),
    ...frame.nodes.map(({ id }) => ({ kind: 'node' as const, id })),
    ...[...pairs].map((key) => {
      const [a = '', b = ''] = key.split('|');
      return { kind: 'link' as const, a, b };
    }),
    ...frame.flights
      .filter(({ label }) => label.family !== 'heartbeat')
      .map(({ id }) => ({ kind: 'message' as const, id })),
    ...objectsOf(frame),
  ];
}
