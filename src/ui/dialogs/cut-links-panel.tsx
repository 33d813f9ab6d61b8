// Panel that cuts or heals the links of one node: what X opens on a node, and the keyboard's way to a link.

import { type ReactNode, useState } from 'react';
import { nodeId } from '../../base/ids.ts';
import { useFrame } from '../../state/frame-store.ts';
import { linkShape } from '../../state/link-pair.ts';
import { doAction } from '../faults/do-action.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { linkName, linkStateText } from '../model/link-words.ts';
import { DurationField } from './duration-field.tsx';
import { SidePanel } from './side-panel.tsx';
import '../../words/dialogs/dialogs.en.json';
import '../../words/faults/faults.en.json';

interface PanelProps {
  readonly node: string;
  readonly onClose: () => void;
}

export function CutLinksPanel({ node, onClose }: PanelProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const links = useFrame((state) => state.links);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [forUs, setForUs] = useState<number | null>(null);
  const own = Object.values(links).filter((pair) => pair.a === node || pair.b === node);
  const others = own
    .filter((pair) => chosen.has(pair.key))
    .map((pair) => (pair.a === node ? pair.b : pair.a));
  const link = { from: [nodeId(node)], to: others, isBothWays: true };
  const done = (ok: boolean): void => {
    if (ok) onClose();
  };
  const cut = (): void => {
    if (others.length > 0) void doAction(lab, { kind: 'cut', link, forUs }).then(done);
  };
  return (
    <SidePanel title={t('cutLinks.title', { node })} onClose={onClose} onSubmit={cut}>
      <ul>
        {own.map((pair) => {
          const other = pair.a === node ? pair.b : pair.a;
          return (
            <li key={pair.key}>
              <label className="flex min-h-7 items-center gap-2">
                <input
                  type="checkbox"
                  className="accent-accent"
                  aria-label={linkName(pair, t)}
                  checked={chosen.has(pair.key)}
                  onChange={() => {
                    const next = new Set(chosen);
                    if (!next.delete(pair.key)) next.add(pair.key);
                    setChosen(next);
                  }}
                />
                <span className="flex-1">{other}</span>
                <span className={linkShape(pair) === 'normal' ? 'text-muted' : 'text-hole'}>
                  {linkStateText(pair, t)}
                </span>
              </label>
            </li>
          );
        })}
      </ul>
      <DurationField value={forUs} onChange={setForUs} />
      <div className="mt-4 flex justify-end gap-2">
        <Button
          look="line"
          disabled={others.length === 0}
          onClick={() => void doAction(lab, { kind: 'heal', link }).then(done)}
        >
          {t('fault.heal')}
        </Button>
        <Button look="primary" type="submit" disabled={others.length === 0}>
          {t('fault.cut')}
        </Button>
      </div>
    </SidePanel>
  );
}
