// COPY: lines of data become rows of a table, or the rows of a statement lines. As in PostgreSQL, rows are read and judged by
// themselves up to a thousand at a time before they are written, so data that cannot be read counts before a key that is taken.

import { present } from '../../base/assert.ts';
import type { Row } from './access.ts';
import { type Context, evaluateOnce, spend } from './context.ts';
import { copyLine } from './copy-format.ts';
import { atPlace, nextCopied } from './copy-source.ts';
import { isTrue } from './evaluate.ts';
import { checkRow } from './execute-conflict.ts';
import { noteWritten, runReferences } from './execute-references.ts';
import type { ProgressOf } from './execution-types.ts';
import { fail, runError, SqlFailure } from './failure.ts';
import { COPY_CHARACTERS_MAX, COPY_ROWS_MAX, RESULT_CHARACTERS_MAX } from './limits.ts';
import { done, settle } from './settle.ts';
import type { ExecutionStep } from './statement.ts';

export function runCopyFrom(progress: ProgressOf<'copyFrom'>, context: Context): ExecutionStep {
  const { reader } = progress;
  try {
    const step = readAndWrite(progress, context);
    if (step?.kind === 'failed') return { kind: 'failed', error: atPlace(step.error, reader) };
    if (step !== null) return step;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    return { kind: 'failed', error: atPlace(runError(error), reader) };
  }
  const step = runReferences(progress.plan.references, progress.work, context);
  return step ?? done(`COPY ${progress.written}`);
}

/** The next line's row of the table, or null at the end; one that lacks a page is not read again. */
function nextToWrite(progress: ProgressOf<'copyFrom'>, context: Context): Row | null {
  const { plan, reader, drawn } = progress;
  for (;;) {
    spend(context);
    const read = progress.pending ?? nextCopied(reader, context);
    if (read === null) return null;
    progress.pending = read;
    const row = evaluateOnce(plan.exprs, read, context, drawn);
    drawn.length = 0;
    progress.pending = null;
    if (plan.where === null || isTrue(plan.where, row, context)) return row;
  }
}

function readAndWrite(progress: ProgressOf<'copyFrom'>, context: Context): ExecutionStep | null {
  const {
    plan,
    rows,
    lines,
    reader: { place },
  } = progress;
  for (;;) {
    while (!progress.isFull) {
      const row = nextToWrite(progress, context);
      if (row === null) {
        progress.isFull = true;
        progress.isRead = true;
        break;
      }
      checkRow(plan, row, context);
      rows.push(row);
      lines.push(place.line);
      progress.characters += place.text?.length ?? 0;
      progress.isFull =
        plan.isOneByOne || rows.length >= COPY_ROWS_MAX || progress.characters >= COPY_CHARACTERS_MAX;
    }
    for (; progress.at < rows.length; progress.at++) {
      const row = present(rows[progress.at], 'row to copy');
      spend(context);
      // Of a row that was read earlier only the number of its line is known.
      if (!plan.isOneByOne) place.text = null;
      place.line = present(lines[progress.at], 'its line');
      const step = settle(context.access.insertRow(plan.table, row));
      if (step !== null) return step;
      noteWritten(plan.references, progress.work, plan.table, null, row, context);
      progress.written += 1;
    }
    if (progress.isRead) return null;
    rows.length = 0;
    lines.length = 0;
    progress.at = 0;
    progress.characters = 0;
    progress.isFull = false;
  }
}

/** `inner`: a step of the statement whose rows are copied; the last one has them in text form. */
export function copyOut({ plan }: ProgressOf<'copyTo'>, inner: ExecutionStep): ExecutionStep {
  if (inner.kind !== 'done' || inner.result.kind !== 'rows') return inner;
  const { format, forced, names, columns } = plan;
  const { rows } = inner.result;
  const lines = rows.map((row) => copyLine(format, row, forced));
  if (format.header !== 'no') lines.unshift(copyLine(format, names));
  if (lines.reduce((sum, line) => sum + line.length, 0) > RESULT_CHARACTERS_MAX)
    fail('53400', `a result can have at most ${RESULT_CHARACTERS_MAX} characters; use LIMIT`);
  const result = {
    kind: 'rows',
    tag: `COPY ${rows.length}`,
    columns,
    rows: lines.map((line) => [line]),
    origin: null,
  } as const;
  return { kind: 'done', result };
}
