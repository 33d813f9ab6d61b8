// Out of the page: a tape as a file, a text to the clipboard.

import type { Lab } from '../../lab/api.ts';
import { frameStore } from '../../state/frame-store.ts';
import { saveBlob } from '../export/save.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';

export const saveText = (name: string, text: string): void =>
  saveBlob(name, new Blob([text], { type: 'text/plain' }));

export async function downloadTape(lab: Lab): Promise<void> {
  const { frame } = frameStore.getState();
  const text = await lab.exportTape();
  saveText(`${frame?.preset ?? 'lab'}-${frame?.seed ?? 0}.tape`, text);
}

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    showToast({ kind: 'done', text: t('toast.copied') });
    return true;
  } catch {
    showToast({ kind: 'error', text: t('toast.notCopied') });
    return false;
  }
}
