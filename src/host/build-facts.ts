// What a page asks a service worker that waits, and what it answers: which runs its build can open. Both may be of different
// builds, so the shape of what comes is checked.

/** Of a build: the engine that its runs are of, and the format of what it keeps. */
export interface BuildFacts {
  readonly engine: string;
  readonly format: number;
}

export const buildQuestion = { kind: 'whichBuild' } as const;

export const isBuildQuestion = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'kind' in data && data.kind === buildQuestion.kind;

/** Null: no answer to that question. */
export function readBuildFacts(data: unknown): BuildFacts | null {
  if (typeof data !== 'object' || data === null || !('engine' in data) || !('format' in data)) return null;
  const { engine, format } = data;
  return typeof engine === 'string' && engine.length < 40 && typeof format === 'number'
    ? { engine, format }
    : null;
}

/** Whether a run of the one is opened by the other. */
export const opensRunsOf = (a: BuildFacts, b: BuildFacts): boolean =>
  a.engine === b.engine && a.format === b.format;
