// What lenses say to who listens, while next to nothing is known: no sentence has an empty place where a name belongs, in any
// architecture and either language.

import { beforeAll, describe, expect, test, vi } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import { offeredPresets } from '../../stacks/preset-names.ts';
import { setLanguage, t } from '../i18n/i18n.ts';
import { clusterOf, volumeNames } from '../model/volumes.ts';
import { projectArchive } from '../stacks/cynosdb/lenses/chains/archive.ts';
import { describeArchive, describeChains } from '../stacks/cynosdb/lenses/chains/describe.ts';
import { projectChains } from '../stacks/cynosdb/lenses/chains/project.ts';
import { describeJournal } from '../stacks/cynosdb/lenses/journal/describe.ts';
import { projectJournal } from '../stacks/cynosdb/lenses/journal/project.ts';
import { describeMtr } from '../stacks/cynosdb/lenses/mtr/describe.ts';
import { projectMtr } from '../stacks/cynosdb/lenses/mtr/project.ts';
import { describePages } from '../stacks/cynosdb/lenses/pages/describe.ts';
import { projectPages } from '../stacks/cynosdb/lenses/pages/project.ts';
import { describePcs } from '../stacks/cynosdb/lenses/pcs/describe.ts';
import { projectPcs } from '../stacks/cynosdb/lenses/pcs/project.ts';
import { describePlan } from '../stacks/cynosdb/lenses/plan/describe.ts';
import { projectPlan } from '../stacks/cynosdb/lenses/plan/project.ts';
import { describeRecovery, noneText } from '../stacks/cynosdb/lenses/recovery/describe.ts';
import { projectRecovery } from '../stacks/cynosdb/lenses/recovery/project.ts';
import { describeWal } from '../stacks/cynosdb/lenses/wal/describe.ts';
import { projectWal } from '../stacks/cynosdb/lenses/wal/project.ts';
import { describeDisk } from '../stacks/polardb/lenses/disk/describe.ts';
import { projectDisk } from '../stacks/polardb/lenses/disk/project.ts';
import { describeShared } from '../stacks/polardb/lenses/shared/describe.ts';
import { projectShared } from '../stacks/polardb/lenses/shared/project.ts';
import { describePlacement } from '../stacks/postdb-v4/lenses/placement/describe.ts';
import { projectPlacement } from '../stacks/postdb-v4/lenses/placement/project.ts';
import { statusLine } from '../story/status-line.ts';
import { startWorld, type WorldShot } from '../testing/world-frame.ts';
import { describeMetrics } from './metrics/describe.ts';

vi.stubGlobal('document', { documentElement: { lang: 'en' } });

/** Where a name is missing, a space stands before a mark or beside another one, or a mark begins a sentence. */
const isHollow = (text: string): boolean =>
  /(?:^|[.。(（]) *[:：,，;；]| {2}| [:：.。,，;；]|[(（] *[)）]|(?:^| )-1(?![\d.])|[A-Za-z]+\.[a-z]+[A-Z.。]/.test(
    text.trim(),
  );

const orNothing = <M>(model: M | null, say: (model: M) => string): string =>
  model === null ? '' : say(model);

function spokenOf({ frame, nodes, events }: WorldShot): Readonly<Record<string, string>> {
  const cluster = clusterOf(
    frame.cluster,
    nodes,
    volumeNames(frame.cluster, nodes)[0] ?? frame.cluster.volume,
  );
  const source = { cluster, nodes };
  const { time: now, outages, waits, links } = frame;
  return {
    pcs: orNothing(projectPcs(nodes, links), (model) => describePcs(model, t)),
    wal: describeWal(projectWal(source, { group: null, span: null, end: null, replica: null }), t),
    mtr: describeMtr(projectMtr({ ...source, events: [] }, { span: 64, end: null }), t),
    chains: describeChains(projectChains(source, { group: null, store: null }), t),
    archive: orNothing(projectArchive(source), (model) => describeArchive(model, t)),
    journal: describeJournal(projectJournal(source, null, events), t),
    pages: describePages(projectPages(source, { blockKey: null, at: null, store: null }), t),
    plan: describePlan(projectPlan(source, null, now), t),
    recovery: orNothing(projectRecovery({ ...source, outages, waits, now }), (model) =>
      describeRecovery(model, t),
    ),
    noRecovery: noneText(cluster.volume, t),
    shared: orNothing(projectShared(source, null), (model) => describeShared(model, t)),
    disk: orNothing(projectDisk(source, null), (model) => describeDisk(model, t)),
    placement: orNothing(projectPlacement(nodes, events), (model) => describePlacement(model, t)),
    metrics: describeMetrics(frame, t),
    status: statusLine(frame, t).text,
  };
}

describe.each(offeredPresets)('%s', (preset) => {
  let edge: Edge;
  let shots: readonly WorldShot[] = [];
  beforeAll(async () => {
    edge = await loadSqlEdge();
    const names = startWorld({ edge, preset, lines: [], view: {} }).shoot().frame.cluster.nodes;
    const lines = names.map(({ id }) => `6.000 crash ${id}`);
    const run = startWorld({ edge, preset, lines, view: { pages: true, log: true } });
    shots = [0, 1, 5, 7].map((ms) => {
      run.runTo((ms * 1000) as never);
      return run.shoot();
    });
  });
  test.each(['en', 'zh-CN'] as const)(
    'in %s nothing that is spoken has an empty name, at 0 ms, while it boots, and when all are down',
    async (language) => {
      await setLanguage(language);
      const hollow = shots.flatMap((shot) =>
        Object.entries(spokenOf(shot))
          .filter(([, text]) => isHollow(text))
          .map(([lens, text]) => `${shot.frame.time} ${lens}: ${text}`),
      );
      expect(hollow).toEqual([]);
    },
  );
});
