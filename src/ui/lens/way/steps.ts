// The way of a statement as steps with words: what happened, when and where, the line at which nothing that fails can lose it, and
// what is still under way, with why. Pure: a way and the nodes of a picture in, steps out.

import type { GroupSpec } from '../../../core/kernel/cluster-spec.ts';
import type { LinkFrame, NodeFrame } from '../../../run-model/picture/frame.ts';
import type { LensId } from '../../../state/settings-store.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { spanText } from '../../kit/format.ts';
import type { Ask, Change, Mark, Way, WayVolume } from './ways.ts';

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

/** What a picture says of the parts that a way goes through. */
export interface WayPlace {
  readonly volume: WayVolume | undefined;
  /** Chunk servers of a volume that lies in files; empty: it has protection groups. */
  readonly chunkServers: readonly string[];
  readonly nodes: Readonly<Record<string, NodeFrame>>;
  readonly links: readonly LinkFrame[];
}

const step = (
  key: string,
  mark: Mark | null,
  words: string,
  state: StepState = 'done',
  lens: LensId | null = null,
): WayStep => ({ key, mark, state, words, lens });

const answerOf = ({ outcome, value }: NonNullable<Ask['answered']>): string => value || outcome;

function askSteps(ask: Ask, change: Change | null, t: Translate): readonly WayStep[] {
  const { mark, session, routed, retried, read, answered } = ask;
  const to = routed?.to ?? change?.writer ?? read?.from ?? null;
  const asked = to === null ? t('way.askedNobody', { session }) : t('way.asked', { session, node: to });
  return [
    step(`ask ${mark.index}`, mark, asked),
    ...(retried === null
      ? []
      : [step('retry', retried.mark, t('way.retried', { session, why: retried.why }), 'bad')]),
    ...(read === null || change !== null
      ? []
      : [step('read', read.mark, t('way.read', { node: read.from, lsn: read.readPoint }), 'done', 'pages')]),
    ...(answered === null ? [] : [answerStep(answered, t)]),
  ];
}

function answerStep(answered: NonNullable<Ask['answered']>, t: Translate): WayStep {
  const key = `told ${answered.mark.index}`;
  const answer = answerOf(answered);
  if (answered.outcome === 'ok') return step(key, answered.mark, t('way.told', { answer }));
  if (answered.outcome === 'unknown') return step(key, answered.mark, t('way.toldUnknown'), 'bad');
  return step(key, answered.mark, t('way.toldError', { answer }), 'bad');
}

/** Who is to have records of the change, of every group once. */
function holdersOf(change: Change, { volume, chunkServers }: WayPlace): readonly string[] {
  if (chunkServers.length > 0) return chunkServers;
  return [
    ...new Set(
      [...change.lsns.keys()].flatMap((id) => groupOf(volume, id)?.replicas ?? ([] as readonly string[])),
    ),
  ];
}

const groupOf = (volume: WayVolume | undefined, id: string): GroupSpec | undefined =>
  volume?.groups.find((group) => group.id === id);

/** How many of how many are enough: of the group that needs the most. */
function enough(change: Change, place: WayPlace): { readonly need: number; readonly of: number } {
  if (place.chunkServers.length > 0) {
    const of = place.chunkServers.length;
    return { need: Math.floor(of / 2) + 1, of };
  }
  const groups = [...change.lsns.keys()].flatMap((id) => groupOf(place.volume, id) ?? []);
  return {
    need: Math.max(0, ...groups.map(({ vw }) => vw)),
    of: Math.max(0, ...groups.map(({ replicas }) => replicas.length)),
  };
}

/** Why somebody does not have the records yet. */
function missingWords(node: string, writer: string, { nodes, links }: WayPlace, t: Translate) {
  const status = nodes[node]?.status ?? 'up';
  if (status === 'down' || status === 'failed')
    return { words: t('way.missingDown', { node }), isHeld: true };
  if (status === 'frozen') return { words: t('way.missingFrozen', { node }), isHeld: true };
  const isCut = links.some(({ from, to, cut, held }) => (cut || held) && from === writer && to === node);
  return isCut
    ? { words: t('way.missingCut', { node, writer }), isHeld: true }
    : { words: t('way.missing', { node }), isHeld: false };
}

function changeSteps(change: Change, place: WayPlace, t: Translate): readonly WayStep[] {
  const { writer, scn, onDisk, quorum } = change;
  const isFile = place.chunkServers.length > 0;
  const { need, of } = enough(change, place);
  const steps: WayStep[] = [];
  if (change.waited !== null)
    steps.push(
      step('lock', change.waited.mark, t('way.locked', { node: writer, tx: change.waited.on }), 'held'),
    );
  if (change.changed !== null) {
    const range = spanText(change.first, change.end);
    const words = isFile
      ? t('way.changedFile', { node: writer, range })
      : t('way.changed', { node: writer, range });
    steps.push(step('changed', change.changed, words, 'done', isFile ? 'shared' : 'mtr'));
  }
  if (change.aborted !== null) {
    const { mark, sqlstate } = change.aborted;
    steps.push(step('aborted', mark, t('way.aborted', { node: writer, sqlstate }), 'bad'));
    return steps;
  }
  for (const mark of onDisk)
    steps.push(
      step(`disk ${mark.node}`, mark, t('way.onDisk', { node: mark.node }), 'disk', isFile ? 'disk' : 'wal'),
    );
  if (quorum !== null) steps.push(step('safe', quorum, t('way.safe', { need, of }), 'safe'));
  if (change.heard !== null && scn !== null)
    steps.push(
      step(
        'heard',
        change.heard,
        t('way.heard', { node: writer, lsn: scn }),
        'done',
        isFile ? 'shared' : 'wal',
      ),
    );
  for (const mark of change.shown)
    steps.push(
      step(
        `shown ${mark.node}`,
        mark,
        t('way.shown', { node: mark.node, lsn: scn ?? -1 }),
        'done',
        isFile ? 'shared' : 'journal',
      ),
    );
  for (const mark of change.built)
    steps.push(step(`built ${mark.node}`, mark, t('way.built', { node: mark.node }), 'done', 'pages'));
  return steps;
}

function openSteps(change: Change, place: WayPlace, t: Translate): readonly WayStep[] {
  if (change.aborted !== null || change.scn === null) return [];
  // A write of a file is at the chunk servers that the majority was made of; of the others nothing is heard.
  const lacking = place.chunkServers.length > 0 && change.quorum !== null ? [] : holdersOf(change, place);
  const missing = lacking.filter((node) => !change.onDisk.some((mark) => mark.node === node));
  const { need } = enough(change, place);
  const steps = missing.map((node) => {
    const { words, isHeld } = missingWords(node, change.writer, place, t);
    return step(`missing ${node}`, null, words, isHeld ? 'held' : 'open');
  });
  if (change.quorum !== null) return steps;
  const have = change.onDisk.length;
  return [
    ...steps,
    step(
      'waits',
      null,
      t('way.waits', { need, have }),
      missing.length > 0 &&
        steps.filter(({ state }) => state === 'held').length > holdersOf(change, place).length - need
        ? 'held'
        : 'open',
    ),
  ];
}

/** In the order of time; what happened at one time, in the order of the run, and what has not happened yet at the end. */
export function stepsOf({ asks, change }: Way, place: WayPlace, t: Translate): readonly WayStep[] {
  const done = [
    ...asks.flatMap((ask) => askSteps(ask, change, t)),
    ...(change === null ? [] : changeSteps(change, place, t)),
  ];
  const rank = ({ mark, state }: WayStep): number => (mark?.index ?? 0) + (state === 'safe' ? 0.5 : 0);
  return [
    ...done.sort((a, b) => (a.mark?.at ?? 0) - (b.mark?.at ?? 0) || rank(a) - rank(b)),
    ...(change === null ? [] : openSteps(change, place, t)),
  ];
}
