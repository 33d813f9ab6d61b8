// Disk tab: what is durable, what a crash now could lose or tear, the disk's faults, and where it really lies.

import type { ReactNode } from 'react';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { useRun } from '../../state/run-store.ts';
import { FaultButtons } from '../faults/fault-buttons.tsx';
import { faultRegistry } from '../faults/registry.ts';
import { useT } from '../i18n/i18n.ts';
import { ProgressBar } from '../kit/button.tsx';
import { Fact } from '../kit/fact.tsx';
import { bytesText } from '../kit/format.ts';
import '../../words/inspector.en.json';
import '../../words/model/summary.en.json';

/** Entries of the registry that act on a node's disk. */
const diskFaultIds: readonly string[] = faultRegistry
  .filter(({ id, target }) => target === 'node' && /^(?:disk|bitRot|lose|misdirect|read)/i.test(id))
  .map(({ id }) => id);

export function NodeDisk({ node }: { readonly node: NodeFrame }): ReactNode {
  const t = useT();
  const memoryOnly = useRun((run) => run?.memoryOnly === true);
  const { disk, diskFaults } = node;
  const inForce = [
    ...(['full', 'stall', 'failSync', 'failRead'] as const)
      .filter((kind) => diskFaults[kind])
      .map((kind) => t(`disk.inForce.${kind}`)),
    ...(diskFaults.roomPercent === 100 ? [] : [t('disk.inForce.room', { percent: diskFaults.roomPercent })]),
    ...(diskFaults.slowPercent === 100 ? [] : [t('disk.inForce.slow', { percent: diskFaults.slowPercent })]),
  ];
  return (
    <>
      {disk !== null && (
        <>
          <dl className="facts">
            <Fact label={t('disk.stored')}>{bytesText(disk.bytes)}</Fact>
            <Fact label={t('disk.limit')}>{bytesText(disk.limitBytes)}</Fact>
            <Fact label={t('disk.volatile')}>
              {t('summary.unsyncedUse', {
                count: disk.volatileWrites,
                bytes: bytesText(disk.volatileBytes),
                pending: disk.pending,
              })}
            </Fact>
            <Fact label={t('disk.pending')}>{disk.pending}</Fact>
            <Fact label={t('disk.browser')}>{memoryOnly ? t('disk.memory') : t('disk.database')}</Fact>
          </dl>
          <ProgressBar
            className="my-2"
            label={t('disk.stored')}
            done={disk.bytes}
            of={disk.limitBytes}
            hue="wal"
          />
          <p className="text-[12px] leading-4 text-muted">
            {disk.volatileWrites === 0
              ? t('disk.allSynced')
              : t('disk.volatileNote', { count: disk.volatileWrites })}
          </p>
        </>
      )}
      <h3 className="heading">{t('disk.faults')}</h3>
      <p className="text-[12px]">{inForce.length === 0 ? t('disk.noFaults') : inForce.join(' · ')}</p>
      {diskFaultIds.length > 0 && (
        <div className="mt-2">
          <FaultButtons subject={{ kind: 'node', id: node.id }} only={diskFaultIds} />
        </div>
      )}
    </>
  );
}
