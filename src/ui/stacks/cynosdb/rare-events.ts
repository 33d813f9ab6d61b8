// The split of a hole that is asked for, made to happen.

import { nodeId } from '../../../base/ids.ts';
import type { Lab } from '../../../lab/api.ts';
import type { WorldFrame } from '../../../run-model/picture/frame.ts';
import type { FlightView } from '../../../sim/types.ts';
import { replicasIn } from '../../../state/role-views.ts';
import { pictureAt, runOnUntil, send } from '../../faults/rare-steps.ts';
import { flightName } from '../../glyphs/flight-text.ts';
import { t } from '../../i18n/i18n.ts';
import { showToast } from '../../kit/toast.ts';
import { type Chosen, choose, heldFor, peersOf } from './rare-choice.ts';

/** Log messages kept back, of all groups in turn: one between two others of its group splits the hole that they leave. */
const heldBack = 12;
/** Requests for holes that are looked at before it is given up. */
const patience = 8;
/** Virtual ms for which a request for a hole is waited for, and for which the released message may be on its way. */
const SEARCH_MS = 60;
const ARRIVAL_MS = 4;

/**
 * A held message whose records lie inside a hole that the store is asking for, between two others that are held back. The
 * record before them in their group is then missing too: without it the hole would only begin later (HOLE-8).
 */
export function findSplitter(frame: WorldFrame, chosen: Chosen): FlightView | null {
  const replicas = replicasIn(frame).filter(({ node }) => node === chosen.store);
  for (const { group, runs } of replicas.map(({ list }) => list)) {
    const ranges = heldFor(frame, chosen).flatMap((flight) =>
      flight.label.group === group && flight.label.range !== null
        ? [{ flight, first: flight.label.range[0], end: flight.label.range[1] }]
        : [],
    );
    for (const hole of runs.filter((run) => run.type === 'hole' && run.sent)) {
      const inside = ranges.filter(({ first, end }) => hole.first <= first && end <= hole.end);
      const middle = inside.find(
        (one) => inside.some(({ end }) => end <= one.first) && inside.some(({ first }) => one.end <= first),
      );
      if (middle !== undefined) return middle.flight;
    }
  }
  return null;
}

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
