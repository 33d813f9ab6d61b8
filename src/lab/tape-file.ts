// What a file or a pasted text holds, told before it is run: a tape, or a capsule with one in it.

import type { TapePreview } from './api.ts';
import { CAPSULE_HEAD_LINES, type Capsule, isCapsule, readCapsule } from './capsule.ts';
import { previewTape } from './tape-preview.ts';

export type TapeFile =
  | {
      readonly ok: true;
      readonly tape: string;
      readonly preview: TapePreview;
      readonly capsule: Capsule | null;
    }
  | { readonly ok: false; readonly line: number; readonly error: string };

/** Lines are counted in the text as it is. */
export function readTapeFile(text: string): TapeFile {
  if (!isCapsule(text)) {
    const opened = previewTape(text);
    return opened.ok ? { ok: true, tape: text, preview: opened.preview, capsule: null } : opened;
  }
  const read = readCapsule(text);
  if (!read.ok) return read;
  const { capsule } = read;
  const opened = previewTape(capsule.tape);
  return opened.ok
    ? { ok: true, tape: capsule.tape, preview: opened.preview, capsule }
    : { ...opened, line: opened.line + CAPSULE_HEAD_LINES };
}
