// What the screen says of a picture's state, read from what draws it: the figures of the cards, the status line, the waits that are said,
// the recovery times.

import type { WorldFrame } from '../../run-model/picture/frame.ts';
import type { Standing } from '../../run-model/says/standings.ts';
import { t } from '../i18n/i18n.ts';
import { healthOf } from '../model/node-facts.ts';
import { reportedRoles } from '../model/role-cards.ts';
import { statusOf } from './status.ts';
import { blockedOf, saidWaits } from './wait-words.ts';

/** `1 234` of a card; null: a dash, nothing is known. */
const numberOf = (value: string): number | null =>
  /\d/.test(value) ? Number(value.replace(/\D/g, '')) : null;

/** A card of a node that is down keeps what it said last, and says that it is down. */
const figuresOf = (node: WorldFrame['nodes'][number]): readonly Standing[] =>
  node.status !== 'up'
    ? []
    : reportedRoles(node)
        .slice(0, 1)
        .flatMap(({ card, view }) =>
          card.marks(view, t, null).flatMap(({ label, term = '', of, volume, value: text }): Standing[] => {
            const value = numberOf(text);
            return value === null
              ? []
              : [
                  {
                    kind: 'figure',
                    node: node.id,
                    role: card.role,
                    term,
                    label,
                    of: of ?? volume ?? '',
                    value,
                  },
                ];
          }),
        );

function lineOf(frame: WorldFrame): readonly Standing[] {
  const status = statusOf(frame);
  switch (status.kind) {
    // A monitor's own words.
    case 'violated':
      return [];
    case 'recovering':
      return [{ kind: 'health', node: status.node, is: 'recovering' }];
    default:
      return [status];
  }
}

export const standingsOf = (frame: WorldFrame): readonly Standing[] => [
  ...frame.nodes.flatMap((node): readonly Standing[] => [
    { kind: 'health', node: node.id, is: healthOf(node) },
    ...figuresOf(node),
  ]),
  ...lineOf(frame),
  ...frame.violations.map(({ rule, at }): Standing => ({ kind: 'violated', rule, at })),
  ...saidWaits(frame).flatMap((wait): readonly Standing[] => (wait.isBlocked ? [blockedOf(wait)] : [])),
  ...frame.outages.map(
    ({ volume, writer, since, from, openedAt, firstCommitAt, attempts }): Standing => ({
      kind: 'outage',
      volume,
      writer,
      since,
      from,
      openedAt,
      firstCommitAt,
      token: attempts.at(-1)?.token ?? -1,
    }),
  ),
];
