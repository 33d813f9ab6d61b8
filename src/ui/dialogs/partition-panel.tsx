// Partition without dragging: every node on side A or B, the links that would be cut, how long; one action on the tape.

import { type ReactNode, useState } from 'react';
import { type NodeId, nodeId } from '../../base/ids.ts';
import { useFrame } from '../../state/frame-store.ts';
import { doAction } from '../faults/do-fault.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { DurationField } from './duration-field.tsx';
import { SidePanel } from './side-panel.tsx';

interface PanelProps {
  readonly side: readonly string[];
  readonly onClose: () => void;
}

type Side = 'A' | 'B';

export function PartitionPanel({ side, onClose }: PanelProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const cluster = useFrame((state) => state.cluster);
  const linkKeys = useFrame((state) => state.linkKeys);
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>(() =>
    Object.fromEntries(side.map((id) => [id, 'B' as const])),
  );
  const [forUs, setForUs] = useState<number | null>(null);
  const sideOf = (id: string): Side => sides[id] ?? 'A';
  const nodes = cluster?.nodes.map(({ id }) => id) ?? [];
  const on = (wanted: Side): readonly NodeId[] => nodes.filter((id) => sideOf(id) === wanted).map(nodeId);
  const cut = linkKeys
    .map((key) => key.split('|'))
    .filter(([a = '', b = '']) => sideOf(a) !== sideOf(b))
    .map(([a, b]) => `${a}–${b}`);
  const ready = on('A').length > 0 && on('B').length > 0;
  const submit = (): void => {
    if (!ready) return;
    void doAction(lab, { kind: 'partition', sides: [on('A'), on('B')], forUs }).then((ok) => {
      if (ok) onClose();
    });
  };
  return (
    <SidePanel title={t('partition.title')} onClose={onClose} onSubmit={submit}>
      <table className="data-table">
        <tbody>
          {nodes.map((id) => (
            <tr key={id}>
              <td>{id}</td>
              <td>
                <span
                  role="radiogroup"
                  aria-label={t('partition.sideOf', { node: id })}
                  className="flex gap-4"
                >
                  {(['A', 'B'] as const).map((value) => (
                    <label key={value} className="flex min-h-6 items-center gap-1.5">
                      <input
                        type="radio"
                        name={`side ${id}`}
                        value={value}
                        className="accent-accent"
                        aria-label={value}
                        checked={sideOf(id) === value}
                        onChange={() => setSides({ ...sides, [id]: value })}
                      />
                      {value}
                    </label>
                  ))}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="heading">{t('partition.cuts', { count: cut.length })}</p>
      <p className="mono text-[12px] leading-5">{cut.join(', ')}</p>
      <DurationField value={forUs} onChange={setForUs} />
      <div className="mt-4 flex justify-end gap-2">
        <Button look="line" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look="primary" type="submit" disabled={!ready}>
          {t('partition.do')}
        </Button>
      </div>
    </SidePanel>
  );
}
