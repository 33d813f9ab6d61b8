// The registry as buttons: the inspector's Faults tab and its short "act" row.

import type { ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { useSelection } from '../../state/selection-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { doFault } from './do-fault.ts';
import { faultLabel } from './fault-label.ts';
import type { MenuSubject } from './menu-store.ts';
import { entriesFor, type FaultContext } from './registry.ts';

interface ButtonsProps {
  readonly subject: MenuSubject;
  /** Entries to show; null: all. */
  readonly only?: readonly string[];
}

export function FaultButtons({ subject, only }: ButtonsProps): ReactNode {
  const lab = useLab();
  const t = useT();
  const frame = useFrame((state) => state.frame);
  const selection = useSelection((state) => state.nodes);
  if (frame === null) return null;
  const context: FaultContext = { frame, subject, selection };
  const entries = entriesFor(context).filter((entry) => only === undefined || only.includes(entry.id));
  return (
    <div className="flex flex-wrap gap-2">
      {entries.map((entry) => (
        <Button
          key={entry.id}
          small
          look="line"
          icon={entry.icon}
          disabled={!entry.enabled(context)}
          {...(entry.key === undefined ? {} : { 'aria-keyshortcuts': entry.key })}
          onClick={() => doFault(lab, entry, context)}
        >
          {faultLabel(entry, context, t)}
        </Button>
      ))}
    </div>
  );
}
