// Opens a file or a pasted text without running it: a tape, or a repro bundle with one in it.

import type { Refusal } from '../presets/refusals.ts';
import type { FactFault } from '../run-model/facts/fault.ts';
import type { TapePreview } from './api.ts';
import { BUNDLE_HEAD_LINES, isReproBundle, type ReproBundle, readReproBundle } from './repro-bundle.ts';
import { previewTape } from './tape-preview.ts';

export type TapeFile =
  | {
      readonly ok: true;
      readonly tape: string;
      readonly preview: TapePreview;
      readonly bundle: ReproBundle | null;
    }
  | { readonly ok: false; readonly line: number; readonly why: Refusal | FactFault };

/** The tape of the text, whoever can read it. */
export function tapeOfText(text: string): string {
  const read = isReproBundle(text) ? readReproBundle(text) : null;
  return read?.ok === true ? read.bundle.tape : text;
}

/** Lines are counted in the text as it is. */
export function readTapeFile(text: string): TapeFile {
  if (!isReproBundle(text)) {
    const opened = previewTape(text);
    return opened.ok ? { ok: true, tape: text, preview: opened.preview, bundle: null } : opened;
  }
  const read = readReproBundle(text);
  if (!read.ok) return read;
  const { bundle } = read;
  const opened = previewTape(bundle.tape);
  return opened.ok
    ? { ok: true, tape: bundle.tape, preview: opened.preview, bundle }
    : { ...opened, line: opened.line + BUNDLE_HEAD_LINES };
}
