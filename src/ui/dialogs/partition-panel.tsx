// The partition tool's panel: every node on side A, B or C, which way, how long, and the links that would be cut. The lasso
// on the map changes the same plan; Enter makes one action on the tape.

import { type ReactNode, useEffect } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { hasControlPlane } from '../../state/role-views.ts';

import { doAction } from '../faults/do-action.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { Select } from '../kit/select.tsx';
import { useLab } from '../lab-context.ts';
import { DurationField } from './duration-field.tsx';
import {
  emptyPlan,
  planAction,
  plannedCuts,
  type SideName,
  setPlan,
  sideNames,
  sideOf,
  usePlan,
  type Way,
} from './partition-plan.ts';
import { SidePanel } from './side-panel.tsx';
import '../../words/dialogs/dialogs.en.json';

/** Links spelled out; the map shows them all. */
const cutsShown = 24;

interface PanelProps {
  readonly side: readonly string[];
  readonly onClose: () => void;
}

interface SideRadiosProps {
  readonly node: string;
  readonly side: SideName | null;
}

function SideRadios({ node, side }: SideRadiosProps): ReactNode {
  const t = useT();
  const sides = usePlan((plan) => plan.sides);
  if (side === null) return <span className="text-muted">{t('partition.left')}</span>;
  return (
    <span role="radiogroup" aria-label={t('partition.sideOf', { node })} className="flex gap-4">
      {sideNames.map((value) => (
        <label key={value} className="flex min-h-6 items-center gap-1.5">
          <input
            type="radio"
            name={`side ${node}`}
            value={value}
            className="accent-accent"
            aria-label={value}
            checked={side === value}
            onChange={() => setPlan({ sides: { ...sides, [node]: value } })}
          />
          {value}
        </label>
      ))}
    </span>
  );
}

export function PartitionPanel({ side, onClose }: PanelProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const cluster = useFrame((state) => state.cluster);
  const plan = usePlan((state) => state);
  useEffect(() => {
    setPlan({ ...emptyPlan, sides: Object.fromEntries(side.map((id) => [id, 'B' as const])) });
  }, [side]);
  if (cluster === null) return null;
  const action = planAction(plan, cluster);
  const cuts = plannedCuts(plan, cluster);
  const hasControl = hasControlPlane(cluster);
  const submit = (): void => {
    if (action === null) return;
    void doAction(lab, action).then((ok) => {
      if (ok) onClose();
    });
  };
  return (
    <SidePanel title={t('partition.title')} onClose={onClose} onSubmit={submit} place="right">
      <p className="mb-2 text-[12px] leading-4 text-muted">{t('partition.hint')}</p>
      <table className="data-table">
        <tbody>
          {cluster.nodes.map(({ id }) => (
            <tr key={id}>
              <td>{id}</td>
              <td>
                <SideRadios node={id} side={sideOf(plan, cluster, id)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {hasControl && (
        <label className="mt-2 flex min-h-7 items-center gap-2">
          <input
            type="checkbox"
            className="accent-accent"
            checked={plan.control}
            onChange={() => setPlan({ control: !plan.control })}
          />
          {t('partition.control')}
        </label>
      )}
      <div className="mt-2 flex flex-wrap items-end gap-2">
        <Select<Way>
          label={t('partition.ways')}
          value={plan.way}
          options={[
            { value: 'both', label: t('partition.both') },
            { value: 'there', label: t('partition.there') },
            { value: 'back', label: t('partition.back') },
          ]}
          onChange={(way) => setPlan({ way })}
        />
        <DurationField value={plan.forUs} onChange={(forUs) => setPlan({ forUs })} />
      </div>
      <p className="heading">{t('partition.cuts', { count: cuts.length })}</p>
      <p className="mono text-[12px] leading-5" aria-live="polite">
        {cuts.length === 0
          ? t('partition.nothing')
          : cuts
              .slice(0, cutsShown)
              .map(({ text }) => text)
              .join(t('list.comma'))}
        {cuts.length > cutsShown && ` ${t('partition.more', { count: cuts.length - cutsShown })}`}
      </p>
      <div className="mt-4 flex justify-end gap-2">
        <Button look="line" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look="primary" type="submit" data-partition-do disabled={action === null}>
          {t('partition.do')}
        </Button>
      </div>
    </SidePanel>
  );
}
