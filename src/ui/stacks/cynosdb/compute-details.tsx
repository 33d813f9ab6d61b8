// The compute node in outline, inspector and point of view: transactions, buffer, commits that wait, the SCLs that its
// replicas reported, and what its readers did. A reader's own part stands in reader-details.tsx.

import { Fragment, type ReactNode } from 'react';
import type { ComputeView } from '../../../core/compute/compute-view.ts';
import type { WriterGroupView } from '../../../core/quorum-log/log-view.ts';
import type { NodeFrame } from '../../../run-model/picture/frame.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { Fact } from '../../kit/fact.tsx';
import { duration, groupDigits } from '../../kit/format.ts';
import { HeardFact } from '../../kit/heard-fact.tsx';
import { worded } from '../../kit/term.tsx';
import { type Belief, belief } from '../../model/knowledge.ts';
import { computeOf, metaOf, storeOf } from '../../model/node-facts.ts';
import { OpenTransactions } from '../open-transactions.tsx';
import type { GroupLine, RoleDetails } from '../stack-ui.ts';
import { ReaderLinks, ReaderSummary, readerBeliefs, readerWords } from './reader-details.tsx';
import '../../../words/cynosdb/role.en.json';
import '../../../words/model/summary.en.json';

function Summary({ view, node }: { readonly view: ComputeView; readonly node: string }): ReactNode {
  return (
    <>
      {view.reader ? <ReaderSummary view={view} reader={view.reader} /> : <WriterSummary view={view} />}
      <dl className="facts">
        <OpenTransactions of={node} />
      </dl>
    </>
  );
}

function WriterSummary({ view }: { readonly view: ComputeView }): ReactNode {
  const t = useT();
  const { buffer, commitsWaiting } = view;
  const oldest = commitsWaiting.reduce((us, commit) => Math.max(us, commit.sinceUs), 0);
  return (
    <dl className="facts">
      <Fact label={t('summary.state')}>{t(`compute.${view.state}`)}</Fact>
      <Fact label={t('summary.waitingFor')}>
        {commitsWaiting.length === 0
          ? t('summary.nothing')
          : `${t('commits.waiting', { count: commitsWaiting.length })} (${duration(oldest)})`}
      </Fact>
      <Fact label={t('summary.allocation')}>
        <span className="mono">{`${groupDigits(view.tail)} / ${groupDigits(view.allocationLimit)}`}</span>
      </Fact>
      <Fact label={t('summary.buffer')}>
        {t('summary.bufferUse', {
          used: buffer.used,
          limit: buffer.limit,
          dirty: buffer.dirty,
          pinned: buffer.pinnedAboveVdl,
        })}
      </Fact>
      <Fact label={t('summary.transactions')}>
        {t('summary.transactionUse', { active: view.activeTransactions, waits: view.lockWaits })}
      </Fact>
      {view.others
        .filter(({ mode }) => mode !== 'idle')
        .map((attachment) => (
          <Fact key={attachment.volume} label={attachment.volume}>
            <span className="mono">
              {worded(`VDL ${groupDigits(attachment.vdl)} · tail ${groupDigits(attachment.tail)}`)}
            </span>
          </Fact>
        ))}
      {view.readers !== undefined && <ReaderLinks readers={view.readers} vdl={view.vdl} />}
      {view.groups.map((group) => (
        <HeardFact key={group.group} label={`SCL ${group.group}`}>
          <span className="mono">
            {group.replicas.map(({ replica, scl, known }, i) => (
              <Fragment key={replica}>
                {i > 0 && ' · '}
                <span className="whitespace-nowrap">{`${replica} ${known ? groupDigits(scl) : '?'}`}</span>
              </Fragment>
            ))}
          </span>
        </HeardFact>
      ))}
    </dl>
  );
}

function groupLine(
  { group, pgcl, tail, replicas, belowWriteQuorum }: WriterGroupView,
  t: Translate,
): GroupLine {
  const live = replicas.filter((replica) => replica.live).length;
  const text = t('tree.writerGroup', { group, pgcl, tail, live, count: replicas.length });
  return { key: group, id: group, text: belowWriteQuorum ? `${text}, ${t('tree.writerGroup.below')}` : text };
}

const writerWords = (
  { state, vdl, vcl, tail, recovery, buffer, token, ...view }: ComputeView,
  t: Translate,
): readonly (string | null)[] => [
  t(`compute.${state}`),
  recovery === null ? null : t('tree.step', { step: recovery.step }),
  t('token.value', { token }),
  t('tree.marks', { vdl, vcl, tail }),
  t('tree.transactions', { count: view.activeTransactions }),
  t('tree.commitsWaiting', { count: view.commitsWaiting.length }),
  t('tree.buffer', buffer),
];

/** The SCLs that the store has acknowledged to it, the newest group first, and the token that it writes by. */
function beliefs(view: ComputeView, other: NodeFrame): readonly Belief[] {
  if (view.reader) return readerBeliefs(view, view.reader, other);
  const meta = metaOf(other);
  const scls = view.groups.flatMap(({ group, replicas }) => {
    const known = replicas.find(({ replica }) => replica === other.id);
    const truth = storeOf(other)?.groups.find((one) => one.group === group);
    return known?.known === true && truth !== undefined ? [belief(`SCL ${group}`, known.scl, truth.scl)] : [];
  });
  const link = view.readers?.find(({ reader }) => reader === other.id);
  const reader = computeOf(other)?.reader;
  const reported =
    link === undefined || reader === undefined
      ? []
      : [belief('applyLsn', link.applyLsn, reader.applyLsn), belief('MRPL', link.mrpl, reader.mrpl)];
  return [
    ...reported,
    ...scls.reverse(),
    ...(meta === null ? [] : [belief('token', view.token, meta.token)]),
  ];
}

export const computeDetails: RoleDetails<ComputeView> = {
  role: 'compute',
  words: (view, t) => (view.reader ? readerWords(view, view.reader, t) : writerWords(view, t)),
  groups: ({ groups }, t) => groups.map((group) => groupLine(group, t)),
  Summary,
  beliefs,
};
