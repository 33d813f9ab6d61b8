// The log store in outline, inspector and point of view: the holes it asks its peers to fill and those that it may not ask
// for yet, the watermarks of its groups, and what it has cached of writer and peers.

import type { ReactNode } from 'react';
import { MAX } from '../../../base/ids.ts';
import type { ComputeView } from '../../../core/compute/compute-view.ts';
import { openHoles, type StoreGroupView, type StoreView } from '../../../core/log-store/store-view.ts';
import type { NodeFrame } from '../../../run-model/picture/frame.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { Fact } from '../../kit/fact.tsx';
import { duration, groupDigits, rangeText } from '../../kit/format.ts';
import { TermLabel } from '../../kit/term.tsx';
import { type Belief, belief } from '../../model/knowledge.ts';
import { computeOf, countHoles, storeOf } from '../../model/node-facts.ts';
import type { GroupLine, RoleDetails } from '../stack-ui.ts';
import '../../../words/cynosdb/role.en.json';
import '../../../words/model/summary.en.json';

interface Props {
  readonly view: StoreView;
}

function Requests({ view }: Props): ReactNode {
  const t = useT();
  const asked = view.groups.flatMap((group) =>
    group.requests.map((request) => ({ group: group.group, request })),
  );
  const blocked = view.groups.flatMap((group) =>
    group.runs
      .filter((run) => run.type === 'hole' && !run.sent && run.end < MAX && run.first <= group.nwl)
      .map((run) => `${group.group} ${rangeText(run.first, run.end)}`),
  );
  return (
    <dl className="facts">
      <Fact label={t('summary.waitingFor')}>
        {asked.length === 0
          ? t('summary.nothing')
          : asked.slice(0, 6).map(({ group, request }) => (
              <div key={request.id + group}>
                {t('summary.from', {
                  what: `${group} ${rangeText(request.gapFirst, request.gapEnd)}`,
                  peer: request.peer,
                })}{' '}
                <span className="mono text-[12px] text-muted">{duration(request.ageUs)}</span>
              </div>
            ))}
      </Fact>
      {blocked.length > 0 && (
        <>
          <Fact label={t('summary.notAsked')}>{blocked.slice(0, 8).join(t('list.comma'))}</Fact>
          <Fact label={t('summary.why')}>
            {t('summary.aboveLimit', {
              limits: view.groups
                .map((group) => `${group.group} ${groupDigits(group.discoverLimit)}`)
                .join(t('list.comma')),
            })}
          </Fact>
        </>
      )}
    </dl>
  );
}

function Watermarks({ view }: Props): ReactNode {
  const t = useT();
  return (
    <>
      <h3 className="heading">{t('summary.watermarks')}</h3>
      <table className="data-table">
        <thead>
          <tr>
            <th>{t('lens.group')}</th>
            {(['SCL', 'NCL', 'NWL'] as const).map((name) => (
              <th key={name} className="n whitespace-normal">
                <TermLabel of={name.toLowerCase()} name={name} />
              </th>
            ))}
            <th className="n whitespace-normal">{t('summary.knownPgcl')}</th>
            <th className="n whitespace-normal">{t('summary.knownVdl')}</th>
            <th className="n">{t('summary.pages')}</th>
          </tr>
        </thead>
        <tbody>
          {view.groups.map((group) => (
            <tr key={group.group}>
              <td>{group.group}</td>
              <td className="n">{groupDigits(group.scl)}</td>
              <td className="n">{groupDigits(group.ncl)}</td>
              <td className="n">{groupDigits(group.nwl)}</td>
              <td className="n cached">{groupDigits(group.pgcl)}</td>
              <td className="n cached">{groupDigits(group.knownVdl)}</td>
              <td className="n">{group.pages}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function groupLine(view: StoreGroupView, t: Translate): GroupLine {
  const { group, scl, ncl, nwl, pgcl, pages, failed, mode, maxNwl, asksNothing } = view;
  const parts = [
    t('tree.storeGroup', { group, scl, ncl, nwl, pgcl, pages, holes: openHoles(view) }),
    failed === null ? null : t('tree.storeGroup.failed', { reason: failed }),
    mode === 'normal' ? null : t('tree.storeGroup.recovery', { nwl: maxNwl ?? '–' }),
    asksNothing ? t('tree.storeGroup.asksNothing') : null,
  ];
  return { key: group, id: group, text: parts.filter((part) => part !== null).join(t('list.comma')) };
}

function ofPeer(groups: readonly StoreGroupView[], peer: NodeFrame): readonly Belief[] {
  return groups.flatMap(({ group, peers }) => {
    const known = peers.find((one) => one.peer === peer.id);
    const truth = storeOf(peer)?.groups.find((one) => one.group === group);
    if (known?.known !== true || truth === undefined) return [];
    const { ncl, nwl, reportedAgoUs } = known;
    return [
      belief(`NCL ${group}`, ncl, truth.ncl, reportedAgoUs),
      belief(`NWL ${group}`, nwl, truth.nwl, reportedAgoUs),
    ];
  });
}

function ofWriter(groups: readonly StoreGroupView[], writer: ComputeView | null): readonly Belief[] {
  if (writer === null) return [];
  const vdl = Math.max(-1, ...groups.map(({ knownVdl }) => knownVdl));
  const marks = groups.flatMap(({ group, pgcl }) => {
    const truth = writer.groups.find((one) => one.group === group);
    return truth === undefined ? [] : [belief(`PGCL ${group}`, pgcl, truth.pgcl)];
  });
  return [belief('VDL', vdl, writer.vdl), ...marks];
}

export const storeDetails: RoleDetails<StoreView> = {
  role: 'store',
  words(view, t) {
    const { holes, asked } = countHoles(view);
    return [
      view.groups.length === 0 ? t('tree.noGroups') : null,
      holes === 0 ? null : t('holes.count', { count: holes }),
      asked === 0 ? null : t('tree.asked', { count: asked }),
      view.importing.length === 0 ? null : t('tree.importing', { count: view.importing.length }),
    ];
  },
  groups: ({ groups }, t) => groups.map((group) => groupLine(group, t)),
  Summary: ({ view }) => (
    <>
      <Requests view={view} />
      <Watermarks view={view} />
    </>
  ),
  /** The newest group first. */
  beliefs(view, other) {
    const groups = [...view.groups].reverse();
    return [...ofWriter(groups, computeOf(other)), ...ofPeer(groups, other)];
  },
};
