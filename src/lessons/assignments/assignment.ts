// An assignment as a file: JSON of a cluster, what has to come about on it, and what may be used. A student hands in a tape; what the
// tape says of itself decides nothing, its replay on the assignment's cluster does (judge.ts).

import * as v from 'valibot';
import { crc32c } from '../../base/crc32c.ts';
import type { Preset } from '../../presets/preset.ts';
import { readCondition } from '../../run-model/facts/condition.ts';
import { readMutants } from '../../sim/checks/mutants.ts';
import { clusterSaid } from '../../sim/cluster-said.ts';
import { ENGINE } from '../../sim/engine.ts';
import type { Known } from '../../sim/known.ts';
import type { Tape } from '../../sim/tape.ts';
import type { ActionName } from '../../sim/tape-actions.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { printTape } from '../../sim/tape-print.ts';
import { makeTape } from '../../sim/tape-run.ts';
import { about, clusterField, lines, listOf, name, saidOf, text, whole } from '../schema-parts.ts';

const ASSIGNMENT_FORMAT = 'postdb-assignment 1';
const MOST_BYTES = 1024 * 1024;
const MOST_MS = 3_600_000;
const list = listOf(100);
const count = v.pipe(whole, v.minValue(0));
const words = v.strictObject({ en: text, zh: v.exactOptional(text) });

export const assignmentSchema = v.strictObject({
  $schema: v.exactOptional(v.string()),
  format: v.literal(ASSIGNMENT_FORMAT),
  title: words,
  text: v.exactOptional(about(words, 'What a student is asked to do.')),
  cluster: about(clusterField, 'The name of a preset, or the lines of a cluster (docs/spec/presets.md).'),
  config: v.exactOptional(about(v.record(text, v.number()), 'Parameters that differ from the cluster’s.')),
  broken: v.exactOptional(about(list(text), 'Planted bugs, for who is to find one.')),
  setup: v.exactOptional(
    about(
      lines,
      'Lines of a tape with their times, before a student’s; the cluster’s own load, when left out.',
    ),
  ),
  seed: about(
    v.union([count, v.literal('name')]),
    'The run’s seed; "name": drawn for each student from the name of what is handed in.',
  ),
  untilMs: about(
    v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(MOST_MS)),
    'Virtual ms at which the run is judged.',
  ),
  allowed: v.exactOptional(about(list(text), 'Actions of a tape that may be used; all, when left out.')),
  actions: v.exactOptional(about(count, 'How many actions may be used at most.')),
  goals: about(
    v.pipe(
      list(
        v.strictObject({
          id: name,
          text: words,
          condition: about(text, 'A fact of the run, as *Run until* reads it.'),
          holds: about(
            v.picklist(['once', 'end', 'always']),
            'Whether it has to be so at some moment, at the end, or from the beginning to the end.',
          ),
        }),
      ),
      v.minLength(1),
    ),
    'All have to be met.',
  ),
  mayBreak: v.exactOptional(
    about(
      v.boolean(),
      'Whether a run passes in which a rule of the protocol was violated: no, when left out.',
    ),
  ),
  seeds: v.exactOptional(
    about(list(count), 'In the teacher’s file only: further seeds on which every goal has to be met.'),
  ),
});

type Written = v.InferOutput<typeof assignmentSchema>;
export type Goal = Written['goals'][number];

export interface Assignment
  extends Omit<Written, 'cluster' | 'setup' | 'config' | 'broken' | 'format' | '$schema'> {
  readonly cluster: Preset;
  /** What every student begins with, of seed 0. */
  readonly start: Tape;
}

export type AssignmentResult =
  | { readonly ok: true; readonly assignment: Assignment }
  | { readonly ok: false; readonly error: string };

const refuse = (error: string): AssignmentResult => ({ ok: false, error });

/** Reads an assignment; the error of a bad one says where and what. */
export function assignmentOf(known: Known, given: string): AssignmentResult {
  if (given.length > MOST_BYTES) return refuse('the assignment is longer than 1 MiB');
  let data: unknown;
  try {
    data = JSON.parse(given);
  } catch (error) {
    return refuse(`this is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = v.safeParse(assignmentSchema, data);
  if (!read.success) {
    const [issue] = read.issues;
    return refuse(`${v.getDotPath(issue) ?? 'the assignment'}: ${issue.message}`);
  }
  return ofWritten(known, read.output);
}

function ofWritten(known: Known, written: Written): AssignmentResult {
  const { cluster: said, setup, config = {}, broken = [], format: _, $schema: __, ...rest } = written;
  const cluster = clusterSaid(known.presets, saidOf(said));
  if ('error' in cluster) return refuse(`cluster: ${cluster.error}`);
  const planted = readMutants(known.checks, broken);
  if (!planted.ok) return refuse(`broken: ${planted.error}`);
  const strange = rest.allowed?.find((name) => !known.tape.names.includes(name as ActionName));
  if (strange !== undefined) return refuse(`allowed: no action of a tape is called ${strange}`);
  const own = makeTape(cluster, {
    engine: ENGINE,
    seed: 0,
    changes: Object.entries(config),
    mutants: planted.mutants,
    ...(setup === undefined ? {} : { actions: [] }),
  });
  const head = printTape(known.tape, own);
  const begun = parseTape(known.tape, [head, ...(setup ?? []), ''].join('\n'));
  if (!begun.ok) {
    // A line of the setup follows the head, which ends with an empty one.
    const line = begun.line - head.split('\n').length - 1;
    return refuse(`${line >= 0 ? `setup.${line}` : 'config'}: ${begun.error}`);
  }
  if (begun.tape.waiting !== undefined) return refuse('setup: what waits for a condition has no fixed time');
  for (const [i, { condition }] of rest.goals.entries()) {
    const goal = readCondition(known, condition, cluster.cluster, []);
    if (!goal.ok) return refuse(`goals.${i}.condition, at character ${goal.position + 1}: ${goal.error}`);
  }
  const ids = rest.goals.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) return refuse(`goals: two have the id "${twice}"`);
  return { ok: true, assignment: { ...rest, cluster, start: begun.tape } };
}

/** The seed of who hands in under this name. */
export function seedOf({ seed }: Pick<Assignment, 'seed'>, name: string): number {
  if (seed !== 'name') return seed;
  return crc32c(new TextEncoder().encode(name.normalize('NFC'))) >>> 1;
}

/** The tape that a student begins with. */
export const startOf = ({ start }: Assignment, seed: number): Tape => ({
  ...start,
  header: { ...start.header, seed },
});
