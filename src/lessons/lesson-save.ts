// *Save as lesson*: the tape of a run as a lesson (lesson-file.ts). Its captions are the tape's marks, or its faults; it is passed when the run
// has come to what it had come to.

import { type Profile, profiles } from '../presets/parameters.ts';
import type { Preset } from '../presets/preset.ts';
import { escapeBraces } from '../run-model/facts/parse.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { sayCluster } from '../sim/say-cluster.ts';
import type { Tape, TapeHeader } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printAction, printLine } from '../sim/tape-print.ts';
import { ownClusterOf } from '../sim/tape-run.ts';
import { findPreset, presets } from '../stacks/presets.ts';
import { actionKinds, tapes } from '../stacks/tapes.ts';
import { readFact } from './facts.ts';
import type { Words } from './format.ts';
import { printLesson } from './lesson-file.ts';
import type { WrittenLesson, WrittenStep } from './lesson-schema.ts';
import { readState } from './lesson-state.ts';
import { openStage, runStage, type Stage } from './stage.ts';

const MOST_CAPTIONS = 200;

interface Timed {
  readonly ms: number;
  readonly step: WrittenStep;
  /** What it says, in whatever language the tape has it. */
  readonly text?: string;
}

/** The file of a lesson made from a tape as it stands at `nowUs`. */
export function saveLesson(tapeText: string, nowUs: number, title: string, edge: Edge): string {
  const parsed = parseTape(tapes, tapeText);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  const opened = openStage(tapeText, edge);
  if (!opened.ok) throw new Error(opened.error);
  runStage(opened.stage, { until: nowUs });
  return printLesson(lessonOf(parsed.tape, opened.stage, nowUs / 1000, title));
}

function lessonOf(tape: Tape, end: Stage, endMs: number, title: string): Omit<WrittenLesson, 'format'> {
  const { header } = tape;
  const own = ownClusterOf(tape);
  const preset = own ?? findPreset(header.preset);
  const bootMs = preset?.bootUntilMs ?? 0;
  const early = tape.actions.filter((action) => action.at < bootMs * 1000);
  const last: Timed = { ms: endMs, step: sayAt('end', endMs), text: title };
  const timed = [...actsOf(tape, early.length), ...captionsOf(tape), last].toSorted((a, b) => a.ms - b.ms);
  const captions = timed.flatMap(({ step, text }) => (text === undefined ? [] : [[`${step.id}.text`, text]]));
  const said = Object.fromEntries([['title', title], ['goal', title], ...captions]);
  const { pass, words } = passOf(end);
  return {
    id: 'file',
    level: 1,
    minutes: 5,
    start: {
      cluster: own === null ? header.preset : linesOf(own),
      ...(own === null ? changesOf(header, preset?.profile) : {}),
      seed: header.seed,
      ...(header.mutants.length > 0 ? { broken: [...header.mutants] } : {}),
      tape: early.map((action) => printLine(tapes, action)),
      ms: bootMs,
      group: null,
    },
    steps: timed.map(({ step }) => step),
    pass,
    words: {
      en: { ...said, topic: 'From a tape', pass: words.en },
      zh: { ...said, topic: '来自磁带', pass: words.zh },
    },
  };
}

/** The loads are on the lesson's tape. */
const linesOf = (own: Preset): string[] =>
  sayCluster(presets, { ...own, loads: [] })
    .trimEnd()
    .split('\n');

/** What its header changes of a preset. */
function changesOf(
  { profile: named, changes }: TapeHeader,
  usual: Profile | undefined,
): Pick<WrittenLesson['start'], 'profile' | 'config'> {
  const profile = profiles.find((known) => known === named && known !== usual);
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(changes.length > 0 ? { config: Object.fromEntries(changes) } : {}),
  };
}

const sayAt = (id: string, ms: number): WrittenStep => ({ id, kind: 'say', trigger: `at ${ms} ms` });

/** What was done, the first fault of it the key. */
function actsOf(tape: Tape, from: number): readonly Timed[] {
  const actions = tape.actions.slice(from);
  const key = actions.find(({ kind }) => actionKinds[kind].isFault);
  return actions.map((action) => ({
    ms: action.at / 1000,
    step: {
      kind: 'act',
      trigger: `at ${action.at / 1000} ms`,
      action: [escapeBraces(printAction(tapes, action))],
      ...(action === key ? { isKey: true } : {}),
    },
  }));
}

function captionsOf(tape: Tape): readonly Timed[] {
  const marks = tape.header.marks.filter(({ text }) => text !== '');
  const faults = tape.actions
    .filter(({ kind }) => actionKinds[kind].isFault)
    .map((action) => ({ at: action.at, text: printAction(tapes, action) }));
  return (marks.length > 0 ? marks : faults).slice(0, MOST_CAPTIONS).map(({ at: us, text }, i) => {
    const ms = us / 1000;
    return { ms, step: sayAt(`caption-${i + 1}`, ms), text };
  });
}

function passOf(end: Stage): { readonly pass: string[]; readonly words: Words } {
  const state = readState(end);
  const [vdl, holes, violations, born, downs] = [
    'writer vdl',
    'holes',
    'violations',
    'count hole.open',
    'count node.down',
  ].map((fact) => readFact(state, fact));
  return {
    pass: [
      ...(vdl === null || vdl === undefined ? [] : [`writer vdl >= ${vdl}`]),
      `holes <= ${holes}`,
      `violations = ${violations}`,
      `count hole.open >= ${born}`,
      `count node.down >= ${downs}`,
    ],
    words: {
      en: `VDL reaches ${vdl ?? '–'}, ${born} holes were born and ${holes} are left, nodes went down: ${downs}`,
      zh: `VDL 达到 ${vdl ?? '–'}，出现过 ${born} 个空洞、剩 ${holes} 个，节点下线次数：${downs}`,
    },
  };
}
