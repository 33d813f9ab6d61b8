// Every fault and remedy that a person can do, as data: on what, when it makes sense, by which key, and the one tape
// action it makes. Context menus, the inspector's Faults tab, the toolbar's menu, the palette and the keyboard all read
// this table, so that no way in has more or less than another.

import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { stackTables } from '../stacks/tables.ts';
import { drainFaults } from './drain-faults.ts';
import type { FaultContext, FaultEntry, FaultKey } from './entry.ts';
import { linkFaults } from './link-faults.ts';
import type { MenuSubject } from './menu-store.ts';
import { messageFaults } from './message-faults.ts';
import { nodeFaults } from './node-faults.ts';
import { worldFaults } from './world-faults.ts';
import '../../words/faults/faults.en.json';

export type { FaultContext, FaultEntry, FaultKey } from './entry.ts';
export { timed } from './entry.ts';

/** Each entry of a stack behind the one that it names, in the order of its table; the others at the end. */
function placed(own: readonly FaultEntry[], added: readonly FaultEntry[]): readonly FaultEntry[] {
  const behind = own.flatMap((entry) => [
    entry,
    ...added.filter(({ after, target }) => after === entry.id && target === entry.target),
  ]);
  return [...behind, ...added.filter((entry) => !behind.includes(entry))];
}

export const faultRegistry: readonly FaultEntry[] = placed(
  [...nodeFaults, ...linkFaults, ...messageFaults, ...worldFaults],
  [...drainFaults, ...stackTables.flatMap(({ faults }) => faults ?? [])],
);

export const entriesFor = (context: FaultContext): readonly FaultEntry[] =>
  faultRegistry.filter((entry) => entry.target === context.subject.kind && entry.shown?.(context) !== false);

/** The entry that a key does to a subject now, or null. */
export function entryForKey(key: FaultKey, context: FaultContext): FaultEntry | null {
  return entriesFor(context).find((entry) => entry.key === key && entry.enabled(context)) ?? null;
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
    ...stackTables.flatMap(({ faultSubjects: subjectsOf }) => subjectsOf?.(frame) ?? []),
  ];
}
