// What a step does, as tape lines: facts in braces are read from the state at that instant, messages are named that the filters find there.

import { fillTemplate } from '../run-model/facts/evaluate.ts';
import { facts } from './facts.ts';
import type { MessageAction, ScriptAction } from './format.ts';
import type { LessonState } from './lesson-state.ts';

function messageLines(state: LessonState, { message, ...filter }: MessageAction): readonly string[] {
  const [from, to] = [filter.from, filter.to].map((name) => fillTemplate(state, facts.template(name)));
  if (from == null || to == null) return [];
  return state.messages({ ...filter, from, to }).map((name) => `${message}Message ${name}`);
}

/** A line that asks for what is not there is left out. */
export const linesOf = (state: LessonState, action: ScriptAction): readonly string[] =>
  action.flatMap((one) => {
    if (typeof one !== 'string') return messageLines(state, one);
    const filled = fillTemplate(state, facts.template(one));
    return filled === null ? [] : [filled];
  });
