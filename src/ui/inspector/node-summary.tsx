// Summary of a node: what it waits for and why, its watermarks, its disk, and the faults nearest at hand.

import type { ReactNode } from 'react';
import { MAX } from '../../base/ids.ts';
import type { ComputeView } from '../../core/compute/compute-view.ts';
import type { DriverView } from '../../core/kernel/view.ts';
import type { StoreView } from '../../core/log-store/store-view.ts';
import type { MetaView } from '../../core/pcs/pcs-view.ts';
import type { NodeFrame } from '../../sim/frame.ts';
import { CopyCapsule } from '../dialogs/copy-capsule.tsx';
import { FaultButtons } from '../faults/fault-buttons.tsx';
import { useT } from '../i18n/i18n.ts';
import { bytesText, duration, groupDigits, millis, rangeText } from '../kit/format.ts';
import { computeOf, driverOf, healthOf, healthText, metaOf, storeOf } from '../model/node-facts.ts';
import { NodeLinks } from './node-links.tsx';
import './texts.ts';

interface FactProps {
  readonly label: string;
  readonly children: ReactNode;
}

export function Fact({ label, children }: FactProps): ReactNode {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function StoreWaits({ store }: { readonly store: StoreView }): ReactNode {
  const t = useT();
  const asked = store.groups.flatMap((group) =>
    group.requests.map((request) => ({ group: group.group, request })),
  );
  const blocked = store.groups.flatMap((group) =>
    group.runs
      .filter((run) => run.type === 'hole' && !run.sent && run.last < MAX && run.first <= group.nwl)
      .map((run) => `${group.group} ${rangeText(run.first, run.last)}`),
  );
  return (
    <dl className="facts">
      <Fact label={t('summary.waitingFor')}>
        {asked.length === 0
          ? t('summary.nothing')
          : asked.slice(0, 6).map(({ group, request }) => (
              <div key={request.id + group}>
                {t('summary.from', {
                  what: `${group} ${rangeText(request.gapFirst, request.gapLast)}`,
                  peer: request.peer,
                })}{' '}
                <span className="mono text-[12px] text-muted">{duration(request.ageUs)}</span>
              </div>
            ))}
      </Fact>
      {blocked.length > 0 && (
        <>
          <Fact label={t('summary.notAsked')}>{blocked.slice(0, 8).join(', ')}</Fact>
          <Fact label={t('summary.why')}>
            {t('summary.aboveLimit', {
              limits: store.groups
                .map((group) => `${group.group} ${groupDigits(group.discoverLimit)}`)
                .join(', '),
            })}
          </Fact>
        </>
      )}
    </dl>
  );
}

function StoreMarks({ store }: { readonly store: StoreView }): ReactNode {
  const t = useT();
  return (
    <>
      <h3 className="heading">{t('summary.watermarks')}</h3>
      <table className="data-table">
        <thead>
          <tr>
            <th>{t('lens.group')}</th>
            <th className="n">SCL</th>
            <th className="n">NCL</th>
            <th className="n">NWL</th>
            <th className="n whitespace-normal">{t('summary.knownPgcl')}</th>
            <th className="n whitespace-normal">{t('summary.knownVdl')}</th>
            <th className="n">{t('summary.pages')}</th>
          </tr>
        </thead>
        <tbody>
          {store.groups.map((group) => (
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

function ComputeFacts({ compute }: { readonly compute: ComputeView }): ReactNode {
  const t = useT();
  const oldest = compute.commitsWaiting.reduce((us, commit) => Math.max(us, commit.sinceUs), 0);
  return (
    <dl className="facts">
      <Fact label={t('summary.state')}>{t(`compute.${compute.state}`)}</Fact>
      <Fact label={t('summary.waitingFor')}>
        {compute.commitsWaiting.length === 0
          ? t('summary.nothing')
          : `${t('commits.waiting', { count: compute.commitsWaiting.length })} (${duration(oldest)})`}
      </Fact>
      <Fact label={t('summary.allocation')}>
        <span className="mono">{`${groupDigits(compute.tail)} / ${groupDigits(compute.allocationLimit)}`}</span>
      </Fact>
      <Fact label={t('summary.buffer')}>
        {t('summary.bufferUse', {
          used: compute.buffer.used,
          limit: compute.buffer.limit,
          dirty: compute.buffer.dirty,
          pinned: compute.buffer.pinnedAboveVdl,
        })}
      </Fact>
      <Fact label={t('summary.transactions')}>
        {t('summary.transactionUse', { active: compute.activeTransactions, waits: compute.lockWaits })}
      </Fact>
      {compute.groups.map((group) => (
        <Fact key={group.group} label={`SCL ${group.group}`}>
          <span className="mono">
            {group.replicas
              .map(({ replica, scl, known }) => `${replica}\u00a0${known ? groupDigits(scl) : '?'}`)
              .join(' · ')}
          </span>
        </Fact>
      ))}
    </dl>
  );
}

function MetaFacts({ meta }: { readonly meta: MetaView }): ReactNode {
  const t = useT();
  return (
    <dl className="facts">
      <Fact label={t('card.volume')}>{`${meta.volumeState}(${meta.token})`}</Fact>
      <Fact label={t('card.writer')}>{meta.writer ?? '–'}</Fact>
      <Fact label={t('summary.tokenHolder')}>{meta.holder ?? '–'}</Fact>
      <Fact label={t('summary.log')}>
        <span className="mono">{`${groupDigits(meta.applied)} / ${groupDigits(meta.commit)}`}</span>
      </Fact>
      <Fact label={t('summary.nodesSeen')}>
        {meta.nodes.map(({ node, up }) => `${node} ${up ? '✓' : '✕'}`).join(' · ')}
      </Fact>
    </dl>
  );
}

function DriverFacts({ driver }: { readonly driver: DriverView }): ReactNode {
  const t = useT();
  return (
    <dl className="facts">
      <Fact label={t('summary.inFlight')}>{driver.inFlight}</Fact>
      <Fact label={t('summary.retrying')}>{driver.retrying}</Fact>
      <Fact label={t('card.writer')}>{driver.writer ?? '–'}</Fact>
      <Fact label={t('summary.waitingFor')}>
        {driver.waiting.length === 0
          ? t('summary.nothing')
          : driver.waiting.slice(0, 6).map((statement) => (
              <div key={statement.session} className="mono text-[12px]">
                {`${statement.session}: ${statement.text.slice(0, 80)} `}
                <span className="text-muted">{duration(statement.sinceUs)}</span>
              </div>
            ))}
      </Fact>
    </dl>
  );
}

function DiskFacts({ node }: { readonly node: NodeFrame }): ReactNode {
  const t = useT();
  const { disk } = node;
  if (disk === null) return null;
  return (
    <>
      <h3 className="heading">{t('summary.disk')}</h3>
      <dl className="facts">
        <Fact label={t('summary.stored')}>{`${bytesText(disk.bytes)} / ${bytesText(disk.limitBytes)}`}</Fact>
        <Fact label={t('summary.unsynced')}>
          {t('summary.unsyncedUse', {
            count: disk.volatileWrites,
            bytes: bytesText(disk.volatileBytes),
            pending: disk.pending,
          })}
        </Fact>
      </dl>
    </>
  );
}

export function NodeSummary({ node }: { readonly node: NodeFrame }): ReactNode {
  const t = useT();
  const store = storeOf(node);
  const compute = computeOf(node);
  const meta = metaOf(node);
  const driver = driverOf(node);
  const health = healthOf(node);
  return (
    <div className="@container">
      <div className="grid grid-cols-1 gap-x-8 gap-y-3 @min-[560px]:grid-cols-2">
        <div>
          {health !== 'up' && (
            <p className="mb-2 font-semibold text-fence">
              {t('summary.stateSince', { state: healthText(health, t), time: millis(node.since) })}
            </p>
          )}
          {node.error !== null && (
            <div className="mb-2">
              <p className="mb-1 text-fence">{node.error}</p>
              <CopyCapsule node={node.id} detail={node.error} />
            </div>
          )}
          {store !== null && <StoreWaits store={store} />}
          {compute !== null && <ComputeFacts compute={compute} />}
          {meta !== null && <MetaFacts meta={meta} />}
          {driver !== null && <DriverFacts driver={driver} />}
          {store !== null && <StoreMarks store={store} />}
        </div>
        <div>
          <NodeLinks id={node.id} />
          <h3 className="heading">{t('summary.act')}</h3>
          <FaultButtons
            subject={{ kind: 'node', id: node.id }}
            only={['crash', 'restart', 'freeze', 'resume', 'isolate', 'cutLinks', 'healNode']}
          />
          <DiskFacts node={node} />
        </div>
      </div>
    </div>
  );
}
