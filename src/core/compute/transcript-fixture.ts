// Statements played to an engine, and what it answered: `session: statements -> answer`; `session! -> answer` is the later
// answer of a request that had to wait.

import { expect } from 'vitest';
import { parseSql } from '../../edge/sql-parser.ts';
import {
  begin,
  type Fixture,
  type FixtureOptions,
  makeFixture,
  replyOf,
  settle,
  showReply,
} from './engine-fixture.ts';

export function run(
  f: Fixture,
  session: string,
  text: string,
  params: readonly (string | null)[] = [],
): string {
  const sequence = begin(f, session, parseSql(text), params);
  settle(f);
  return showReply(replyOf(f, session, sequence));
}

/** Plays a transcript and answers it with what really came. */
function play(f: Fixture, transcript: string): string {
  const lines: string[] = [];
  for (const line of transcript.trim().split('\n')) {
    const text = line.trim();
    const later = /^(\w+)! -> /.exec(text);
    const asked = /^(\w+): (.*?) -> /.exec(text);
    if (later?.[1]) {
      settle(f, 20_000);
      lines.push(`${later[1]}! -> ${showReply(replyOf(f, later[1], f.sequences.get(later[1]) ?? 0))}`);
    } else if (asked?.[1] && asked[2])
      lines.push(`${asked[1]}: ${asked[2]} -> ${run(f, asked[1], asked[2])}`);
    else lines.push(text);
  }
  return lines.join('\n');
}

const clean = (transcript: string): string =>
  transcript
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join('\n');

export function check(transcript: string, options: FixtureOptions = {}): Fixture {
  const f = makeFixture(options);
  run(f, 'setup', 'create table t (id int primary key, v int)');
  run(f, 'setup', 'insert into t values (1, 10), (2, 20)');
  expect(play(f, transcript)).toBe(clean(transcript));
  return f;
}
