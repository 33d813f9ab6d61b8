// Watching and being watched: the owner of a lab sends its pictures to tabs that watch, a tab that lost its lab becomes
// one of them.

import { randomId } from '../host/random-id.ts';
import type { WorldFrame } from '../run-model/picture/frame.ts';
import type { NewEvents } from '../run-model/recorder/new-events.ts';
import type { LabCore } from './lab-core.ts';
import { type MirrorMessage, makeOwnership, type Ownership } from './ownership.ts';
import { makeSpaced } from './spaced.ts';

/** Wall ms between pictures sent to tabs that watch; the last one is always sent, or they would not see how a cluster stands. */
const MIRROR_MS = 100;
/** Wall ms that the tab which drives a run has to tell its tape. */
const TAPE_MS = 20_000;
/** Wall ms after the lock was seen free in which another tab that takes over says so. */
const SILENCE_MS = 500;

export interface RunElsewhere {
  /** Its tape up to now. */
  readonly text: string;
  readonly playing: boolean;
}

export interface Mirroring {
  readonly ownership: Ownership;
  /** The lab is another tab's from now on. */
  becomeMirror(): void;
  /**
   * Sees when no tab drives the lab, also when that one went without a word. A tab that has not chosen what to do beside it
   * claims the lab then; one that watches says so.
   */
  watchOwner(claim: () => void): void;
  /** What this tab shows, its past too. */
  sendToMirrors(next: WorldFrame): void;
  /** Asks the owner for its pictures. */
  watch(): void;
  /** This tab goes: says so to whoever relies on it. */
  leave(): void;
  /** The run that another tab drives. Rejects, for a person, when none answers. */
  askTape(): Promise<RunElsewhere>;
}

export function makeMirroring(core: LabCore): Mirroring {
  let mirroredTo = Number.MAX_SAFE_INTEGER;
  const asked = new Map<string, (run: RunElsewhere) => void>();
  const ownership = makeOwnership(core.lab, {
    onLost: () => becomeMirror(),
    onMessage: (message) => onMessage(message),
  });

  const pictures = makeSpaced<WorldFrame>(MIRROR_MS, (frame) => {
    const { events, total } = core.events;
    ownership.post({ kind: 'picture', frame, events, total });
  });
  const sendToMirrors = (next: WorldFrame): void => {
    if (core.role.kind === 'owner' && core.role.isWatched) pictures.tell(next);
  };

  /** The owner's pictures bring its newest events; what was not among the last ones is new here. */
  const newEventsOf = ({ events, total }: Extract<MirrorMessage, { kind: 'picture' }>): NewEvents => {
    const jumped = total < mirroredTo;
    const from = jumped ? 0 : mirroredTo;
    mirroredTo = total;
    return { events: events.filter(({ index, rank }) => index >= from && rank >= 2), jumped };
  };

  const watch = (): void => {
    ownership.post({ kind: 'watch', isAudience: core.options.isAudience === true });
  };

  const leave = (): void => {
    if (core.role.kind !== 'mirror') ownership.post({ kind: 'gone' });
    else if (core.options.isAudience === true) ownership.post({ kind: 'leave' });
  };

  /** An audience has come or gone: what goes on while this tab is hidden changes with it. */
  const setAudience = (isThere: boolean): void => {
    if (core.role.kind !== 'owner' || core.role.hasAudience === isThere) return;
    core.role = { ...core.role, hasAudience: isThere };
    core.tellHidden();
    core.notifyRun();
  };

  let isWatching = false;
  let heard = false;
  /** Whoever drives the lab has said something. */
  const hear = (): void => {
    heard = true;
    if (core.role.kind !== 'mirror') return;
    if (core.role.isOwnerGone) {
      core.role = { kind: 'mirror', isOwnerGone: false };
      core.notifyRun();
    }
    if (!isWatching) watchOwner(() => undefined);
  };

  const sayGone = (): void => {
    if (core.role.kind !== 'mirror' || core.role.isOwnerGone) return;
    core.role = { kind: 'mirror', isOwnerGone: true };
    core.notifyRun();
    core.postNotice({ kind: 'mirrorLost' });
  };

  function watchOwner(claim: () => void): void {
    isWatching = true;
    void ownership.whenFree().then((isFree) => {
      if (!isFree) return;
      heard = false;
      setTimeout(() => {
        isWatching = false;
        if (core.fabric !== null) return;
        // It went over to another tab.
        if (heard) watchOwner(claim);
        else if (core.role.kind === 'mirror') sayGone();
        else claim();
      }, SILENCE_MS);
    });
  }

  function becomeMirror(): void {
    const gone = core.letGo();
    core.role = { kind: 'mirror', isOwnerGone: false };
    pictures.forget();
    core.notifyRun();
    // Whoever takes over finds every disk closed.
    void gone.then(() => {
      ownership.release();
      if (core.role.kind !== 'mirror') return;
      watch();
      watchOwner(() => undefined);
    });
  }

  const askTape = (): Promise<RunElsewhere> =>
    new Promise((resolve, reject) => {
      const id = randomId();
      const timer = setTimeout(() => {
        asked.delete(id);
        reject(new Error('the tab with this run did not answer'));
      }, TAPE_MS);
      asked.set(id, (run) => {
        clearTimeout(timer);
        asked.delete(id);
        resolve(run);
      });
      ownership.post({ kind: 'askTape', id });
    });

  /** Who drives nothing has no tape: whoever asked gets it from the one that does. */
  const postTape = (id: string): void => {
    const { fabric } = core;
    if (core.role.kind === 'mirror' || fabric === null) return;
    const playing = core.live?.playing ?? false;
    fabric
      .ask<string>((ask) => ({ kind: 'tape', id: ask }))
      .then(
        (text) => ownership.post({ kind: 'tape', id, text, playing }),
        () => undefined,
      );
  };

  function onMessage(message: MirrorMessage): void {
    switch (message.kind) {
      case 'watch':
        if (core.role.kind === 'mirror') return;
        core.role = { ...core.role, isWatched: true };
        if (message.isAudience) setAudience(true);
        if (core.frame !== null) sendToMirrors(core.frame);
        return;
      case 'leave':
        setAudience(false);
        if (core.options.isAudience === true) watch();
        return;
      case 'owner':
        hear();
        // Whoever watched the last owner goes on with this one, who cannot know of it.
        if (core.role.kind === 'mirror') watch();
        return;
      case 'release':
        if (core.role.kind === 'owner' && core.fabric !== null) becomeMirror();
        return;
      case 'gone':
        sayGone();
        return;
      case 'askTape':
        postTape(message.id);
        return;
      case 'tape':
        asked.get(message.id)?.(message);
        return;
      case 'picture':
        hear();
        if (core.role.kind !== 'mirror') return;
        core.showFrame(message.frame);
        core.showEvents({ events: message.events, total: message.total, newEvents: newEventsOf(message) });
        return;
    }
  }

  return { ownership, becomeMirror, watchOwner, sendToMirrors, watch, leave, askTape };
}
