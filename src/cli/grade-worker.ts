// A thread of `sim grade`: judges what was handed in, one after the other. What ends it, memory or time, ends that one alone (grade.ts).

import { parentPort, workerData } from 'node:worker_threads';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { assignmentOf } from '../lessons/assignments/assignment.ts';
import { type Judged, judge, readHandIn } from '../lessons/assignments/judge.ts';
import { known } from '../stacks/known.ts';

export interface GradeAsked {
  readonly name: string;
  readonly text: string;
}
export type GradeAnswer =
  | { readonly ok: true; readonly judged: Judged }
  | { readonly ok: false; readonly error: string };

const read = assignmentOf(known, String(workerData));
const loading = loadSqlEdge();

parentPort?.on('message', async ({ name, text }: GradeAsked) => {
  parentPort?.postMessage(await answerTo(name, text));
});

async function answerTo(name: string, text: string): Promise<GradeAnswer> {
  if (!read.ok) return read;
  const handIn = readHandIn(known, read.assignment, text);
  if (!handIn.ok) return handIn;
  return { ok: true, judged: judge(known, await loading, read.assignment, name, handIn.tape) };
}
