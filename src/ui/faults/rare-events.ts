// Rare events made to happen: each is a few ordinary tape actions at the right moments, found by watching the run. What
// is on the tape afterwards makes it happen again.

import { nodeId } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import type { WorldFrame } from '../../sim/frame.ts';
import { printAction } from '../../sim/tape-print.ts';
import type { FlightView } from '../../sim/types.ts';
import { flightName } from '../glyphs/flight-text.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { type NewAction, timed } from './entry.ts';

/** Log messages kept back, of all groups in turn: one between two others of its group splits the hole that they leave. */
const heldBack = 6;
/** Requests for holes that are looked at before it is given up. */
const patience = 8;

interface Chosen {
  readonly writer: string;
  readonly store: string;
}

/** The writer, and the store of its last group that has no hole. */
function choose(frame: WorldFrame): Chosen | null {
  const writer = frame.nodes.find(({ roles, status }) => roles.includes('compute') && status === 'up');
  const stores = frame.cluster.groups.at(-1)?.replicas ?? [];
  const whole = stores.filter((id) => {
    const node = frame.nodes.find((one) => one.id === id);
    const holes = node?.view?.roles.some(
      (role) => role.role === 'store' && role.groups.some((group) => group.holeCount > 0),
    );
    return node?.status === 'up' && holes !== true;
  });
  const store = whole.at(-1);
  return writer === undefined || store === undefined ? null : { writer: writer.id, store };
}

const heldFor = (frame: WorldFrame, { writer, store }: Chosen): readonly FlightView[] =>
  frame.flights
    .filter(
      ({ fate, from, to, label }) =>
        fate === 'held' && from === writer && to === store && label.family === 'wal',
    )
    .sort((a, b) => a.sentAt - b.sentAt || (a.label.range?.[0] ?? 0) - (b.label.range?.[0] ?? 0));

/**
 * A held message whose records lie inside a hole that the store is asking for: something of the hole stays on both
 * sides of it.
 */
export function findSplitter(frame: WorldFrame, chosen: Chosen): FlightView | null {
  const view = frame.nodes.find(({ id }) => id === chosen.store)?.view;
  for (const flight of heldFor(frame, chosen)) {
    const { group, range } = flight.label;
    if (range === null) continue;
    for (const role of view?.roles ?? []) {
      const list = role.role === 'store' ? role.groups.find((one) => one.group === group) : undefined;
      const hole = list?.runs.find(
        (run) => run.type === 'hole' && run.sent && run.first < range[0] && range[1] < run.last,
      );
      if (hole !== undefined) return flight;
    }
  }
  return null;
}

const send = (lab: Lab, action: NewAction): ReturnType<Lab['act']> => lab.act(printAction(timed(action)));

/** HOLE-13: a late original arrives inside a hole that is already asked for. */
export async function splitAskedHole(lab: Lab): Promise<void> {
  const before = lab.frame();
  const chosen = before === null ? null : choose(before);
  if (chosen === null) {
    showToast({ kind: 'error', text: t('rare.failed') });
    return;
  }
  const link = { from: [nodeId(chosen.writer)], to: [nodeId(chosen.store)], isBothWays: false };
  await send(lab, { kind: 'holdNext', link, family: 'wal', count: heldBack });
  showToast({ kind: 'note', text: t('rare.looking', { node: chosen.store }) });
  const splitter = await findAskedHole(lab, chosen);
  if (splitter !== null) {
    await send(lab, { kind: 'releaseMessage', message: splitter.id });
    await lab.runUntil(`hole.split at ${chosen.store}`);
    const name = flightName(splitter, t('flight.to'));
    showToast({ kind: 'done', text: t('rare.done', { name, node: chosen.store }) });
  } else showToast({ kind: 'error', text: t('rare.failed') });
  await send(lab, { kind: 'release', link });
}

/** Runs from one request for a hole to the next, until one of them covers a held message with something on both sides. */
async function findAskedHole(lab: Lab, chosen: Chosen): Promise<FlightView | null> {
  for (let i = 0; i < patience; i++) {
    const stood = await lab.runUntil(`hole.sent at ${chosen.store}`);
    if (!stood.ok || stood.end !== 'found') return null;
    const splitter = findSplitter(await pictureAt(lab, stood.at), chosen);
    if (splitter !== null) return splitter;
  }
  return null;
}

/** The picture of a time at which the run stands: it may still be on its way. */
function pictureAt(lab: Lab, at: number): Promise<WorldFrame> {
  return new Promise((resolve) => {
    const shown = lab.frame();
    if (shown !== null && shown.time >= at) {
      resolve(shown);
      return;
    }
    const end = lab.subscribe({
      onFrame(frame) {
        if (frame.time < at) return;
        end();
        resolve(frame);
      },
    });
  });
}
