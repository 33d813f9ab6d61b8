// A panel beside the map that never blocks the rest: the map stays in use while it is open.

import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';

interface PanelProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
  /** On the right where the map itself is needed: a tool is at work on it. */
  readonly place?: 'left' | 'right';
  readonly children: ReactNode;
}

export function SidePanel({ title, onClose, onSubmit, place = 'left', children }: PanelProps): ReactNode {
  const t = useT();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    const first = form.current?.querySelector<HTMLElement>('input') ?? form.current?.querySelector('button');
    first?.focus();
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <form
      ref={form}
      aria-label={title}
      className="side-panel"
      data-place={place}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className="panel-head">
        <h2 className="panel-title flex-1">{title}</h2>
        <IconButton small icon={X} label={t('close')} onClick={onClose} />
      </div>
      <div className="side-form min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
    </form>
  );
}
