// What a request has made durable, whatever became of it (docs/spec/failover.md FENCE-44). Pure.

import type { AnalyseResult } from '../sql/analyse.ts';

/**
 * True: carried out or not, these statements can have left nothing. They only read, or what they wrote stands in a transaction that they
 * do not end, which is lost with the writer that had it. `isInside`: they stand in a transaction that was open before.
 */
export function leavesNothing(statements: readonly AnalyseResult[], isInside: boolean): boolean {
  let isOpen = isInside;
  let hasWritten = isInside;
  for (const result of statements) {
    // analysed by the definitions of now: it may have been another statement then
    const kind = result.ok ? result.analysed.kind : 'unknown';
    if (kind === 'begin') isOpen = true;
    else if (kind === 'rollback' && isOpen) [isOpen, hasWritten] = [false, false];
    else if (kind === 'prepare' || kind === 'endPrepared') return false;
    else if (kind === 'commit' && isOpen) {
      if (hasWritten) return false;
      isOpen = false;
    } else if (!result.ok || mayWrite(result.analysed)) {
      if (!isOpen) return false;
      hasWritten = true;
    }
  }
  return true;
}

type Analysed = Extract<AnalyseResult, { ok: true }>['analysed'];

const mayWrite = (analysed: Analysed): boolean =>
  analysed.kind === 'vacuum' || (analysed.kind === 'plan' && analysed.writes);
