// The registry as buttons: the inspector's Faults tab and its short "act" row.

import type { ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { keyText } from '../../state/key-map.ts';
import { useSelection } from '../../state/selection-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, keyShortcut } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { doFault } from './do-fault.ts';
import type { FaultEntry } from './entry.ts';
import { faultLabel, faultNote } from './fault-label.ts';
import type { MenuSubject } from './menu-store.ts';
import { entriesFor, type FaultContext } from './registry.ts';
import '../../words/faults/operation.en.json';

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
  const singleKeys = useSettings((settings) => settings.singleKeys);
  const keyMap = useSettings((settings) => settings.keyMap);
  const keyOf = (key: FaultEntry['key']): string | null =>
    key === undefined ? null : keyText(key.toLowerCase(), singleKeys, keyMap);
  if (frame === null) return null;
  const context: FaultContext = { frame, subject, selection };
  const entries = entriesFor(context).filter((entry) => only === undefined || only.includes(entry.id));
  const refused = entries.flatMap((entry) => {
    const isRefused = entry.refusal != null && !entry.enabled(context);
    return isRefused
      ? [{ id: entry.id, label: faultLabel(entry, context, t), note: faultNote(entry, context) }]
      : [];
  });
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {entries.map((entry) => {
          const note = faultNote(entry, context);
          return (
            <Button
              key={entry.id}
              small
              look="line"
              icon={entry.icon}
              disabled={!entry.enabled(context)}
              {...(note === null ? {} : { title: note, 'aria-description': note })}
              {...keyShortcut(keyOf(entry.key))}
              onClick={() => doFault(lab, entry, context)}
            >
              {faultLabel(entry, context, t)}
            </Button>
          );
        })}
      </div>
      {refused.map(({ id, label, note }) => (
        <p key={id} className="mt-1 text-[12px] text-muted">
          {t('operation.refused', { operation: label, why: note ?? '' })}
        </p>
      ))}
    </>
  );
}
