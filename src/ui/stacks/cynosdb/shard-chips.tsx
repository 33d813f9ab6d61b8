// The shard groups that a node has copies of, as chips on its card: one colour a group on every card, filled where the node is the
// primary, outlined for a replica, hatched while a copy is made, dashed while it leaves (a primary too). A chip selects its group.

import { type ReactNode, useContext } from 'react';
import type { MemberState } from '../../../core/kernel/membership.ts';
import type { StoreGroupView } from '../../../core/log-store/store-view.ts';
import { select, useSelection } from '../../../state/selection-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { CardRoom } from '../../kit/card-room.ts';
import { hoverKey } from '../../selection/hover.ts';

/** As many as theme/tokens.css has (`--group-0` and on). */
const colours = 6;
/** A chip with its gap, and the count of those that have no room, px. */
const chipWidth = 32;

export type ShardAttachment = 'primary' | 'leavingPrimary' | 'replica' | 'learner' | 'outgoing';

export interface Shard {
  readonly group: string;
  readonly attachment: ShardAttachment;
}

const attachmentOfMember: Readonly<Record<MemberState, ShardAttachment | null>> = {
  voter: 'replica',
  outgoing: 'outgoing',
  learner: 'learner',
  none: null,
};

const rank: Readonly<Record<ShardAttachment, number>> = {
  primary: 0,
  leavingPrimary: 0,
  learner: 1,
  outgoing: 1,
  replica: 2,
};

/** Of a node's copies those that it leads first, then those that come or go; `led`: groups that it is the open primary of. */
export const shardsOf = (
  groups: readonly Pick<StoreGroupView, 'group' | 'memberState'>[],
  led: readonly string[],
): readonly Shard[] =>
  groups
    .flatMap(({ group, memberState }): Shard[] => {
      const attachment = attachmentOfMember[memberState];
      if (led.includes(group))
        return [{ group, attachment: attachment === 'outgoing' ? 'leavingPrimary' : 'primary' }];
      return attachment === null ? [] : [{ group, attachment }];
    })
    .sort((a, b) => rank[a.attachment] - rank[b.attachment]);

/** By its number, so that neighbours differ. */
const colourOf = (group: string): string => `var(--group-${Number(group.replace(/\D/g, '') || 0) % colours})`;

export function ShardChips({ shards }: { readonly shards: readonly Shard[] }): ReactNode {
  const t = useT();
  const room = Math.floor(useContext(CardRoom) / chipWidth);
  const looked = useSelection(({ group }) => group);
  const isCut = shards.length > room;
  const shown = shards.slice(0, isCut ? Math.max(0, room - 1) : room);
  return (
    <div className="shard-chips">
      {shown.map(({ group, attachment }) => (
        <button
          key={group}
          type="button"
          tabIndex={-1}
          className="shard-chip nodrag"
          data-attachment={attachment}
          data-looked={group === looked}
          data-hover={hoverKey({ kind: 'group', id: group })}
          title={t(`shard.${attachment}`, { group })}
          style={{ ['--group' as string]: colourOf(group) }}
          onClick={(event) => {
            event.stopPropagation();
            select({ kind: 'group', id: group });
          }}
        >
          {group}
        </button>
      ))}
      {isCut && <span className="text-muted">{`+${shards.length - shown.length}`}</span>}
    </div>
  );
}
