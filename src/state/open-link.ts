// The tape of a link: sent to the build of its engine where the site keeps it, or opened here, which the page says in words; refused in
// words when it is damaged or of a version that this lab does not know.

import { leaveForEngine } from '../lab/engine-place.ts';
import { decodeTape, type LinkTape } from '../lab/share.ts';
import { previewTape } from '../lab/tape-preview.ts';
import { refusal } from '../presets/refusals.ts';
import { sayOtherEngine } from './other-engine.ts';

export async function openLink(shared: string): Promise<LinkTape> {
  const link = decodeTape(shared);
  if (!link.ok) return link;
  const engine = await leaveForEngine(link.tape);
  const preview = previewTape(link.tape);
  if (preview.ok) {
    if (engine !== null) sayOtherEngine(engine);
    return link;
  }
  const fault = refusal('atLine', { line: preview.line, inner: preview.why });
  const why = engine === null ? fault : refusal('linkEngine', { inner: fault, engine });
  return { ok: false, why, readable: link.tape };
}
