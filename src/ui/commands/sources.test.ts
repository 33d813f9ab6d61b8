// The palette's lines for faults: each has an id of its own, also for a message and its copy.

import { describe, expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import { pageKey, RELATIONS_PER_GROUP } from '../../core/page/page-key.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { frameStore } from '../../state/frame-store.ts';
import { entriesFor, faultSubjects } from '../faults/registry.ts';
import { t } from '../i18n/i18n.ts';
import { lensesNow } from '../lens/registry.ts';
import { headOf, terms } from '../rules/terms.ts';
import { subjectText } from '../selection/subject-text.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { shootWorld } from '../testing/world-frame.ts';
import type { Command } from './command.ts';
import { hasPages, knownPages, pagesIn } from './known-pages.ts';
import { pagesMeant } from './pages-meant.ts';
import { rankCommands, typedLsn } from './rank.ts';
import { commandSources, faultCommandId } from './sources.ts';
import '../../words/commands/commands.en.json';

const noPages = { pages: [], asked: [] } as const;

test('no two lines have one id', () => {
  const hook = makeHookFrame();
  const frame: WorldFrame = {
    ...hook,
    flights: hook.flights.flatMap((flight) => [flight, { ...flight, id: flight.id.replace(/\d+$/, '1') }]),
  };
  const ids = faultSubjects(frame).flatMap((subject) =>
    entriesFor({ frame, subject, selection: [] }).map((entry) =>
      faultCommandId(entry, subject, subjectText(subject, frame, t)),
    ),
  );
  expect(ids.length).toBeGreaterThan(300);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
});

test('every picture of a lens below its first can be gone to by its name', () => {
  const frame = makeHookFrame();
  frameStore.setState({ frame });
  const offered = commandSources
    .flatMap((source) => source({ lab: {} as never, t, frame, lsn: null, event: null, ...noPages }))
    .filter(({ group }) => group === 'lens')
    .map(({ id }) => id);
  const below = lensesNow().flatMap(({ id, sections = {} }) =>
    Object.keys(sections)
      .slice(1)
      .map((section) => `picture ${id} ${section}`),
  );
  expect(below.length).toBeGreaterThan(5);
  expect(offered).toEqual(expect.arrayContaining(below));
});

test('WAL-45 a restore is offered where there is an object store', () => {
  const hook = makeHookFrame();
  const offered = (frame: WorldFrame): boolean =>
    commandSources.some((source) =>
      source({ lab: {} as never, t, frame, lsn: null, event: null, ...noPages }).some(
        ({ id }) => id === 'restore',
      ),
    );
  expect(offered(hook)).toBe(false);
  const store = { id: nodeId('cos-1'), zone: 'a', roles: ['objectStore'] as const };
  expect(offered({ ...hook, cluster: { ...hook.cluster, nodes: [...hook.cluster.nodes, store] } })).toBe(
    true,
  );
});

test('G leads to pages, groups and events that the picture has, and to no event that has not happened', () => {
  const frame = makeHookFrame();
  const pages = [
    { group: 'g1', blockKey: 65536, name: 'accounts#0', where: 'g1', isShared: false, isBuffered: false },
  ];
  const goTo = (event: number | null): readonly string[] =>
    commandSources
      .flatMap((source) => source({ lab: {} as never, t, frame, lsn: null, event, pages, asked: [] }))
      .filter(({ group }) => group === 'place')
      .map(({ id }) => id);
  const kinds = new Set(goTo(0).map((id) => id.split(' ')[0]));
  expect([...kinds].sort()).toEqual(expect.arrayContaining(['event', 'group', 'node', 'page']));
  expect(goTo(frame.traced - 1)).toContain('event');
  expect(goTo(frame.traced)).not.toContain('event');
  expect(goTo(null)).not.toContain('event');
});

/** The hook's picture as it is once nodes were asked for their pages. */
function framedPages(): WorldFrame {
  const hook = makeHookFrame();
  const relation = 40 * RELATIONS_PER_GROUP + 3;
  const keys = [0, 1, 2].map((block) => pageKey(relation, 0, block));
  const blocks = keys.map((blockKey) => ({ blockKey, chain: [], chainLength: 0, versions: [] }));
  const table = {
    name: 'accounts',
    relation,
    keyRelation: relation + 1,
    columns: [],
    primaryKey: [],
    indexes: [],
  };
  const nodes = hook.nodes.map((node) => {
    const roles = node.view?.roles.map((role) => {
      if (role.role === 'compute') return { ...role, pages: { frames: [], tables: [table] } };
      if (role.role !== 'store') return role;
      const listed = { blocks, total: blocks.length };
      const none = { blocks: [], total: 0 };
      return {
        ...role,
        groups: role.groups.map((group, i) => ({ ...group, blocks: i === 0 ? listed : none })),
      };
    });
    return { ...node, view: { node: node.id, roles } };
  });
  return { ...hook, nodes } as unknown as WorldFrame;
}

test('a page is found by its name, its table and its id, with its faults once it is typed in full', () => {
  const frame = framedPages();
  expect(hasPages(makeHookFrame())).toBe(false);
  expect(hasPages(frame)).toBe(true);
  const pages = knownPages(frame, t);
  expect(pages.map(({ name }) => name)).toEqual(['accounts#0', 'accounts#1', 'accounts#2']);
  const found = (query: string): readonly Command[] => {
    const asked = pagesIn(query, pages);
    const context = { lab: {} as never, t, frame, lsn: null, event: null, pages, asked };
    return rankCommands(
      commandSources.flatMap((source) => source(context)),
      query,
      [],
    ).shown;
  };
  const [page] = pages.slice(1);
  const id = `page ${page?.group} ${page?.blockKey}`;
  expect(found('accounts#1')[0]?.id).toBe(id);
  expect(found('accounts').filter(({ id }) => id.startsWith('page ')).length).toBe(3);
  expect(found(String(page?.blockKey))[0]?.id).toBe(id);
  const faults = (query: string): number =>
    found(query).filter(({ group, label }) => group === 'fault' && label.endsWith('accounts#1')).length;
  expect(faults('accounts')).toBe(0);
  expect(faults('accounts#1')).toBeGreaterThan(0);
});

/** The same pages once more: v2 is restored from v1, its group has copies of them on the same stores. */
function withRestored(frame: WorldFrame): WorldFrame {
  const nodes = frame.nodes.map((node) => {
    const roles = node.view?.roles.map((role) => {
      if (role.role === 'store')
        return { ...role, groups: [...role.groups, { ...role.groups[0], group: 'g3', requests: [] }] };
      if (role.role !== 'meta') return role;
      const volumes = [
        { name: 'v1', groups: ['g1', 'g2'] },
        { name: 'v2', groups: ['g3'] },
      ];
      return { ...role, volumes };
    });
    return { ...node, view: { node: node.id, roles } };
  });
  return { ...frame, nodes } as unknown as WorldFrame;
}

test('WAL-45 a page that a group and its restored copy both have is there twice, by volume and group', () => {
  const frame = withRestored(framedPages());
  const pages = knownPages(frame, t);
  const [source] = framedPages().nodes.flatMap(({ view }) =>
    (view?.roles ?? []).flatMap((role) => (role.role === 'store' ? role.groups.slice(0, 1) : [])),
  );
  expect(pages).toHaveLength(6);
  expect(pages.map(({ where }) => where)).toEqual(
    Array.from({ length: 3 }, () => [`v1 ${source?.group}`, 'v2 g3']).flat(),
  );
  const asked = pagesIn('accounts#1', pages);
  expect(asked.map(({ group }) => group)).toEqual([source?.group, 'g3']);
  const lines = commandSources.flatMap((each) =>
    each({ lab: {} as never, t, frame, lsn: null, event: null, pages, asked }),
  );
  const goTo = lines.filter(({ id }) => id.startsWith('page ') && id.endsWith(String(asked[0]?.blockKey)));
  expect(goTo.map(({ label }) => label)).toEqual([
    `Go to page accounts#1 of v1 ${source?.group}`,
    'Go to page accounts#1 of v2 g3',
  ]);
  const faults = lines.filter(({ group, label }) => group === 'fault' && label.includes('accounts#1'));
  expect(faults.some(({ label }) => label.endsWith('accounts#1 (v2 g3)'))).toBe(true);
  expect(faults.some(({ label }) => label.endsWith(`accounts#1 (v1 ${source?.group})`))).toBe(true);
  const ids = lines.map(({ id }) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
});

test('every term of the glossary is found by its name, in both languages', () => {
  const commands = commandSources.flatMap((source) =>
    source({ lab: {} as never, t, frame: null, lsn: null, event: null, ...noPages }),
  );
  for (const term of terms)
    for (const word of [headOf(term, 'en'), term.gloss])
      expect(
        rankCommands(commands, word, []).shown.filter(({ group }) => group === 'term'),
        word,
      ).not.toEqual([]);
  expect(rankCommands(commands, 'no such thing at all', []).shown.map(({ label }) => label)).toEqual([]);
});

test('go to LSN 112 is the first line for itself and for its number; a word that is nowhere finds nothing', () => {
  const found = (query: string): readonly Command[] => {
    const context = {
      lab: {} as never,
      t,
      frame: makeHookFrame(),
      lsn: typedLsn(query),
      event: null,
      ...noPages,
    };
    return rankCommands(
      commandSources.flatMap((source) => source(context)),
      query,
      [],
    ).shown;
  };
  for (const query of ['go to LSN 112', 'lsn 112', '>112', '转到 LSN 112'])
    expect(found(query)[0]?.id, query).toBe('lsn');
  expect(found('oracledb')).toEqual([]);
  expect(found('crash store-2')[0]?.label).toMatch(/^Crash.*store-2$/);
});

describe('what can be done to a page is found by its name in both languages, though no page is named', () => {
  const load =
    '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
  const found = (frame: WorldFrame, query: string, chosen: number | null = null): readonly Command[] => {
    const pages = knownPages(frame, t);
    const asked = pagesMeant(query, pages, chosen);
    const context = { lab: {} as never, t, frame, lsn: null, event: null, pages, asked };
    return rankCommands(
      commandSources.flatMap((source) => source(context)),
      query,
      [],
    ).shown;
  };

  test.each(['cynosdb', 'cynosdb-ro', 'postdb-v4', 'polardb'])('WAL-10 LI-54 %s', async (preset) => {
    const edge = await loadSqlEdge();
    const lines = preset === 'postdb-v4' ? [load.replace('kind=transfer', 'kind=tablet-transfer')] : [load];
    const { frame } = shootWorld({ edge, preset, lines, atMs: 300, view: { pages: true } });
    expect(hasPages(frame)).toBe(true);
    for (const query of ['evict', '淘汰', 'evict accounts', 'page.evict']) {
      const lines = found(frame, query).filter(({ keywords = [] }) =>
        keywords.some((word) => word.startsWith('evictPage ')),
      );
      expect(lines.length, query).toBeGreaterThan(0);
      expect(lines[0]?.label, query).toMatch(/^Evict it from the buffer of \S+: /);
      if (query === 'evict accounts') for (const { label } of lines) expect(label).toContain('accounts');
    }
    // the page that is selected comes first
    const last = knownPages(frame, t).findLast(({ isBuffered }) => isBuffered);
    const [first] = pagesMeant('evict', knownPages(frame, t), last?.blockKey ?? null);
    expect(first).toEqual(last);
    // a page that is named is the only one that is meant
    expect(
      pagesMeant(`evict ${last?.name}`, knownPages(frame, t), null).every(({ name }) => name === last?.name),
    ).toBe(true);
    expect(pagesMeant('crash store', knownPages(frame, t), null)).toEqual([]);
  });
});
