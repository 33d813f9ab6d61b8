// What the palette offers faults for beside nodes, links and messages: groups, the hole requests that are live, and the
// newest record with its page; others are reached through the menus of where they are drawn.

import type { WorldFrame } from '../../../run-model/picture/frame.ts';
import { replicasIn, writersIn } from '../../../state/role-views.ts';
import type { MenuSubject } from '../../faults/menu-store.ts';

export function faultSubjects(frame: WorldFrame): readonly MenuSubject[] {
  const newest = writersIn(frame).flatMap(({ view }) => view.records.slice(-1))[0];
  return [
    ...frame.cluster.groups.map(({ id }) => ({ kind: 'group' as const, id })),
    ...replicasIn(frame).flatMap(({ node, list }) =>
      list.requests.map(({ id }) => ({ kind: 'request' as const, node, id })),
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
