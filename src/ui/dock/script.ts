// An interleaving that was opened from a file in the form of PostgreSQL's isolation tester: its steps, each for a session of the console.

import { messageOf } from '../../base/thrown.ts';
import { letterAt, SESSIONS_MAX } from '../model/session-name.ts';
import { readSpec, type Spec } from './read-spec.mjs';

export interface ScriptStep {
  /** Of the session that it is for. */
  readonly letter: string;
  readonly name: string;
  readonly text: string;
}

export interface Script {
  readonly file: string;
  /** Each order of steps that the file names, set-up before and clean-up after it. */
  readonly orders: readonly (readonly ScriptStep[])[];
}

export type ScriptResult =
  | { readonly ok: true; readonly script: Script }
  | { readonly ok: false; readonly error: string };

/** Orders of which a file may be made; one without permutations has each in which a session keeps its own. */
const ORDERS_MAX = 200;

export function readScript(file: string, text: string): ScriptResult {
  let spec: Spec;
  try {
    spec = readSpec(text, ORDERS_MAX);
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
  const { sessions } = spec;
  if (sessions.length === 0 || sessions.length > SESSIONS_MAX)
    return {
      ok: false,
      error: `a spec has ${sessions.length} sessions, and the console from 1 to ${SESSIONS_MAX}`,
    };
  const whole = (letter: string, name: string, sql: string | null): readonly ScriptStep[] =>
    sql === null || sql === '' ? [] : [{ letter, name, text: sql }];
  const before = [
    ...spec.setup.flatMap((sql) => whole('A', 'setup', sql)),
    ...sessions.flatMap(({ setup }, i) => whole(letterAt(i), 'setup', setup)),
  ];
  const after = [
    ...sessions.flatMap(({ teardown }, i) => whole(letterAt(i), 'teardown', teardown)),
    ...whole('A', 'teardown', spec.teardown),
  ];
  const known = new Map(
    sessions.flatMap(({ steps }, i) =>
      steps.map(({ name, sql }) => [name, { letter: letterAt(i), name, text: sql }] as const),
    ),
  );
  const orders = spec.permutations.map((names) => [
    ...before,
    ...names.flatMap((name) => known.get(name) ?? []),
    ...after,
  ]);
  return orders.length === 0 || orders.some((steps) => steps.length === 0)
    ? { ok: false, error: 'a spec has no step' }
    : { ok: true, script: { file, orders } };
}
