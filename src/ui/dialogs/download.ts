// Tape download and clipboard: a tape as a file, a text to the clipboard.

import { messageOf } from '../../base/thrown.ts';
import type { Lab } from '../../lab/api.ts';
import type { ExportKind } from '../../run-model/exports/run-export.ts';
import { frameStore } from '../../state/frame-store.ts';
import { writeClipboard } from '../export/clipboard.ts';
import { saveBlob } from '../export/save.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';

export const saveText = (name: string, text: string): void =>
  saveBlob(name, new Blob([text], { type: 'text/plain' }));

/** `hook-hole-7.tape`, of a twin `hook-hole-7-twin-1.tape`. */
function fileOf(lab: Lab, ending: string): string {
  const { frame } = frameStore.getState();
  const { shown } = lab.run();
  return `${frame?.preset ?? 'lab'}-${frame?.seed ?? 0}${shown === 'main' ? '' : `-${shown}`}.${ending}`;
}

export async function downloadTape(lab: Lab): Promise<void> {
  const name = fileOf(lab, 'tape');
  saveText(name, await lab.exportTape());
}

export async function copyText(text: string): Promise<boolean> {
  try {
    await writeClipboard(text);
    showToast({ kind: 'done', text: t('toast.copied') });
    return true;
  } catch {
    showToast({ kind: 'error', text: t('toast.notCopied') });
    return false;
  }
}

const endings: Readonly<Record<ExportKind, string>> = {
  trace: 'trace.jsonl',
  edn: 'history.edn',
  history: 'history.json',
};

/** The whole run for other tools; a bar shows how far it is, a toast what went wrong. */
export async function downloadRun(lab: Lab, kind: ExportKind): Promise<void> {
  const name = fileOf(lab, endings[kind]);
  try {
    saveText(name, await lab.exportRun(kind));
  } catch (error) {
    const detail = messageOf(error);
    showToast({ kind: 'error', text: t('toast.notExported', { detail }) });
  }
}
