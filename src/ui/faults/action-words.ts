// An action of the tape in a few words, in the language of the page. The tape's own line is the same everywhere, and
// stays to be read beside them. Pure.

import { unreachable } from '../../base/assert.ts';
import { findNewest, makeNewest, noteNewest } from '../../base/newest.ts';
import type { LinkTarget } from '../../sim/actions/define.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import { parseAction } from '../../sim/tape-parse.ts';
import { glyphs } from '../glyphs/glyph-shapes.ts';
import type { Translate } from '../i18n/i18n.ts';
import './texts.ts';
import './word-texts.ts';

/** `6 ms`, `2.5 ms`, `1.2 s`: what the tape says, without idle zeros. */
function timeText(us: number): string {
  return Math.abs(us) < 1_000_000 ? `${us / 1000} ms` : `${us / 1_000_000} s`;
}

const names = (list: readonly string[]): string => list.join(', ');
const linkText = ({ from, to, isBothWays }: LinkTarget): string =>
  `${names(from)}${isBothWays ? '–' : '→'}${names(to)}`;

function momentText(moment: Extract<TapeAction, { kind: 'crashOn' }>['moment'], t: Translate): string {
  switch (moment) {
    case 'append':
    case 'ack':
    case 'durable':
    case 'holeRequest':
    case 'holeFill':
    case 'token':
      return t(`moment.${moment}`);
    default:
      return t('moment.recovery', { step: moment });
  }
}

function whatText(action: TapeAction, t: Translate): string {
  switch (action.kind) {
    case 'crash':
      return action.mode === 'drawn'
        ? t('word.crash', action)
        : t(`word.crash.${action.mode}`, { node: action.node });
    case 'restart':
    case 'crashLosing':
    case 'wipeDisk':
    case 'snapshotDisk':
    case 'rollbackDisk':
    case 'disarm':
    case 'dropBuffer':
    case 'stop':
    case 'freeze':
    case 'resume':
    case 'diskStall':
    case 'diskFull':
    case 'diskFailSync':
    case 'diskFailRead':
    case 'diskOk':
    case 'bitRot':
    case 'diskReadError':
    case 'diskLoseWrite':
    case 'diskMisdirect':
    case 'pauseHoles':
    case 'resumeHoles':
      return t(`word.${action.kind}`, { node: action.node });
    case 'crashOn':
      return t(action.when === 'before' ? 'word.crashBefore' : 'word.crashAfter', {
        node: action.node,
        moment: momentText(action.moment, t),
      });
    case 'powerOff':
    case 'powerOn':
    case 'isolate':
      return t(`word.${action.kind}`, { nodes: names(action.nodes) });
    case 'partition':
      return t('word.partition', { sides: action.sides.map(names).join(' | ') });
    case 'slowCpu':
      return t('word.slowCpu', { node: action.node, time: timeText(action.usPerInput) });
    case 'clock':
      return t('word.clock', { node: action.node, time: timeText(action.offsetUs) });
    case 'clockDrift':
      return t('word.clockDrift', { node: action.node, percent: action.ppm / 10_000 });
    case 'diskSlow':
      return t('word.diskSlow', { node: action.node, times: action.percent / 100 });
    case 'cut':
    case 'hold':
    case 'heal':
    case 'release':
      return t(`word.${action.kind}`, { link: linkText(action.link) });
    case 'latency':
      return t('word.latency', { link: linkText(action.link), time: timeText(action.baseUs) });
    case 'jitter':
      return t('word.jitter', { link: linkText(action.link), time: timeText(action.jitterUs) });
    case 'bandwidth':
      return t('word.bandwidth', { link: linkText(action.link), bytes: action.bytesPerMs });
    case 'loss':
    case 'duplicate':
    case 'reorder':
    case 'corrupt':
      return t(`word.${action.kind}`, { link: linkText(action.link), percent: action.percent });
    case 'dropNext':
    case 'holdNext': {
      const { letter, label } = glyphs[action.family];
      const link = linkText(action.link);
      return t(`word.${action.kind}`, { link, count: action.count, letter: letter || t(label) });
    }
    case 'dropMessage':
    case 'deliverMessage':
    case 'duplicateMessage':
    case 'corruptMessage':
    case 'releaseMessage':
    case 'holdMessage':
      return t(`word.${action.kind}`, { message: action.message });
    case 'delayMessage':
      return t('word.delayMessage', { message: action.message, time: timeText(action.byUs) });
    default:
      return clientText(action, t);
  }
}

type NoFault =
  | 'healAll'
  | 'powerCut'
  | 'sql'
  | 'cancel'
  | 'workload'
  | 'workloadSet'
  | 'workloadStop'
  | 'padTo'
  | 'moveReplica'
  | 'nameArchiver'
  | 'rollbackMove'
  | 'restore'
  | 'cancelRestore'
  | 'dropVolume'
  | 'readPage'
  | 'evictPage'
  | 'pinPage'
  | 'unpinPage';

/** What clients and operators do, and what is done to the whole world. */
function clientText(action: Extract<TapeAction, { kind: NoFault }>, t: Translate): string {
  switch (action.kind) {
    case 'healAll':
    case 'powerCut':
      return t(`word.${action.kind}`);
    case 'sql':
    case 'cancel':
      return t(`word.${action.kind}`, { node: action.node, session: action.session });
    case 'workload':
    case 'workloadSet':
    case 'workloadStop':
      return t(`word.${action.kind}`, { node: action.node, name: action.name });
    case 'padTo':
      return t('word.padTo', { lsn: action.upTo });
    case 'moveReplica': {
      const group = action.group ?? t('word.everyGroup');
      return t('word.moveReplica', { node: action.node, group, to: action.to });
    }
    case 'nameArchiver':
      return t('word.nameArchiver', { node: action.node, group: action.group ?? t('word.everyGroup') });
    case 'rollbackMove':
      return t('word.rollbackMove', { group: action.group ?? t('word.everyGroup') });
    case 'restore':
      return t('word.restore', { source: action.source, volume: action.volume });
    case 'cancelRestore':
    case 'dropVolume':
      return t(`word.${action.kind}`, { volume: action.volume });
    case 'readPage':
      return t('word.readPage', { node: action.node, page: action.blockKey, point: action.readPoint });
    case 'evictPage':
    case 'pinPage':
    case 'unpinPage':
      return t(`word.${action.kind}`, { node: action.node, page: action.blockKey });
    default:
      return unreachable(action);
  }
}

export function actionWords(action: TapeAction, t: Translate): string {
  const what = whatText(action, t);
  return 'forUs' in action && action.forUs !== null
    ? t('word.for', { what, time: timeText(action.forUs) })
    : what;
}

/** Lines that a picture asks for again and again, read; null: this version cannot. */
const read = makeNewest<string, TapeAction | null>(500);

function readLine(line: string): TapeAction | null {
  const known = findNewest(read, line);
  if (known !== undefined) return known;
  const parsed = parseAction(`0.000 ${line}`);
  const action = 'error' in parsed ? null : parsed;
  noteNewest(read, line, action);
  return action;
}

/** The words of a line without its time; a line that this version cannot read stays as it is. */
export function lineWords(line: string, t: Translate): string {
  const action = readLine(line);
  return action === null ? line : actionWords(action, t);
}
