// Watching and being watched: the owner of a lab sends its pictures to tabs that watch, a tab that lost its lab becomes
// one of them.

import type { WorldFrame } from '../sim/frame.ts';
import type { News } from '../sim/news.ts';
import type { LabCore } from './lab-core.ts';
import { type MirrorMessage, makeOwnership, type Ownership } from './ownership.ts';
import { makeSpaced } from './spaced.ts';

/** Wall ms between pictures sent to tabs that watch; the last one is always sent, or they would not see how a cluster stands. */
const MIRROR_MS = 100;

export interface Mirroring {
  readonly ownership: Ownership;
  /** The lab is another tab's from now on. */
  becomeMirror(): void;
  sendToMirrors(next: WorldFrame): void;
}

export function makeMirroring(core: LabCore): Mirroring {
  let mirroredTo = Number.MAX_SAFE_INTEGER;
  const ownership = makeOwnership(core.options.lab, {
    onLost: () => becomeMirror(),
    onMessage: (message) => onMessage(message),
  });

  const pictures = makeSpaced<WorldFrame>(MIRROR_MS, (frame) => {
    const { events, total } = core.events;
    ownership.post({ kind: 'picture', frame, events, total });
  });
  const sendToMirrors = (next: WorldFrame): void => {
    if (core.mirrors) pictures.tell(next);
  };

  /** The owner's pictures bring its newest events; what was not among the last ones is news here. */
  const newsOf = ({ events, total }: Extract<MirrorMessage, { kind: 'picture' }>): News => {
    const jumped = total < mirroredTo;
    const from = jumped ? 0 : mirroredTo;
    mirroredTo = total;
    return { events: events.filter(({ index, rank }) => index >= from && rank >= 2), jumped };
  };

  function becomeMirror(): void {
    core.letGo();
    core.mirror = true;
    core.mirrors = false;
    pictures.forget();
    ownership.release();
    ownership.post({ kind: 'watch' });
    core.tellRun();
  }

  function onMessage(message: MirrorMessage): void {
    switch (message.kind) {
      case 'watch':
        if (core.mirror) return;
        core.mirrors = true;
        if (core.frame !== null) sendToMirrors(core.frame);
        return;
      case 'owner':
        // Whoever watched the last owner goes on with this one, who cannot know of it.
        if (core.mirror) ownership.post({ kind: 'watch' });
        return;
      case 'release':
        if (!core.mirror && core.fabric !== null) becomeMirror();
        return;
      case 'gone':
        if (core.mirror) core.tellNotice({ kind: 'mirrorLost' });
        return;
      case 'picture':
        if (!core.mirror) return;
        core.showFrame(message.frame);
        core.showEvents({ events: message.events, total: message.total, news: newsOf(message) });
        return;
    }
  }

  return { ownership, becomeMirror, sendToMirrors };
}
