// The PCS lens over real runs of one metadata node and of three: the logs side by side, who leads, a lost majority, a leader that
// was cut off, and the metadata of an older version beside the newest.

import { beforeAll, describe, expect, test, vi } from 'vitest';
import { nodeId } from '../../../../../base/ids.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { recordKeyframe } from '../../../../../run-model/picture/keyframe.ts';
import type { Edge } from '../../../../../sim/fabric-state.ts';
import { known } from '../../../../../stacks/known.ts';
import { setLanguage, t } from '../../../../i18n/i18n.ts';
import { shootWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { standingText } from './config-part.tsx';
import { describePcs, entryText, letterOf, stateText, voteText } from './describe.ts';
import {
  cellAt,
  diffRows,
  entryAt,
  isChanged,
  type PcsMember,
  type PcsModel,
  projectPcs,
} from './project.ts';

vi.stubGlobal('document', { documentElement: { lang: 'en' } });

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

interface Shot {
  readonly atMs: number;
  readonly lines?: readonly string[];
  readonly preset?: string;
  /** Whose metadata, and as of which entries. */
  readonly node?: string;
  readonly at?: number;
  readonly base?: number;
}

function shoot({ atMs, lines = [], preset = 'cynosdb-pcs', node, at, base }: Shot): WorldShot {
  const metadata = { node: node === undefined ? null : nodeId(node), at: at ?? null, base: base ?? null };
  return shootWorld({ edge, preset, lines, atMs, view: { detail: false, metadata } });
}

function modelOf(shot: WorldShot): PcsModel {
  const model = projectPcs(shot.nodes, shot.frame.links);
  if (model === null) throw new Error('no metadata');
  return model;
}
const modelAt = (shot: Shot): PcsModel => modelOf(shoot(shot));

const memberOf = (model: PcsModel, node: string): PcsMember => {
  const found = model.members.find((member) => member.node === node);
  if (found === undefined) throw new Error(`no ${node}`);
  return found;
};
const leaderOf = ({ leader }: PcsModel): string => leader?.node ?? '';
const others = (model: PcsModel): readonly string[] =>
  model.members.flatMap(({ node, isLeader }) => (isLeader ? [] : [node]));

/** Rows of the newest version that a member holds, and its number. */
function versionOf(shot: WorldShot, node: string) {
  const { versions } = memberOf(modelOf(shot), node).view ?? {};
  if (!versions) throw new Error(`no versions at ${node}`);
  return versions;
}

describe('the logs of three members', () => {
  test('PCS-9 PCS-16 one leads with the votes of a majority; committed is durable on a majority, applied after it', () => {
    const model = modelAt({ atMs: 120 });
    const { leader, members, last } = model;
    expect(model.state).toBe('led');
    expect(members.map(({ node }) => node)).toEqual(['pcs-1', 'pcs-2', 'pcs-3']);
    expect(last).toBeGreaterThan(2);
    const votes = members.filter(({ view }) => view?.votedFor === leader?.node);
    expect(votes.length).toBeGreaterThanOrEqual(2);
    const commit = leader?.view?.commit ?? 0;
    expect(commit).toBeGreaterThan(1);
    for (let index = 1; index <= commit; index++) {
      const states = members.map((member) => cellAt(member, index).state);
      expect(states.filter((state) => state !== 'none' && state !== 'written').length).toBeGreaterThanOrEqual(
        2,
      );
    }
    expect(stateText(model, t)).toContain(`${leader?.node} leads in term ${leader?.view?.term}; 3 of 3`);
    expect(describePcs(model, t)).toContain(`committed ${commit}`);
  });

  test('PCS-32 an entry says what it asks for; the first is the configuration, the empty one opens the term', () => {
    const model = modelAt({ atMs: 120 });
    const words = Array.from({ length: model.last }, (_, i) => entryAt(model, i + 1)).flatMap((entry) =>
      entry === null ? [] : [`${letterOf(entry)} ${entryText(entry, t)}`],
    );
    expect(words[0]).toBe('C members of the log (pcs-1, pcs-2, pcs-3)');
    expect(words).toContain('· opens the term');
    expect(words.find((text) => text.startsWith('T '))).toMatch(/grants a token \(.*volume v1/);
  });

  test('PCS-17 what the leader knows of each follower and asks of it next is within its log', () => {
    const model = modelAt({ atMs: 120 });
    for (const node of others(model)) {
      const { progress, view } = memberOf(model, node);
      expect(progress?.state).toBe('replicate');
      expect(progress?.isActive).toBe(true);
      expect(progress?.match).toBeLessThanOrEqual(view?.durable ?? 0);
      expect(progress?.next).toBe(model.last + 1);
    }
  });
});

test('PCS-32 the entries are there from the first picture on, for each preset; a picture that nobody asked for them in is on its way', () => {
  for (const preset of ['cynosdb', 'cynosdb-pcs', 'cynosdb-ha', 'postdb-v4', 'polardb']) {
    const keyframe = recordKeyframe(known, preset, 7, edge);
    if ('error' in keyframe) throw new Error(keyframe.error);
    const { nodes, links } = keyframe.frame;
    const model = projectPcs(Object.fromEntries(nodes.map((node) => [node.id, node])), links);
    if (model === null) throw new Error('no metadata');
    expect([preset, model.isLoaded, model.last > 2]).toEqual([preset, true, true]);
    for (let index = model.first; index <= model.last; index++)
      expect(entryAt(model, index), `${preset} ${index}`).not.toBeNull();
  }
  const unasked = shootWorld({ edge, preset: 'cynosdb-pcs', lines: [], atMs: 120, view: {} });
  expect(modelOf(unasked).isLoaded).toBe(false);
});

describe('PCS-31 losses', () => {
  test('the leader dies: another leads in a higher term, and what was committed is there', () => {
    const before = modelAt({ atMs: 120 });
    const old = leaderOf(before);
    const after = modelAt({ atMs: 320, lines: [`120.000 crash ${old}`] });
    expect(after.state).toBe('led');
    expect(leaderOf(after)).not.toBe(old);
    expect(after.leader?.view?.term).toBeGreaterThan(before.leader?.view?.term ?? 0);
    expect(after.leader?.view?.commit).toBeGreaterThan(before.leader?.view?.commit ?? 0);
    expect(memberOf(after, old).status).toBe('down');
    expect(after.connected).toHaveLength(2);
    expect(stateText(after, t)).toContain(`Not among them: ${old} (down).`);
  });

  test('two of three are down: no majority, in words; the third asks for votes in vain', () => {
    const leader = leaderOf(modelAt({ atMs: 120 }));
    const down = others(modelAt({ atMs: 120 }));
    const model = modelAt({ atMs: 320, lines: down.map((node) => `120.000 crash ${node}`) });
    expect([model.state, model.connected, model.majority]).toEqual(['split', [leader], 2]);
    expect(stateText(model, t)).toContain('1 of 3 voters reach each other, 2 are needed');
    expect(model.leader).toBeNull();
    const alone = memberOf(model, leader);
    expect(alone.view?.member).toBe('preCandidate');
    expect(voteText(alone, t)).toBe('1 of 1 votes');
  });

  test('PCS-14 a leader that is cut off steps down, and the others elect one', () => {
    const before = modelAt({ atMs: 120 });
    const [old, rest] = [leaderOf(before), others(before)];
    const lines = [`120.000 cut ${old} | ${rest.join(' ')}`];
    const soon = modelAt({ atMs: 121, lines });
    expect(soon.connected).toEqual(rest);
    expect(stateText(soon, t)).toContain(`Not among them: ${old} (cut off).`);
    expect(memberOf(soon, old).cutFrom).toEqual(rest);
    const later = modelAt({ atMs: 320, lines });
    expect(memberOf(later, old).view?.member).not.toBe('leader');
    expect(rest).toContain(leaderOf(later));
  });
});

describe('the metadata by version', () => {
  test('PCS-32 an older version is what the member held when it was the newest one', () => {
    const early = shoot({ atMs: 60, node: 'pcs-1' });
    const held = versionOf(early, 'pcs-1').at;
    expect(held.rows.length).toBeGreaterThan(10);
    const lines = ['100.000 crash rw-1 loseAll', '110.000 restart rw-1'];
    const late = versionOf(shoot({ atMs: 300, lines, node: 'pcs-1', at: held.index }), 'pcs-1');
    expect(late.at).toEqual(held);
    const newest = versionOf(shoot({ atMs: 300, lines, node: 'pcs-1', base: held.index }), 'pcs-1');
    expect(newest.base).toEqual(held);
    const changed = diffRows(newest).filter(isChanged);
    expect(changed.find(({ entity, field }) => entity === 'volumes' && field === 'token')).toMatchObject({
      of: 'v1',
      base: '1',
      at: '2',
    });
    expect(changed.length).toBeLessThan(diffRows(newest).length);
  });

  test('the same version is the same on every member, and the newest of them is not replayed but held', () => {
    const at = versionOf(shoot({ atMs: 200, node: 'pcs-1' }), 'pcs-1').at.index;
    const [a, b, c] = ['pcs-1', 'pcs-2', 'pcs-3'].map(
      (node) => versionOf(shoot({ atMs: 200, node, at }), node).at,
    );
    expect(b).toEqual(a);
    expect(c).toEqual(a);
  });

  test('an entity that is gone is listed with its kind', () => {
    const row = { of: 'v1', field: 'token', value: '1' };
    const version = (rows: readonly { entity: string; of: string; field: string; value: string }[]) => ({
      index: 1,
      entry: null,
      rows,
    });
    const rows = diffRows({
      first: 0,
      base: version([
        { entity: 'moves', ...row },
        { entity: 'volumes', ...row },
      ]),
      at: version([
        { entity: 'volumes', ...row },
        { entity: 'volumes', ...row, field: 'state' },
      ]),
    });
    expect(rows.map(({ entity, field, base, at }) => [entity, field, base, at])).toEqual([
      ['volumes', 'token', '1', '1'],
      ['volumes', 'state', null, '1'],
      ['moves', 'token', '1', null],
    ]);
  });

  test('one voter: cynosdb has the same lens', () => {
    const shot = shoot({ atMs: 120, preset: 'cynosdb', node: 'meta-1' });
    const model = modelOf(shot);
    expect([model.state, model.voters.length, leaderOf(model)]).toEqual(['led', 1, 'meta-1']);
    expect(stateText(model, t)).toContain('the only voter');
    expect(versionOf(shot, 'meta-1').at.rows.some(({ field }) => field === 'writer')).toBe(true);
  });
});

test('both languages say who leads', async () => {
  const model = modelAt({ atMs: 120 });
  await setLanguage('zh-CN');
  expect(stateText(model, t)).toContain('任期');
  expect(describePcs(model, t)).toContain('落盘到');
  await setLanguage('en');
});

describe('PCS-91, PCS-92, PCS-99 configuration and agents', () => {
  const lines = [
    '100.000 putConfig global scrubEveryMs 7',
    '105.000 putConfig role:compute bufferPages 99',
    '110.000 putConfig global scrubEveryMs 0',
    '115.000 crash store-3',
    '120.000 editConfig store-1 scrubEveryMs 900',
    '130.000 putConfig global deadlockMs 30',
    '135.000 ask d1 store-3 : getConfig',
  ];

  test('nothing is shown before anything was set', () => {
    expect(modelAt({ atMs: 120 }).leader?.view?.agents).toBeNull();
  });

  test('each node with its version, who drifted, what was refused with its range, who is silent', () => {
    const { agents } = modelAt({ atMs: 180, lines }).leader?.view ?? {};
    if (!agents) throw new Error('no agents');
    const stands = new Map(agents.rows.map((row) => [row.node as string, standingText(row, t)]));
    expect(agents.version).toBe(3);
    expect(stands.get('store-1')).toBe('drift healed');
    expect(stands.get('store-2')).toBe('current');
    expect(stands.get('store-3')).toBe('behind');
    expect(agents.rows.find(({ node }) => node === 'rw-1')?.known?.waits).toEqual(['bufferPages']);
    expect(agents.refused).toMatchObject([{ key: 'scrubEveryMs', value: '0', range: '1…60000 ms' }]);
    expect(agents.asks).toMatchObject([{ command: 'getConfig', missing: ['store-3'] }]);
    const rows = agents.asks[0]?.answers[0]?.rows ?? [];
    expect(rows.find(({ name }) => name === 'attemptTimeoutMs')?.value).toBe('40 (built-in)');
    expect(agents.settings.map(({ scope, key, value }) => `${scope} ${key} ${value}`)).toEqual([
      'global deadlockMs 30',
      'global scrubEveryMs 7',
      'role:compute bufferPages 99',
    ]);
  });
});
