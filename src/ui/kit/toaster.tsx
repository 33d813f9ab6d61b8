// Draws the toasts (sonner): polite, six seconds, paused under the pointer. Loaded on demand.

import { type ReactNode, useEffect } from 'react';
import { Toaster as Sonner, toast } from 'sonner';
import { useStore } from 'zustand';
import { useSettings } from '../../state/settings-store.ts';
import { takeToasts, toastStore } from './toast.ts';

/** The navigation of one column stands along the lower edge (theme/column.css). */
const aboveFoot = 'calc(var(--foot, 0px) + 16px)';

export function Toaster({ theme }: { readonly theme: 'light' | 'dark' }): ReactNode {
  const waiting = useStore(toastStore, (state) => state.waiting);
  useSettings((settings) => settings.language);
  useEffect(() => {
    if (waiting.length === 0) return;
    for (const { kind, text, action } of takeToasts()) {
      const options = action === undefined ? {} : { action: { label: action.label, onClick: action.run } };
      if (kind === 'error') toast.error(text, { ...options, duration: 10_000 });
      else toast(text, { ...options, duration: 6000 });
    }
  }, [waiting]);
  return (
    <Sonner
      theme={theme}
      position="bottom-right"
      visibleToasts={4}
      offset={{ bottom: aboveFoot }}
      mobileOffset={{ bottom: aboveFoot }}
      toastOptions={{
        style: {
          background: 'var(--bg-2)',
          color: 'var(--text)',
          border: '1px solid var(--border-control)',
          borderRadius: 8,
          fontSize: 13,
        },
      }}
    />
  );
}
