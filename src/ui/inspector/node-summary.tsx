// Summary of a node: a section for each of its roles, its links, its disk, and the faults nearest at hand.

import type { ReactNode } from 'react';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { CopyReproBundle } from '../dialogs/copy-repro-bundle.tsx';
import { FaultButtons } from '../faults/fault-buttons.tsx';
import { useT } from '../i18n/i18n.ts';
import { Fact } from '../kit/fact.tsx';
import { bytesText, millis } from '../kit/format.ts';
import { healthOf, healthText } from '../model/node-facts.ts';
import { detailsOf, viewOf } from '../model/role-cards.ts';
import { NodeLinks } from './node-links.tsx';
import '../../words/inspector.en.json';
import '../../words/model/summary.en.json';

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
          {node.status === 'down' && <p className="mb-2 text-muted">{t('summary.lastHeld')}</p>}
          {node.error !== null && (
            <div className="mb-2">
              <p className="mb-1 text-fence">{node.error}</p>
              <CopyReproBundle node={node.id} detail={node.error} />
            </div>
          )}
          {detailsOf(node).map(({ role, Summary }) => {
            const view = viewOf(node, role);
            return Summary && view && <Summary key={role} view={view} node={node.id} />;
          })}
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
