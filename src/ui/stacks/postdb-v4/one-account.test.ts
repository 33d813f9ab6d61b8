// What parts of the screen say of one node at one instant is one account: the sentence and the table of *PCS & metadata*, the nodes of
// *Shard placement* and the card, while voters of the metadata crash, freeze, are cut off and come back.

import { expect, test } from 'vitest';
import { present } from '../../../base/assert.ts';
import { time } from '../../../base/ids.ts';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import { t } from '../../i18n/i18n.ts';
import { healthOf, healthText, pcsStateOf } from '../../model/node-facts.ts';
import { startWorld } from '../../testing/world-frame.ts';
import { memberText, stateText } from '../cynosdb/lenses/pcs/describe.ts';
import { projectPcs } from '../cynosdb/lenses/pcs/project.ts';
import { nodeText } from './lenses/placement/describe.ts';
import { projectPlacement } from './lenses/placement/project.ts';

const edge = await loadSqlEdge();
const load =
  '0.000 workload d1 main kind=tablet-transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
const view = { detail: true, metadata: { node: null, at: null, base: null } };

/** Instants at which a voter did not take part, by what it was said to be. */
const cases: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ['a voter crashes and comes back', 'postdb-v4', ['250.000 crash n1 for 60.000 ms'], ['down', 'starting']],
  [
    'the leader crashes and comes back',
    'postdb-v4',
    ['250.000 crash n2 for 60.000 ms'],
    ['down', 'starting'],
  ],
  ['a voter freezes', 'postdb-v4', ['250.000 freeze n3 for 60.000 ms'], ['frozen']],
  ['a voter is cut off', 'postdb-v4', ['250.000 isolate n3 for 60.000 ms'], ['cut off']],
  [
    'a voter loses its disk',
    'postdb-v4',
    ['250.000 wipeDisk n1 for 60.000 ms'],
    ['down', 'starting', 'disk lost'],
  ],
  [
    'a node of the metadata alone',
    'cynosdb-pcs',
    ['250.000 crash pcs-1 for 60.000 ms'],
    ['down', 'starting'],
  ],
];

test.each(cases)(
  'PCS-31 PCS-81 %s: who votes, and what a node is, is said once',
  (_, preset, lines, absent) => {
    const run = startWorld({
      edge,
      preset,
      seed: 7,
      lines: [...(preset === 'postdb-v4' ? [load] : []), ...lines],
      view,
    });
    const seen = new Set<string>();
    for (let atMs = 245; atMs < 325; atMs += atMs > 307 && atMs < 314 ? 0.1 : 3) {
      run.runTo(time(Math.round(atMs * 1000)));
      const { nodes, frame } = run.shoot();
      const model = present(projectPcs(nodes, frame.links) ?? undefined, 'the metadata');
      const sentence = stateText(model, t);
      const [, count = '', of = ''] = /(\d+) of (\d+) voters reach each other/.exec(sentence) ?? [];
      expect([Number(count), Number(of)], `${atMs} ${sentence}`).toEqual([model.connected.length, 3]);
      for (const member of model.members) {
        const row = memberText(member, model, t);
        const isIn = model.connected.includes(member.node);
        if (isIn) expect(['leader', 'follower', 'candidate', 'asks first'], `${atMs} ${row}`).toContain(row);
        else {
          const [, said = ''] = new RegExp(`${member.node} \\(([^)]*)\\)`).exec(sentence) ?? [];
          seen.add(said);
          expect(said === 'cut off' ? member.cutFrom.length > 0 : said === row, `${atMs} ${sentence}`).toBe(
            true,
          );
        }
      }
      for (const node of projectPlacement(nodes, [])?.nodes ?? []) {
        const said = nodeText(node, t);
        const card = present(nodes[node.id], node.id);
        expect(said.split(', ')[0], `${atMs} ${node.id}`).toBe(healthText(healthOf(card), t));
        // down is what a heartbeat of 150 is missing for (PCS-81), not a silence of five
        const state = pcsStateOf(nodes, node.id);
        expect(said.includes('PCS: down'), `${atMs} ${node.id}`).toBe(state === 'down');
      }
    }
    expect(seen).toEqual(new Set(absent));
  },
);
