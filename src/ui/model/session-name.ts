// Names of sessions for people: a session of the screen's own is its letter to the driver as well (`A`; at a reader `A-ro-1`, in a volume that is
// not the first `A@v2`), and one that came through the address is its program.

import { bridgeStore } from '../../state/bridge-store.ts';
import type { Translate } from '../i18n/i18n.ts';
import '../../words/model/session.en.json';

/** As many as there are letters that one tells apart at a glance. */
export const SESSIONS_MAX = 8;
export const FIRST_LETTER = 'A';
export const letterAt = (place: number): string => String.fromCharCode(FIRST_LETTER.charCodeAt(0) + place);

/** The letter of a session of the screen's own, as a driver calls it; null: it is none of those. */
export const letterOf = (session: string): string | null => /^([A-H])(?:[-@]|$)/.exec(session)?.[1] ?? null;

/** The number of the connection whose session it is, as its driver calls it (lab/pg-bridge.ts); null: it is none of those. */
export function clientOf(session: string): number | null {
  const found = /^pg(\d+)_[0-9a-z]+$/.exec(session)?.[1];
  return found === undefined ? null : Number(found);
}

/** Who speaks through the connection: its program and its number. */
export function clientName(id: number, t: Translate): string {
  const { bridge } = bridgeStore.getState();
  const program =
    bridge?.kind === 'connected' ? (bridge.clients.find((one) => one.id === id)?.program ?? '') : '';
  return program === '' ? t('session.client', { id }) : t('session.program', { program, id });
}

/** A session as people call it; one of a load by its driver's name for it. */
export function sessionName(session: string, t: Translate): string {
  const letter = letterOf(session);
  if (letter !== null) return t('session.name', { letter: letter + session.slice(1) });
  const client = clientOf(session);
  return client === null ? session : clientName(client, t);
}
