// Names of exported files and their captions, from the run that they show.

import { frameStore } from '../../state/frame-store.ts';
import { runStore } from '../../state/run-store.ts';
import { millis } from '../kit/format.ts';

/** `hook-hole-7-56.218ms-map`: without anything that a file system refuses. */
export function exportName(what: string): string {
  const { frame } = frameStore.getState();
  const name = `${frame?.preset ?? 'lab'}-${frame?.seed ?? 0}-${millis(frame?.time ?? 0)}ms-${what}`;
  return name.replace(/[^\w.@-]+/g, '_');
}

/** One line that says which run and which moment a picture shows. */
export function exportCaption(title: string): string {
  const { frame } = frameStore.getState();
  const { run } = runStore.getState();
  const parts = [
    title,
    frame?.preset ?? '',
    `seed ${frame?.seed ?? 0}`,
    `t = ${millis(frame?.time ?? 0)} ms`,
  ];
  if (run !== null && run.runId !== '') parts.push(`run ${run.runId}`);
  if (run !== null && run.shown !== 'main') parts.push(run.shown);
  return [...parts, 'PostDB Lab'].filter((part) => part !== '').join(' · ');
}
