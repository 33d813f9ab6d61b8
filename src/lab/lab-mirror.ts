// Watching and being watched: the owner of a lab sends its pictures to tabs that watch, a tab that lost its lab becomes
// one of them.

import { messageOf } from '../base/thrown.ts';
import { randomId } from '../host/random-id.ts';
import type { WorldFrame } from '../run-model/picture/frame.ts';
import type { NewEvents } from '../run-model/recorder/new-events.ts';
import type { LabCore } from './lab-core.ts';
import { type AskedOfOwner, type MirrorMessage, makeOwnership, type Ownership } from './ownership.ts';
import { makeSpaced } from './spaced.ts';

/** Wall ms between pictures sent to tabs that watch; the last one is always sent, or they would not see how a cluster stands. */
const MIRROR_MS = 100;
/** Wall ms that the tab which drives a run has for an answer. */
const ANSWER_MS = 20_000;
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
  /** Asks the tab that drives the run. Rejects, for a person, when none answers. */
  ask<T>(what: AskedOfOwner): Promise<T>;
}

/** `answer`: what this tab says of the run that it drives. */
export function makeMirroring(core: LabCore, answer: (what: AskedOfOwner) => Promise<unknown>): Mirroring {
  let mirroredTo = Number.MAX_SAFE_INTEGER;
  const asked = new Map<string, (value: unknown, error: string | null) => void>();
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

  const ask = <T>(what: AskedOfOwner): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = randomId();
      const end = (value: unknown, error: string | null): void => {
        clearTimeout(timer);
        asked.delete(id);
        if (error === null) resolve(value as T);
        else reject(new Error(error));
      };
      const timer = setTimeout(() => end(null, 'the tab with this run did not answer'), ANSWER_MS);
      asked.set(id, end);
      ownership.post({ kind: 'ask', id, what });
    });

  /** Who drives nothing says nothing: whoever asked is answered by the one that does. */
  const postAnswer = (id: string, what: AskedOfOwner): void => {
    if (core.role.kind === 'mirror' || (core.fabric === null && core.past.kind === 'none')) return;
    const post = (value: unknown, error: string | null): void =>
      ownership.post({ kind: 'answer', id, value, error });
    answer(what).then(
      (value) => post(value, null),
      (error: unknown) => post(null, messageOf(error)),
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
      case 'ask':
        postAnswer(message.id, message.what);
        return;
      case 'answer':
        asked.get(message.id)?.(message.value, message.error);
        return;
      case 'picture':
        hear();
        if (core.role.kind !== 'mirror') return;
        core.showFrame(message.frame);
        core.showEvents({ events: message.events, total: message.total, newEvents: newEventsOf(message) });
        return;
    }
  }

  return { ownership, becomeMirror, watchOwner, sendToMirrors, watch, leave, ask };
}
