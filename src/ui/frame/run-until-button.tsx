// The button of "run until …"; what it opens loads when it is first pressed.

import { FastForward } from 'lucide-react';
import { lazy, type ReactNode, useEffect, useRef } from 'react';
import { openRunUntil, useRunUntilOpen } from '../../state/run-until-store.ts';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { Late } from '../kit/late.tsx';

const RunUntilPopover = lazy(async () => ({
  default: (await import('../story/run-until-popover.tsx')).RunUntilPopover,
}));

export function RunUntilButton({ disabled }: { readonly disabled: boolean }): ReactNode {
  const t = useT();
  const isOpen = useRunUntilOpen();
  const opener = useRef<HTMLButtonElement>(null);
  // In one column the key may be pressed where the bar is out of sight, and what opens stands at its button.
  useEffect(() => {
    if (isOpen) void opener.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  const button = (
    <IconButton
      ref={opener}
      icon={FastForward}
      label={t('toolbar.runUntil')}
      keys="u"
      disabled={disabled}
      aria-haspopup="dialog"
      onClick={openRunUntil}
    />
  );
  return isOpen ? (
    <Late fallback={button}>
      <RunUntilPopover trigger={button} />
    </Late>
  ) : (
    button
  );
}
