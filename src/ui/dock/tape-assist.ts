// Help while a tape is written: what may stand at a place of a line, and what is wrong with the text, where, and which word would be right.

import type { Completion, CompletionResult } from '@codemirror/autocomplete';
import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { previewTape } from '../../lab/tape-preview.ts';
import type { Refusal } from '../../presets/refusals.ts';
import { conditionStarts } from '../../run-model/facts/condition.ts';
import type { FactFault } from '../../run-model/facts/fault.ts';
import { waitingFault } from '../../run-model/facts/waiting-fault.ts';
import type { ActionName } from '../../sim/tape-actions.ts';
import { exampleOf, nearestAt, offersAt } from '../../sim/tape-offers.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { gauges } from '../../stacks/gauges.ts';
import { presets } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { trace } from '../../stacks/trace.ts';
import { readTapeLine, runnableTape } from './tape-lines.ts';

/** Tables that conditions are read with. */
const known = { gauges, presets, trace };

const WHEN = /^when\s+"(?:[^"\\]|\\.)*"\s+/;
/** What may be typed on without being asked anew: a list that is asked for takes no Enter meanwhile. */
const WORD = /^[\w.@-]*$/;
const IN_CONDITION = /^when\s+"([^"]*)$/;

/** Where an action begins behind its time, and behind the condition that it waits for. */
function actionStart(line: string): number {
  const { start, text } = readTapeLine(line, 1);
  return start + (WHEN.exec(text)?.[0].length ?? 0);
}

/** An example of an action, and what it means in words. */
function exampleBox(line: string, wordsOf: (line: string) => string): HTMLElement {
  const box = document.createElement('div');
  const code = document.createElement('code');
  code.textContent = line;
  const words = document.createElement('p');
  words.textContent = wordsOf(line);
  box.append(code, words);
  return box;
}

function conditionOffers(condition: string, from: number, cluster: ClusterSpec): CompletionResult | null {
  const word = /[^\s]*$/.exec(condition)?.[0] ?? '';
  const before = condition.slice(0, condition.length - word.length).trim();
  if (before !== '' && !/\b(and|or)$/.test(before)) return null;
  const options = conditionStarts(known, cluster).map((label): Completion => ({ label }));
  return { from: from + condition.length - word.length, options, validFor: WORD };
}

interface Place {
  readonly cluster: ClusterSpec;
  /** The time of a line that has none yet. */
  readonly nowMs: number;
  /** An action's line in words of the screen. */
  readonly wordsOf: (line: string) => string;
}

/** What may stand at `column` of the line; its first column is at `lineStart`. */
export function offersIn(
  line: string,
  column: number,
  lineStart: number,
  { cluster, nowMs, wordsOf }: Place,
): CompletionResult | null {
  const { kind, text, start } = readTapeLine(line, 1);
  const condition = kind === 'action' ? IN_CONDITION.exec(text.slice(0, column - start)) : null;
  if (condition !== null) {
    const said = condition[1] ?? '';
    return conditionOffers(said, lineStart + column - said.length, cluster);
  }
  // A line of which nothing but the beginning of a word is there begins with the time of the picture.
  const isNew = kind !== 'action' && /^[a-z]*$/i.test(line);
  if (kind !== 'action' && !isNew && !/^(#off )?[0-9.]+\s+\w*$/.test(line)) return null;
  const from = isNew
    ? 0
    : kind === 'action'
      ? actionStart(line)
      : line.length - (/\w*$/.exec(line)?.[0].length ?? 0);
  if (column < from) return null;
  const offers = offersAt(tapes, cluster, line.slice(from), column - from);
  const isName = offers.from === 0;
  const option = (word: string): Completion => ({
    label: word,
    apply: `${isNew ? `${nowMs.toFixed(3)} ` : ''}${word} `,
    ...(isName ? { info: () => exampleBox(exampleOf(tapes, word as ActionName, cluster), wordsOf) } : {}),
  });
  const options = offers.words.map(option);
  if (isName && !WHEN.test(text))
    options.push({
      label: 'when',
      apply: `${isNew ? `${nowMs.toFixed(3)} ` : ''}when "`,
      info: () => exampleBox('when "commits >= 50" healAll', () => wordsOf('healAll')),
    });
  return options.length === 0 ? null : { from: lineStart + from + offers.from, options, validFor: WORD };
}

export interface TapeFault {
  /** Both from 1, in the text that is edited. */
  readonly line: number;
  readonly column: number;
  readonly why: Refusal | FactFault;
}

/** The first thing that is wrong with a tape that is edited, or null. */
export function tapeFault(edited: string): TapeFault | null {
  const { text, placeOf } = runnableTape(edited);
  const checked = previewTape(text);
  if (!checked.ok) return { ...placeOf(checked.line, checked.column), why: checked.why };
  if (checked.preview.waiting === 0) return null;
  const parsed = parseTape(tapes, text);
  const fault = parsed.ok ? waitingFault(known, parsed.tape) : null;
  return fault === null ? null : { ...placeOf(fault.line, fault.column), why: fault.why };
}

/** As the editor underlines it, with `message` and the nearest right word as a way to mend it; `mendLabel` names that. */
export function diagnosticOf(
  doc: Text,
  fault: TapeFault,
  message: string,
  cluster: ClusterSpec | null,
  mendLabel: (word: string) => string,
): Diagnostic {
  const { from: lineStart, text } = doc.line(Math.min(fault.line, doc.lines));
  const column = Math.min(fault.column - 1, text.length);
  const word = /^\S*/.exec(text.slice(column))?.[0] ?? '';
  const start = actionStart(text);
  const near =
    cluster === null || column < start ? null : nearestAt(tapes, cluster, text.slice(start), column - start);
  const actions =
    near === null
      ? []
      : [
          {
            name: mendLabel(near.word),
            apply: (view: EditorView) =>
              view.dispatch({
                changes: {
                  from: lineStart + start + near.from,
                  to: lineStart + start + near.end,
                  insert: near.word,
                },
              }),
          },
        ];
  return {
    from: lineStart + column,
    to: lineStart + Math.min(text.length, column + Math.max(1, word.length)),
    severity: 'error',
    message,
    actions,
  };
}
