// Dialog, used only for: load a file, discard the run, the run open elsewhere, share preview. Loaded on demand.

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from './button.tsx';

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Absent: it must be answered by its own buttons. */
  readonly onClose?: () => void;
}

export function Dialog({ title, children, onClose }: DialogProps): ReactNode {
  const t = useT();
  // Radix gives the focus back to a trigger; these dialogs have none, and are left to where the keyboard was.
  const [opener] = useState(() => document.activeElement);
  const stay = (event: Event): void => {
    if (onClose === undefined) event.preventDefault();
  };
  return (
    <Radix.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose?.();
      }}
    >
      <Radix.Portal>
        <Radix.Overlay className="dialog-veil" />
        <Radix.Content
          className="dialog"
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            const first = document.querySelector<HTMLElement>('.dialog [data-first]');
            if (first === null) return;
            event.preventDefault();
            first.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
          }}
          onEscapeKeyDown={stay}
          onPointerDownOutside={stay}
          onInteractOutside={stay}
        >
          <div className="mb-3 flex items-center gap-2">
            <Radix.Title className="panel-title flex-1">{title}</Radix.Title>
            {onClose !== undefined && <IconButton small icon={X} label={t('close')} onClick={onClose} />}
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
