// Rare events made to happen: each is a few ordinary tape actions at the right moments, found by watching the run. What
// is on the tape afterwards makes it happen again.

import { type NodeId, nodeId } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import type { WorldFrame } from '../../sim/frame.ts';
import { printAction } from '../../sim/tape-print.ts';
import type { FlightView } from '../../sim/types.ts';
import { flightName } from '../glyphs/flight-text.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { type NewAction, timed } from './entry.ts';

/** Log messages kept back, of all groups in turn: one between two others of its group splits the hole that they leave. */
const heldBack = 12;
/** Requests for holes that are looked at before it is given up. */
const patience = 8;
/** Virtual ms for which a request for a hole is waited for, and for which the released message may be on its way. */
const SEARCH_MS = 60;
const ARRIVAL_MS = 4;

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
 * A held message whose records lie inside a hole that the store is asking for, between two others that are held back. The
 * record before them in their group is then missing too: without it the hole would only begin later (HOLE-8).
 */
export function findSplitter(frame: WorldFrame, chosen: Chosen): FlightView | null {
  const view = frame.nodes.find(({ id }) => id === chosen.store)?.view;
  const stores = (view?.roles ?? []).flatMap((role) => (role.role === 'store' ? role.groups : []));
  for (const { group, runs } of stores) {
    const ranges = heldFor(frame, chosen).flatMap((flight) =>
      flight.label.group === group && flight.label.range !== null
        ? [{ flight, first: flight.label.range[0], last: flight.label.range[1] }]
        : [],
    );
    for (const hole of runs.filter((run) => run.type === 'hole' && run.sent)) {
      const inside = ranges.filter(({ first, last }) => hole.first <= first && last <= hole.last);
      const middle = inside.find(
        (one) =>
          inside.some(({ last }) => last <= one.first) && inside.some(({ first }) => one.last <= first),
      );
      if (middle !== undefined) return middle.flight;
    }
  }
  return null;
}

const send = (lab: Lab, action: NewAction): ReturnType<Lab['act']> => lab.act(printAction(timed(action)));

/**
 * HOLE-13: a late original arrives inside a hole that is already asked for. The store's peers are kept from it until the
 * hole is seen: else it asks for each commit by itself, as it hears of it, and no request covers three messages.
 */
export async function splitAskedHole(lab: Lab): Promise<void> {
  const before = lab.frame();
  const chosen = before === null ? null : choose(before);
  if (before === null || chosen === null) {
    showToast({ kind: 'error', text: t('rare.failed') });
    return;
  }
  const store = nodeId(chosen.store);
  const link = { from: [nodeId(chosen.writer)], to: [store], isBothWays: false };
  const peers = { from: [store], to: peersOf(before, chosen.store), isBothWays: true };
  showToast({ kind: 'note', text: t('rare.looking', { node: chosen.store }) });
  await send(lab, { kind: 'holdNext', link, family: 'wal', count: heldBack });
  await send(lab, { kind: 'cut', link: peers, forUs: null });
  await runOnUntil(lab, `hole.open at ${chosen.store}`, SEARCH_MS);
  await send(lab, { kind: 'heal', link: peers });
  const splitter = await findAskedHole(lab, chosen);
  if (splitter !== null) await send(lab, { kind: 'releaseMessage', message: splitter.id });
  const isSplit =
    splitter !== null && (await runOnUntil(lab, `hole.split at ${chosen.store}`, ARRIVAL_MS)) !== null;
  if (isSplit) {
    const name = flightName(splitter, t('flight.to'));
    showToast({ kind: 'done', text: t('rare.done', { name, node: chosen.store }) });
  } else showToast({ kind: 'error', text: t('rare.failed') });
  await send(lab, { kind: 'release', link });
}

/** Who shares a group with a store. */
const peersOf = ({ cluster }: WorldFrame, store: string): readonly NodeId[] => [
  ...new Set(
    cluster.groups
      .filter(({ replicas }) => replicas.some((id) => id === store))
      .flatMap(({ replicas }) => replicas.filter((id) => id !== store)),
  ),
];

/** The time at which the event was found; null when it did not come in this many virtual ms, or was cancelled. */
async function runOnUntil(lab: Lab, event: string, ms: number): Promise<number | null> {
  const limit = lab.run().liveTime / 1000 + ms;
  const stood = await lab.runUntil(`${event} or time >= ${limit.toFixed(3)}`);
  return stood.ok && stood.end === 'found' && stood.at < limit * 1000 ? stood.at : null;
}

/** Runs from one request for a hole to the next, until one of them covers a held message with something on both sides. */
async function findAskedHole(lab: Lab, chosen: Chosen): Promise<FlightView | null> {
  for (let i = 0; i < patience; i++) {
    const stood = await runOnUntil(lab, `hole.sent at ${chosen.store}`, SEARCH_MS);
    if (stood === null) return null;
    const splitter = findSplitter(await pictureAt(lab, stood), chosen);
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
