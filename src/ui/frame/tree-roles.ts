// Roles of a node in the outline: its roles, each with its state in words, and the groups that a role has to do with.

import type { RoleView } from '../../core/kernel/view.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { type Translate, t } from '../i18n/i18n.ts';
import { detailsOf } from '../model/role-cards.ts';
import type { GroupLine } from '../stacks/stack-ui.ts';
import '../../words/frame/tree.en.json';

export interface RoleLine {
  readonly role: RoleView['role'];
  readonly text: string;
  readonly groups: readonly GroupLine[];
}

const inWords = (parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null).join(t('list.comma'));

/** A node's roles in the order of its configuration; of one that has not reported yet, their names. */
export function roleLines(node: NodeFrame, t: Translate): readonly RoleLine[] {
  const { roles, view, status } = node;
  if (view === null)
    return roles.map((role) => ({ role, text: inWords([t(`role.${role}`), t('tree.unknown')]), groups: [] }));
  const isPast = status !== 'up' && status !== 'frozen' && status !== 'opening';
  const details = detailsOf(node);
  return view.roles.map((own) => {
    const known = details.find(({ role }) => role === own.role);
    return {
      role: own.role,
      text: inWords([
        t(`role.${own.role}`),
        isPast ? t('tree.lastKnown') : null,
        'bootEpoch' in own ? t('tree.boot', { count: own.bootEpoch }) : null,
        ...(known?.words(own, t) ?? []),
      ]),
      groups: known?.groups?.(own, t) ?? [],
    };
  });
}
