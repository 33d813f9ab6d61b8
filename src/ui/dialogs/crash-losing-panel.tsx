// Crash with chosen losses: the node's writes that are not yet durable, each to be lost or to survive.

import { type ReactNode, useState } from 'react';
import { nodeId } from '../../base/ids.ts';
import { useNode } from '../../state/frame-store.ts';
import { doAction } from '../faults/do-action.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { namePages } from '../model/known-names.ts';
import { SidePanel } from './side-panel.tsx';
import '../../words/dialogs/dialogs.en.json';

interface PanelProps {
  readonly node: string;
  readonly onClose: () => void;
}

export function CrashLosingPanel({ node, onClose }: PanelProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const unsynced = useNode(node)?.disk?.unsynced ?? [];
  const [lost, setLost] = useState<ReadonlySet<string>>(new Set());
  // What has become durable meanwhile can no longer be lost; the choice of it stays, in case it is written again.
  const keys = [...new Set([...unsynced, ...lost])];
  const submit = (): void => {
    void doAction(lab, { kind: 'crashLosing', node: nodeId(node), keys: [...lost], forUs: null }).then(
      (ok) => {
        if (ok) onClose();
      },
    );
  };
  return (
    <SidePanel title={t('crashLosing.title', { node })} onClose={onClose} onSubmit={submit}>
      <p className="text-[12px] leading-4 text-muted">{t('crashLosing.note')}</p>
      {keys.length === 0 && <p className="mt-3">{t('crashLosing.none', { node })}</p>}
      <ul className="mt-2">
        {keys.map((key) => (
          <li key={key}>
            <label className="flex min-h-7 items-center gap-2">
              <input
                type="checkbox"
                className="accent-accent"
                checked={lost.has(key)}
                onChange={() => {
                  const next = new Set(lost);
                  if (!next.delete(key)) next.add(key);
                  setLost(next);
                }}
              />
              <span className="mono flex-1 truncate">{namePages(key)}</span>
              <span className={unsynced.includes(key) ? 'text-wal' : 'text-muted'}>
                {t(unsynced.includes(key) ? 'crashLosing.volatile' : 'crashLosing.durable')}
              </span>
            </label>
          </li>
        ))}
      </ul>
      <div className="mt-4 flex justify-end gap-2">
        <Button look="line" onClick={() => setLost(new Set(unsynced))} disabled={unsynced.length === 0}>
          {t('crashLosing.all')}
        </Button>
        <Button look="danger" type="submit">
          {t('crashLosing.do')}
        </Button>
      </div>
    </SidePanel>
  );
}
