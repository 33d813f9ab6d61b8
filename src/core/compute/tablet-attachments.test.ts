// PCS-112: the answer to a report of definitions is a lease for the life that sent the report, from when it was sent.

import { expect, test } from 'vitest';
import { nodeId, type Time } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { RoleContext } from '../kernel/context.ts';
import { schemaLeaseUs } from '../kernel/limits.ts';
import { makeContext, takeSent } from '../quorum-log/writer-fixture.ts';
import { followClock, makeTabletPart, onSchemaIs, reportSchema } from './tablet-attachments.ts';

const HEARTBEAT_MS = 100;
const lease = schemaLeaseUs(HEARTBEAT_MS);
const meta = nodeId('m1');
const engine = {} as EngineProgram<unknown>;

/** A node in its life `boot`, which has no attachment and knows version 1 of the definitions. */
function computeNode(boot: number) {
  const part = makeTabletPart(boot);
  const base = makeContext();
  const at = (now: number): RoleContext => ({ ...base, now: now as Time });
  const answer = (now: number, changes: { readonly boot?: number; readonly at: number }): void =>
    onSchemaIs(part, at(now), { kind: 'SchemaIs', boot, version: 1, tables: [], ...changes }, HEARTBEAT_MS);
  const report = (now: number): { readonly boot: number; readonly at: number } => {
    reportSchema(engine, part, [], at(now), meta);
    const sent = takeSent(base, 'SchemaReport').at(-1)?.message;
    return { boot: sent?.boot ?? -1, at: sent?.at ?? -1 };
  };
  return { part, answer, report };
}

test('PCS-112 the lease runs from when the report was sent, not from when its answer came', () => {
  const { part, answer, report } = computeNode(7);
  const first = report(1000);
  expect(first).toEqual({ boot: 7, at: 1 });
  answer(60_000, first);
  expect(part.leaseUntil).toBe(1000 + lease);
  const second = report(90_000);
  const third = report(95_000);
  answer(96_000, third);
  answer(97_000, second);
  expect(part.leaseUntil).toBe(95_000 + lease);
});

test('PCS-112 an answer to another life of the node brings definitions and no lease: report numbers begin anew', () => {
  const { part, answer, report } = computeNode(7);
  const { at } = report(1000);
  for (const boot of [6, 8]) answer(2000, { boot, at });
  expect(part).toMatchObject({ version: 1, leaseUntil: -1 });
  answer(2000, { at });
  expect(part.leaseUntil).toBe(1000 + lease);
});

test('PCS-112 a report that was never sent, or was sent before the clock went back, brings no lease', () => {
  const { part, answer, report } = computeNode(7);
  const { at } = report(5000);
  answer(5000, { at: at + 1 });
  expect(part.leaseUntil).toBe(-1);
  answer(5000, { at });
  expect(part.leaseUntil).toBe(5000 + lease);
  followClock(part, 5000 as Time);
  const later = report(6000);
  followClock(part, 4000 as Time);
  answer(4000, later);
  expect(part.leaseUntil).toBe(-1);
});
