// A run that another tab drives goes on in this one as a lab of its own, with a name and disks of its own: that tab tells
// its tape, a cluster here lives through it at maximum speed, and stands or plays as the other does.

import { messageOf } from '../base/thrown.ts';
import type { LabCore } from './lab-core.ts';
import type { LiveSide } from './lab-live.ts';
import type { Mirroring } from './lab-mirror.ts';
import type { Done } from './time-api.ts';

/** The page's address with another lab in it: a reload opens that one again. */
function addressOf(lab: string): string {
  const search = new URLSearchParams(location.search);
  search.set('lab', lab);
  return `${location.pathname}?${search}${location.hash}`;
}

export async function forkElsewhere(
  core: LabCore,
  { ownership, askTape }: Mirroring,
  startCluster: LiveSide['startCluster'],
): Promise<Done> {
  try {
    const { text, playing } = await askTape();
    const { previewTape } = await import('./tape-preview.ts');
    const opened = previewTape(text);
    if (!opened.ok) return { ok: false, error: `line ${opened.line}: ${opened.error}` };
    core.lab = `lab-${Date.now().toString(36)}`;
    ownership.moveTo(core.lab);
    history.replaceState(null, '', addressOf(core.lab));
    await ownership.claim();
    await startCluster({ text, at: Math.round(opened.preview.durationMs * 1000) });
    if (playing) core.fabric?.tell({ kind: 'play' });
    return { ok: true };
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
}
