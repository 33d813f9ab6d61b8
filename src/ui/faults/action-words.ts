// Names of tape actions, in the language of the page. The tape's own line is the same everywhere, and
// stays to be read beside them. Those of a stack come from its table. Pure.

import { findNewest, makeNewest, recordNewest } from '../../base/newest.ts';
import type { LinkTarget } from '../../sim/actions/define.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import { parseAction } from '../../sim/tape-parse.ts';
import { printAction } from '../../sim/tape-print.ts';
import { tapes } from '../../stacks/tapes.ts';
import { glyphs } from '../glyphs/glyph-shapes.ts';
import { type Translate, t } from '../i18n/i18n.ts';
import { stackTables } from '../stacks/tables.ts';
import { type ActionWords, actionWordsOf } from './action-table.ts';
import { momentText } from './crash-moments.ts';
import '../../words/faults/faults.en.json';
import '../../words/faults/word.en.json';

/** `6 ms`, `2.5 ms`, `1.2 s`: what the tape says, without idle zeros. */
function timeText(us: number): string {
  return Math.abs(us) < 1_000_000 ? `${us / 1000} ms` : `${us / 1_000_000} s`;
}

const names = (list: readonly string[]): string => list.join(t('list.comma'));
const linkText = ({ from, to, isBothWays }: LinkTarget): string =>
  `${names(from)}${isBothWays ? '–' : '→'}${names(to)}`;

const worldWords: readonly ActionWords[] = [
  actionWordsOf(['crash'], ({ node, mode }, t) =>
    mode === 'drawn' ? t('word.crash', { node }) : t(`word.crash.${mode}`, { node }),
  ),
  actionWordsOf(
    [
      'restart',
      'crashLosing',
      'crashKeeping',
      'wipeDisk',
      'snapshotDisk',
      'rollbackDisk',
      'disarm',
      'dropBuffer',
      'stop',
      'removeNode',
      'offline',
      'cancelOffline',
      'freeze',
      'resume',
      'diskStall',
      'diskFull',
      'diskFailSync',
      'diskFailRead',
      'diskOk',
      'bitRot',
      'diskReadError',
      'diskLoseWrite',
      'diskMisdirect',
    ],
    ({ kind, node }, t) => t(`word.${kind}`, { node }),
  ),
  actionWordsOf(['addNode'], ({ added: node, template, zone }, t) =>
    t('word.addNode', { node, template, zone }),
  ),
  actionWordsOf(['crashOn'], ({ node, when, moment }, t) =>
    t(when === 'before' ? 'word.crashBefore' : 'word.crashAfter', { node, moment: momentText(moment, t) }),
  ),
  actionWordsOf(['powerOff', 'powerOn', 'isolate'], ({ kind, nodes }, t) =>
    t(`word.${kind}`, { nodes: names(nodes) }),
  ),
  actionWordsOf(['partition'], ({ sides }, t) =>
    t('word.partition', { sides: sides.map(names).join(' | ') }),
  ),
  actionWordsOf(['slowCpu'], ({ node, usPerInput }, t) =>
    t('word.slowCpu', { node, time: timeText(usPerInput) }),
  ),
  actionWordsOf(['clock'], ({ node, offsetUs }, t) => t('word.clock', { node, time: timeText(offsetUs) })),
  actionWordsOf(['clockDrift'], ({ node, ppm }, t) => t('word.clockDrift', { node, percent: ppm / 10_000 })),
  actionWordsOf(['diskSlow'], ({ node, percent }, t) => t('word.diskSlow', { node, times: percent / 100 })),
  actionWordsOf(['diskRoom'], ({ node, percent }, t) => t('word.diskRoom', { node, percent })),
  actionWordsOf(['cut', 'hold', 'heal', 'release'], ({ kind, link }, t) =>
    t(`word.${kind}`, { link: linkText(link) }),
  ),
  actionWordsOf(['latency'], ({ link, baseUs }, t) =>
    t('word.latency', { link: linkText(link), time: timeText(baseUs) }),
  ),
  actionWordsOf(['jitter'], ({ link, jitterUs }, t) =>
    t('word.jitter', { link: linkText(link), time: timeText(jitterUs) }),
  ),
  actionWordsOf(['bandwidth'], ({ link, bytesPerMs }, t) =>
    t('word.bandwidth', { link: linkText(link), bytes: bytesPerMs }),
  ),
  actionWordsOf(['loss', 'duplicate', 'reorder', 'corrupt'], ({ kind, link, percent }, t) =>
    t(`word.${kind}`, { link: linkText(link), percent }),
  ),
  actionWordsOf(['dropNext', 'holdNext'], ({ kind, link, family, count }, t) => {
    const { letter, label } = glyphs[family];
    return t(`word.${kind}`, { link: linkText(link), count, letter: letter || t(label) });
  }),
  actionWordsOf(
    ['dropMessage', 'deliverMessage', 'duplicateMessage', 'corruptMessage', 'releaseMessage', 'holdMessage'],
    ({ kind, message }, t) => t(`word.${kind}`, { message }),
  ),
  actionWordsOf(['delayMessage'], ({ message, byUs }, t) =>
    t('word.delayMessage', { message, time: timeText(byUs) }),
  ),
  actionWordsOf(['healAll', 'powerCut'], ({ kind }, t) => t(`word.${kind}`)),
  actionWordsOf(['session'], ({ session, target }, t) => t('word.session', { session, target })),
  actionWordsOf(['sql'], ({ node, session, text }, t) =>
    t('word.sql', { node, session, what: /[a-z]+/i.exec(text)?.[0].toUpperCase() ?? 'SQL' }),
  ),
  actionWordsOf(['cancel', 'disconnect'], ({ kind, node, session }, t) =>
    t(`word.${kind}`, { node, session }),
  ),
  actionWordsOf(['workload', 'workloadSet', 'workloadStop'], ({ kind, node, name }, t) =>
    t(`word.${kind}`, { node, name }),
  ),
];

const wordsByKind = new Map(
  [worldWords, ...stackTables.map((tables) => tables.actionWords ?? [])]
    .flat()
    .flatMap((words) => words.kinds.map((kind) => [kind, words] as const)),
);

export function actionWords(action: TapeAction, t: Translate): string {
  const what = wordsByKind.get(action.kind)?.say(action, t) ?? printAction(tapes, action);
  return 'forUs' in action && action.forUs !== null
    ? t('word.for', { what, time: timeText(action.forUs) })
    : what;
}

/** Lines that a picture asks for again and again, read; null: this version cannot. */
const read = makeNewest<string, TapeAction | null>(500);

function readLine(line: string): TapeAction | null {
  const known = findNewest(read, line);
  if (known !== undefined) return known;
  const parsed = parseAction(tapes, `0.000 ${line}`);
  const action = 'error' in parsed ? null : parsed;
  recordNewest(read, line, action);
  return action;
}

/** The words of a line without its time; a line that this version cannot read stays as it is. */
export function lineWords(line: string, t: Translate): string {
  const action = readLine(line);
  return action === null ? line : actionWords(action, t);
}
