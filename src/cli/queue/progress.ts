// What a person sees of a campaign: verdicts, rate, failures, who works, and the time that is left; and where it is printed.

import type { Beat } from './beats.ts';

export interface Standing {
  /** Jobs that there will be, as far as the command knows; 0: it does not. */
  readonly expected: number;
  readonly done: number;
  readonly failed: number;
  /** Verdicts that came while this process watched, and for how long it has, ms. */
  readonly seen: number;
  readonly watchedMs: number;
}

function durationOf(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** @param own workers of the campaign's build; `others`: those of another */
export function progressLine(
  { expected, done, failed, seen, watchedMs }: Standing,
  own: readonly Beat[],
  others: number,
): string {
  const rate = watchedMs === 0 ? 0 : (seen * 1000) / watchedMs;
  const left = rate > 0 && expected > done ? `, ${durationOf((expected - done) / rate)} left` : '';
  const machines = new Set(own.map(({ machine }) => machine)).size;
  const threads = own.reduce((sum, one) => sum + one.threads, 0);
  const who =
    own.length === 0
      ? `no worker of this build${others > 0 ? ` (${others} of others)` : ''}: waiting`
      : `${own.length} workers with ${threads} threads on ${machines} machines`;
  const of = expected === 0 ? `${done}` : `${done}/${expected}`;
  return `${of} jobs, ${rate.toFixed(1)}/s, ${failed} failed; ${who}${left}`;
}

/** Between two lines of progress where nobody's terminal is, ms. */
const LINE_MS = 15_000;

/** Prints to stderr. On a terminal progress is one line that is written over; what else is said has a line of its own. */
export class ProgressPrinter {
  private printedAt = Date.now();
  private isLineOpen = false;

  say(line: string): void {
    process.stderr.write(`${this.isLineOpen ? '\n' : ''}${line}\n`);
    this.isLineOpen = false;
  }

  progress(line: string): void {
    const now = Date.now();
    if (process.stderr.isTTY === true) {
      process.stderr.write(`\r\u001b[K${line}`);
      this.isLineOpen = true;
    } else if (now - this.printedAt >= LINE_MS) {
      this.printedAt = now;
      this.say(line);
    }
  }

  /** Ends the line that is written over. */
  end(): void {
    if (this.isLineOpen) this.say('');
  }
}
