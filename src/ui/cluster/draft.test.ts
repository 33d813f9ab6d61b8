// PRE-9: what the builder makes is what its lines say, whatever is edited in which order; what cannot be is refused and stays.

import { expect, test } from 'vitest';
import { makePrng, nextBelow, nextBetween, type Prng } from '../../base/prng.ts';
import { readCluster } from '../../sim/cluster-file.ts';
import { printCluster } from '../../sim/cluster-text.ts';
import { ENGINE } from '../../sim/engine.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { printTape } from '../../sim/tape-print.ts';
import { makeTape } from '../../sim/tape-run.ts';
import { offeredPresets } from '../../stacks/preset-names.ts';
import { findPreset, presets } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import '../../words/cluster.en.json';
import {
  type Draft,
  draftOf,
  faultsOfDraft,
  kindsOf,
  nodesOf,
  presetOf,
  withChange,
  withChunks,
  withCount,
  withDisk,
  withGroup,
  withGroupCount,
  withLinks,
  withTablets,
  withZoneOf,
  withZones,
  zonesOf,
} from './draft.ts';
import { latencyProfiles, linksOf, profileOf } from './latency-profiles.ts';

const architectures = ['cynosdb', 'postdb-v4', 'polardb'] as const;

function draftFrom(name: string): Draft {
  const preset = findPreset(name);
  if (preset === null) throw new Error(name);
  return draftOf(preset, 'mine');
}

test('PRE-9 every offered preset can be made one’s own and is what its lines say', () => {
  for (const name of offeredPresets) {
    const draft = draftFrom(name);
    expect(faultsOfDraft(draft), name).toEqual([]);
    const preset = presetOf(draft);
    expect(readCluster(presets, printCluster(presets.kindsOf, preset), 'own')).toEqual({ ok: true, preset });
    expect(draftOf(preset, 'mine').preset, name).toEqual(draft.preset);
  }
});

test('WAL-3 a quorum that is the majority stays one while stores come and go; one that was typed is refused', () => {
  const five = withCount(draftFrom('cynosdb'), 'store', 5);
  expect(five.preset.cluster.groups.map(({ replicas, vw, vr }) => [replicas.length, vw, vr])).toEqual([
    [5, 3, 3],
    [5, 3, 3],
  ]);
  const four = withGroup(five, 0, { vw: 4, vr: 2 });
  expect(faultsOfDraft(four)).toEqual([]);
  const [fault] = faultsOfDraft(withCount(four, 'store', 3));
  expect(fault).toMatchObject({ field: 'group g1', kind: 'quorumTooLarge', of: { quorum: 4, copies: 3 } });
});

test('FENCE-18 the writer gets a priority with the first standby, and loses it with the last', () => {
  const writerOf = ({ preset }: Draft) => nodesOf(preset, 'writer')[0];
  const alone = draftFrom('cynosdb');
  expect(writerOf(alone)?.haPriority).toBeUndefined();
  const two = withCount(withCount(alone, 'meta', 3), 'standby', 1);
  expect(writerOf(two)?.haPriority).toBe(1);
  expect(faultsOfDraft(two)).toEqual([]);
  expect(writerOf(withCount(two, 'standby', 0))?.haPriority).toBeUndefined();
});

test('PRE-3, PRE-6 links keep their profile while zones change, and timers grow with them', () => {
  for (const profile of latencyProfiles) {
    let draft = withZones(draftFrom('cynosdb-6'), 3);
    draft = withLinks(draft, linksOf(profile, zonesOf(draft.preset)));
    draft = withZones(draft, 2);
    expect(zonesOf(draft.preset)).toEqual(['a', 'b']);
    expect(profileOf(draft.preset.cluster.links ?? [], ['a', 'b'])).toBe(profile);
    draft = withZoneOf(draft, 'store-6', 'c');
    expect(profileOf(draft.preset.cluster.links ?? [], ['a', 'b', 'c'])).toBe(profile);
    expect(faultsOfDraft(draft), profile).toEqual([]);
  }
  let far = withZones(draftFrom('cynosdb'), 3);
  far = withLinks(far, linksOf('regions', zonesOf(far.preset)));
  const run = presetOf(far);
  expect(run.changes.length).toBeGreaterThan(10);
  expect(run.bootUntilMs).toBeGreaterThan(1000);
  expect(faultsOfDraft({ ...far, fitsTimers: false })[0]).toMatchObject({ kind: 'notAboveRoundTrip' });
});

/** Something a person may do, right or not. */
function anyEdit(prng: Prng, draft: Draft): Draft {
  const { preset } = draft;
  const kinds = Object.keys(kindsOf(preset));
  const zones = zonesOf(preset);
  const node = preset.cluster.nodes[nextBelow(prng, preset.cluster.nodes.length)]?.id ?? 'nobody';
  const groups = preset.cluster.groups.length;
  switch (nextBelow(prng, 9)) {
    case 0:
      return withCount(draft, kinds[nextBelow(prng, kinds.length)] ?? '', nextBelow(prng, 7));
    case 1:
      return withZones(draft, nextBetween(prng, 1, 4));
    case 2:
      return withZoneOf(draft, node, 'abcd'[nextBelow(prng, 4)] ?? 'a');
    case 3:
      return withLinks(
        draft,
        linksOf(latencyProfiles[nextBelow(prng, latencyProfiles.length)] ?? 'oneZone', zones),
      );
    case 4:
      return withGroupCount(draft, nextBetween(prng, 1, 4));
    case 5:
      return groups === 0
        ? withTablets(draft, {
            n: nextBetween(prng, 1, 5),
            vw: nextBetween(prng, 1, 4),
            vr: nextBetween(prng, 1, 4),
          })
        : withGroup(draft, nextBelow(prng, groups), {
            vw: nextBetween(prng, 1, 5),
            vr: nextBetween(prng, 1, 5),
          });
    case 6:
      return withDisk(
        draft,
        node,
        'syncUs',
        nextBelow(prng, 3) === 0 ? undefined : nextBetween(prng, 100, 4000),
      );
    case 7:
      return withChange(draft, 'lal', nextBelow(prng, 2) === 0 ? undefined : nextBetween(prng, 32, 500));
    default:
      return preset.architecture === 'polardb'
        ? withChunks(draft, nextBetween(prng, 1, 8), nextBetween(prng, 1, 5))
        : draft;
  }
}

test('PRE-9 drawn edits make a cluster that starts as its tape says, or one that is refused at a field', () => {
  const outcomes = { started: 0, refused: 0 };
  for (let seed = 1; seed <= 150; seed++) {
    const prng = makePrng(seed, 'edits');
    let draft = draftFrom(architectures[seed % 3] ?? 'cynosdb');
    for (let i = 0; i < 12; i++) draft = anyEdit(prng, draft);
    const faults = faultsOfDraft(draft);
    if (faults.length > 0) {
      for (const { field, error } of faults) expect([field, error]).not.toContain('');
      outcomes.refused++;
      continue;
    }
    const preset = presetOf(draft);
    expect(readCluster(presets, printCluster(presets.kindsOf, preset), 'own'), `seed ${seed}`).toEqual({
      ok: true,
      preset,
    });
    const { profile, seed: of } = preset;
    const tape = makeTape(preset, { engine: ENGINE, profile, seed: of });
    expect(parseTape(tapes, printTape(tapes, tape)), `seed ${seed}`).toEqual({ ok: true, tape });
    outcomes.started++;
  }
  expect(Math.min(outcomes.started, outcomes.refused)).toBeGreaterThan(20);
});
