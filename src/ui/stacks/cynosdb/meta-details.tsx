// The metadata node in outline, inspector and point of view: token and writer of the volume, members of its groups, and
// which nodes its detector holds to be up.

import type { ReactNode } from 'react';
import type { MetaGroupView, MetaView } from '../../../core/pcs/pcs-view.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { Fact } from '../../kit/fact.tsx';
import { groupDigits } from '../../kit/format.ts';
import { belief } from '../../model/knowledge.ts';
import { computeOf, joinNames } from '../../model/node-facts.ts';
import type { GroupLine, RoleDetails } from '../stack-ui.ts';
import '../../../words/cynosdb/role.en.json';
import '../../../words/model/summary.en.json';

function Summary({ view }: { readonly view: MetaView }): ReactNode {
  const t = useT();
  return (
    <dl className="facts">
      <Fact label={t('card.volume')}>{`${view.volumeState}(${view.token})`}</Fact>
      <Fact label={t('card.writer')}>{view.writer ?? '–'}</Fact>
      <Fact label={t('summary.tokenHolder')}>{view.holder ?? '–'}</Fact>
      <Fact label={t('summary.raft')}>
        {t('summary.raftState', {
          role: t(`member.${view.member}`),
          term: view.term,
          leader: view.leader ?? '–',
          vote: view.votedFor ?? '–',
        })}
      </Fact>
      <Fact label={t('summary.voters')}>
        {view.voters.map((node) => (node === view.leader ? `${node} ★` : node)).join(' · ')}
      </Fact>
      <Fact label={t('summary.log')}>
        <span className="mono">{`${groupDigits(view.applied)} / ${groupDigits(view.commit)}`}</span>
      </Fact>
      <Fact label={t('summary.nodesSeen')}>
        {view.nodes
          .map(({ node, up, state }) =>
            state === null || state === 'up'
              ? `${node} ${up ? '✓' : '✕'}`
              : `${node} ${t(`nodeState.${state}`)}`,
          )
          .join(' · ')}
      </Fact>
    </dl>
  );
}

function groupLine({ group, members, move }: MetaGroupView, t: Translate): GroupLine {
  const { sets, learners, vw, vr } = members;
  const names = joinNames([...new Set(sets.flat())], t);
  const parts = [
    t('tree.metaGroup', { group, members: names, vw, vr }),
    learners.length === 0 ? null : t('tree.metaGroup.learners', { learners: joinNames(learners, t) }),
    move === null ? null : t('tree.metaGroup.move', { from: move.from, to: move.to }),
  ];
  return { key: group, id: group, text: parts.filter((part) => part !== null).join(t('list.comma')) };
}

export const metaDetails: RoleDetails<MetaView> = {
  role: 'meta',
  words: ({ term, commit, applied, ...view }, t) => [
    t('tree.raft', { term, commit, applied }),
    t('tree.volume', { state: view.volumeState, writer: view.writer ?? '–', token: view.token }),
    t('tree.map', { version: view.mapVersion }),
    t('tree.nodesUp', { up: view.nodes.filter(({ up }) => up).length, count: view.nodes.length }),
  ],
  groups: ({ groups }, t) => groups.map((group) => groupLine(group, t)),
  Summary,
  beliefs(view, other) {
    const known = view.nodes.find(({ node }) => node === other.id);
    const writer = computeOf(other);
    const truth = other.status === 'down' ? 'down' : 'up';
    return [
      ...(known === undefined ? [] : [belief('node', known.up ? 'up' : 'down', truth)]),
      ...(writer === null ? [] : [belief('token', view.token, writer.token)]),
    ];
  },
};
