// *Save as lesson*: the tape of a run as a lesson file (lesson-file.ts).

import type { Edge } from '../sim/fabric-state.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printAction, printTape } from '../sim/tape-print.ts';
import { actionKinds, tapes } from '../stacks/tapes.ts';
import type { Words } from './format.ts';
import { type Caption, LESSON_FILE_LIMITS, LESSON_FORMAT, type LessonFile } from './lesson-file.ts';
import { readState } from './lesson-state.ts';
import { openStage, runStage } from './stage.ts';

/** The file of a lesson made from a tape as it stands at `nowUs`: its captions are the tape's marks, or its faults. */
export function saveLesson(tapeText: string, nowUs: number, title: string, edge: Edge): string {
  const parsed = parseTape(tapes, tapeText);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  const opened = openStage(tapeText, edge);
  if (!opened.ok) throw new Error(opened.error);
  runStage(opened.stage, { until: nowUs });
  const state = readState(opened.stage, new Set());
  const file: LessonFile = {
    format: LESSON_FORMAT,
    title: { en: title, zh: title },
    goal: { en: title, zh: title },
    tape: printTape(tapes, parsed.tape),
    endMs: nowUs / 1000,
    captions: captionsOf(parsed.tape),
    pass: {
      vdl: state.writer?.vdl ?? -1,
      openHoles: state.openHoles,
      violations: state.violations.length,
      holesOpened: state.count('hole.open'),
      nodesDown: state.count('node.down'),
    },
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function captionsOf(tape: Tape): readonly Caption[] {
  const both = (text: string): Words => ({ en: text, zh: text });
  const marks = tape.header.marks.filter(({ text }) => text !== '');
  if (marks.length > 0)
    return marks.map(({ at: time, text }) => ({ ms: time / 1000, text: both(text) })).slice(0, 200);
  return tape.actions
    .filter(({ kind }) => actionKinds[kind].isFault)
    .slice(0, LESSON_FILE_LIMITS.captions)
    .map((action) => ({ ms: action.at / 1000, text: both(printAction(tapes, action)) }));
}
