// The way of a statement as steps with words: what happened, when and where, the line at which nothing that fails can lose it, and
// what is still under way, with why. Pure: a way and the nodes of a picture in, steps out.

import { REPLAYED } from '../../../core/kernel/client-calls.ts';
import {
  type Ask,
  type Change,
  isEnough,
  type Mark,
  type Way,
  type WayGroup,
} from '../../../run-model/ways/ways.ts';
import type { LensId } from '../../../state/settings-store.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { spanText } from '../../kit/format.ts';
import type { WayPlace } from './place.ts';

/** `done`: it is so from then on. `safe`: the line. `bad`: it failed. `open`: it has not happened; `held`: and something keeps it from happening. */
export type StepState = 'done' | 'disk' | 'safe' | 'bad' | 'open' | 'held';

export interface WayStep {
  readonly key: string;
  /** Null: it has not happened yet. */
  readonly mark: Mark | null;
  readonly state: StepState;
  readonly words: string;
  /** The lens that shows it closer. */
  readonly lens: LensId | null;
}

const step = (
  key: string,
  mark: Mark | null,
  words: string,
  state: StepState = 'done',
  lens: LensId | null = null,
): WayStep => ({ key, mark, state, words, lens });

function askSteps(ask: Ask, change: Change | null, t: Translate): readonly WayStep[] {
  const { mark, session, routed, retried, read, waited, answered } = ask;
  const to = routed?.to ?? change?.writer ?? read?.from ?? null;
  const asked = to === null ? t('way.askedNobody', { session }) : t('way.asked', { session, node: to });
  const steps = [step(`ask ${mark.index}`, mark, asked)];
  if (retried !== null)
    steps.push(
      step('retry', retried.mark, t('way.retried', { session, why: whyText(retried.why, t) }), 'bad'),
    );
  if (waited !== null) steps.push(waitStep(waited, t));
  if (read !== null && change === null)
    steps.push(
      step('read', read.mark, t('way.read', { node: read.from, lsn: read.readPoint }), 'done', 'pages'),
    );
  if (answered !== null) steps.push(answerStep(answered, t));
  return steps;
}

/** The driver's own reasons in words; what it was answered is a code, which is shown as it is. */
function whyText(why: string, t: Translate): string {
  if (why === 'timeout') return t('way.whyTimeout');
  return why === 'backoff' ? t('way.whyBackoff') : why;
}

function waitStep({ mark, on }: NonNullable<Ask['waited']>, t: Translate): WayStep {
  const words =
    on === 0 ? t('way.locked', { node: mark.node }) : t('way.lockedBy', { node: mark.node, tx: on });
  return step('lock', mark, words, 'held');
}

function answerStep({ mark, outcome, value }: NonNullable<Ask['answered']>, t: Translate): WayStep {
  const key = `answer ${mark.index}`;
  const answer = value || outcome;
  if (outcome === 'ok')
    return step(key, mark, answer === REPLAYED ? t('way.answeredBefore') : t('way.answered', { answer }));
  if (outcome === 'unknown') return step(key, mark, t('way.answeredUnknown'), 'bad');
  return step(key, mark, t('way.answeredError', { answer }), 'bad');
}

/** The groups that have its records; of a file the chunks, of which one will have them. */
const groupsOf = (change: Change, { volume }: WayPlace): readonly WayGroup[] => {
  if (volume === undefined) return [];
  if (volume.isFile) return [...volume.groups.values()].slice(0, 1);
  return [...change.lsns.keys()].flatMap((id) => volume.groups.get(id) ?? []);
};

/** How many of how many are enough: of the group that needs the most. */
function countsOf(groups: readonly WayGroup[]): { readonly need: number; readonly of: number } {
  const most = (numbers: readonly number[]): number => Math.max(0, ...numbers);
  return {
    need: most(groups.map(({ vw }) => vw)),
    of: most(groups.flatMap(({ sets }) => sets.map((set) => set.length))),
  };
}

/** What keeps records from a node; null: nothing does that is known, they are under way. Of a file the chunk’s leader sends them. */
function hindrance(
  node: string,
  writer: string,
  { nodes, links, volume }: WayPlace,
  t: Translate,
): string | null {
  const isFile = volume?.isFile === true;
  const status = nodes[node]?.status ?? 'up';
  if (status === 'down' || status === 'failed')
    return t(isFile ? 'way.missingDownFile' : 'way.missingDown', { node });
  if (status === 'frozen') return t('way.missingFrozen', { node });
  const link = isFile ? undefined : links.find(({ from, to }) => from === writer && to === node);
  if (link?.cut === true) return t('way.missingCut', { node, writer });
  return link?.held === true ? t('way.missingHeld', { node, writer }) : null;
}

function changeSteps(change: Change, place: WayPlace, t: Translate): readonly WayStep[] {
  const { writer: node, scn, changed, aborted, onDisk, quorum, heard, shown, built } = change;
  const isFile = place.volume?.isFile === true;
  const [log, disk, readers] = isFile
    ? (['shared', 'disk', 'shared'] as const)
    : (['mtr', 'wal', 'journal'] as const);
  const steps: WayStep[] = [];
  if (changed !== null) {
    const range = spanText(change.first, change.end);
    const words = isFile ? t('way.changedFile', { node, range }) : t('way.changed', { node, range });
    steps.push(step('changed', changed, words, 'done', log));
  }
  if (aborted !== null) {
    const words = t('way.aborted', { node, sqlstate: aborted.sqlstate });
    return [...steps, step('aborted', aborted.mark, words, 'bad')];
  }
  for (const mark of onDisk)
    steps.push(step(`disk ${mark.node}`, mark, t('way.onDisk', { node: mark.node }), 'disk', disk));
  if (quorum !== null)
    steps.push(step('safe', quorum, t('way.safe', countsOf(groupsOf(change, place))), 'safe'));
  if (scn === null) return steps;
  if (heard !== null) steps.push(step('heard', heard, t('way.heard', { node, lsn: scn }), 'done', disk));
  for (const mark of shown)
    steps.push(
      step(`shown ${mark.node}`, mark, t('way.shown', { node: mark.node, lsn: scn }), 'done', readers),
    );
  for (const mark of built)
    steps.push(step(`built ${mark.node}`, mark, t('way.built', { node: mark.node }), 'done', 'pages'));
  return steps;
}

/** What has not happened: who lacks the records, and for how many the commit waits. */
function openSteps(change: Change, place: WayPlace, t: Translate): readonly WayStep[] {
  if (change.aborted !== null || change.scn === null) return [];
  const isFile = place.volume?.isFile === true;
  // Which servers have a write of a file is heard from the chunk's leader alone.
  if (isFile && change.quorum !== null) return [];
  const groups = groupsOf(change, place);
  const holders = [...new Set(groups.flatMap(({ sets }) => sets.flat()))];
  const lacking = holders
    .filter((node) => !change.onDisk.some((mark) => mark.node === node))
    .map((node) => ({ node, why: hindrance(node, change.writer, place, t) }))
    .filter(({ why }) => why !== null || !isFile);
  const steps = lacking.map(({ node, why }) =>
    step(`missing ${node}`, null, why ?? t('way.missing', { node }), why === null ? 'open' : 'held'),
  );
  if (change.quorum !== null) return steps;
  const { need } = countsOf(groups);
  const words = isFile ? t('way.waitsFile', { need }) : t('way.waits', { need, have: change.onDisk.length });
  // It goes on by itself unless too few are left that nothing hinders.
  const isHeld = !groups.every((group) =>
    isEnough(group, (node) => !lacking.some((one) => one.node === node && one.why !== null)),
  );
  return [...steps, step('waits', null, words, isHeld ? 'held' : 'open')];
}

/** In the order of the run, the line behind the disk that it is about; what has not happened yet at the end. */
export function stepsOf({ asks, change }: Way, place: WayPlace, t: Translate): readonly WayStep[] {
  const done = [
    ...asks.flatMap((ask) => askSteps(ask, change, t)),
    ...(change === null ? [] : changeSteps(change, place, t)),
  ];
  const rank = ({ mark, state }: WayStep): number => (mark?.index ?? 0) + (state === 'safe' ? 0.5 : 0);
  return [...done.sort((a, b) => rank(a) - rank(b)), ...(change === null ? [] : openSteps(change, place, t))];
}
