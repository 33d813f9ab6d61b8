// A tab beside one that drives a lab becomes one of a lab of its own, with a name and disks of its own. Either the other's run goes on
// here: that tab tells its tape, a cluster here lives through it at maximum speed, and stands or plays as the other does. Or what a
// link asks for begins here.

import { messageOf } from '../base/thrown.ts';
import type { LabCore } from './lab-core.ts';
import type { LiveSide } from './lab-live.ts';
import type { Mirroring, RunElsewhere } from './lab-mirror.ts';
import type { Done } from './time-api.ts';

/** The page's address with another lab in it: a reload opens that one again. */
function addressOf(lab: string): string {
  const search = new URLSearchParams(location.search);
  search.set('lab', lab);
  return `${location.pathname}?${search}${location.hash}`;
}

/** This tab is one of a lab of its own from now on. */
async function moveApart(core: LabCore, { ownership }: Mirroring): Promise<void> {
  core.lab = `lab-${Date.now().toString(36)}`;
  ownership.moveTo(core.lab);
  // With what a link asks for, which a reload asks again until it is begun.
  history.replaceState(history.state, '', addressOf(core.lab));
  await ownership.claim();
}

const done = async (work: () => Promise<void>): Promise<Done> => {
  try {
    await work();
    return { ok: true };
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
};

export const forkElsewhere = (
  core: LabCore,
  mirroring: Mirroring,
  startCluster: LiveSide['startCluster'],
): Promise<Done> =>
  done(async () => {
    const { text, playing } = await mirroring.ask<RunElsewhere>({ kind: 'tape' });
    const { previewTape } = await import('./tape-preview.ts');
    const opened = previewTape(text);
    if (!opened.ok) throw new Error(`line ${opened.line}: ${opened.error}`);
    core.answerAsk(true);
    await moveApart(core, mirroring);
    await startCluster({ text, at: Math.round(opened.preview.durationMs * 1000) });
    if (playing) core.fabric?.tell({ kind: 'play' });
  });

export const beginApart = (
  core: LabCore,
  mirroring: Mirroring,
  startCluster: LiveSide['startCluster'],
): Promise<Done> =>
  done(async () => {
    await moveApart(core, mirroring);
    await startCluster();
  });
