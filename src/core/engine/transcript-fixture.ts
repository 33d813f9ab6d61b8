// Statements played to an engine, and what it answered: `session: statements -> answer`; `session! -> answer` is the later answer of a
// request that had to wait, or that was asked and not waited for (`session? statements`). Who waits for an answer makes durable what it
// takes (engine-fixture.ts); `durable` makes durable all that is appended.

import { AssertionError } from '../../base/assert.ts';
import {
  awaitReply,
  begin,
  type Fixture,
  type FixtureOptions,
  makeFixture,
  settle,
  settleDurable,
  showReply,
} from './engine-fixture.ts';

type Statement = Parameters<typeof begin>[2];
type Values = readonly (string | null)[];

export interface Transcripts {
  /** One request, and its answer in a line. */
  run(f: Fixture, session: string, text: string, params?: Values): string;
  /** Plays a transcript to a fresh engine with two rows; what came has to be what it says. */
  check(transcript: string, options?: FixtureOptions): Fixture;
}

/** With a parser, which lies outside the core. */
export function makeTranscripts(parse: (text: string) => Statement): Transcripts {
  const run = (f: Fixture, session: string, text: string, params: Values = []): string => {
    const sequence = begin(f, session, parse(text), params);
    return showReply(awaitReply(f, session, sequence));
  };

  /** Plays a transcript and answers it with what really came. */
  const play = (f: Fixture, transcript: string): string => {
    const lines: string[] = [];
    for (const line of transcript.trim().split('\n')) {
      const text = line.trim();
      const later = /^(\w+)! -> /.exec(text);
      const asked = /^(\w+): (.*?) -> /.exec(text);
      const unawaited = /^(\w+)\? (.*)$/.exec(text);
      if (later?.[1]) {
        const reply = awaitReply(f, later[1], f.sequences.get(later[1]) ?? 0, 20_000);
        lines.push(`${later[1]}! -> ${showReply(reply)}`);
      } else if (asked?.[1] && asked[2])
        lines.push(`${asked[1]}: ${asked[2]} -> ${run(f, asked[1], asked[2])}`);
      else {
        if (unawaited?.[1] && unawaited[2]) {
          begin(f, unawaited[1], parse(unawaited[2]));
          settle(f);
        }
        if (text === 'durable') settleDurable(f);
        lines.push(text);
      }
    }
    return lines.join('\n');
  };

  return {
    run,
    check(transcript, options = {}) {
      const f = makeFixture(options);
      run(f, 'setup', 'create table t (id int primary key, v int)');
      run(f, 'setup', 'insert into t values (1, 10), (2, 20)');
      const [came, expected] = [play(f, transcript), clean(transcript)];
      if (came !== expected) throw new AssertionError(`expected\n${expected}\ncame\n${came}`);
      return f;
    },
  };
}

const clean = (transcript: string): string =>
  transcript
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
