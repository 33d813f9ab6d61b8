// The palette's lines for faults: each has an id of its own, also for a message and its copy.

import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { WorldFrame } from '../../sim/frame.ts';
import { entriesFor, faultSubjects } from '../faults/registry.ts';
import { subjectName } from '../faults/subject-name.ts';
import { t } from '../i18n/i18n.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { commandSources, faultCommandId } from './sources.ts';

test('no two lines have one id', () => {
  const hook = makeHookFrame();
  const frame: WorldFrame = {
    ...hook,
    flights: hook.flights.flatMap((flight) => [flight, { ...flight, id: flight.id.replace(/\d+$/, '1') }]),
  };
  const ids = faultSubjects(frame).flatMap((subject) =>
    entriesFor({ frame, subject, selection: [] }).map((entry) =>
      faultCommandId(entry, subject, subjectName(subject, frame, t)),
    ),
  );
  expect(ids.length).toBeGreaterThan(300);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
});

test('WAL-45 a restore is offered where there is an object store', () => {
  const hook = makeHookFrame();
  const offered = (frame: WorldFrame): boolean =>
    commandSources.some((source) =>
      source({ lab: {} as never, t, frame, lsn: null, event: null }).some(({ id }) => id === 'restore'),
    );
  expect(offered(hook)).toBe(false);
  const store = { id: nodeId('cos-1'), zone: 'a', roles: ['objectStore'] as const };
  expect(offered({ ...hook, cluster: { ...hook.cluster, nodes: [...hook.cluster.nodes, store] } })).toBe(
    true,
  );
});

test('G leads to pages, groups and events that the picture has, and to no event that has not happened', () => {
  const frame = makeHookFrame();
  const goTo = (event: number | null): readonly string[] =>
    commandSources
      .flatMap((source) => source({ lab: {} as never, t, frame, lsn: null, event }))
      .filter(({ group }) => group === 'place')
      .map(({ id }) => id);
  const kinds = new Set(goTo(0).map((id) => id.split(' ')[0]));
  expect([...kinds].sort()).toEqual(expect.arrayContaining(['event', 'group', 'node', 'page']));
  expect(goTo(frame.traced - 1)).toContain('event');
  expect(goTo(frame.traced)).not.toContain('event');
  expect(goTo(null)).not.toContain('event');
});
