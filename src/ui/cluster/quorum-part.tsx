// How many copies there are, how many a write and a read need, and on which nodes they lie.

import { type ReactNode, useState } from 'react';
import type { NodeId } from '../../base/ids.ts';
import type { GroupSpec } from '../../core/kernel/cluster-spec.ts';
import type { ClusterFault } from '../../presets/cluster-faults.ts';
import { CLUSTER_LIMITS } from '../../sim/cluster-check.ts';
import { useT } from '../i18n/i18n.ts';
import { edit, useBuilding } from './builder-store.ts';
import { nodesOf, withChunks, withGroup, withGroupCount, withTablets } from './draft.ts';
import { FaultsAt, NumberField, Part } from './field.tsx';

interface Faulty {
  readonly faults: readonly ClusterFault[];
}

interface GroupProps extends Faulty {
  readonly group: GroupSpec;
  /** Those of which it is said, by their place. */
  readonly of: readonly number[];
  /** How it is called. */
  readonly name: string;
}

/** One group, or all where they are alike. */
function Group({ group, of, name, faults }: GroupProps): ReactNode {
  const t = useT();
  const stores = useBuilding(({ draft }) => draft.preset.cluster.nodes).filter(({ roles }) =>
    roles.includes('store'),
  );
  const { replicas, vw, vr } = group;
  const most = CLUSTER_LIMITS.copies;
  const change = (part: Partial<Pick<GroupSpec, 'replicas' | 'vw' | 'vr'>>): void =>
    edit((draft) => of.reduce((next, at) => withGroup(next, at, part), draft));
  const choose = (node: NodeId, is: boolean): void =>
    change({
      replicas: stores.map(({ id }) => id).filter((one) => (one === node ? is : replicas.includes(one))),
    });
  return (
    <div className="build-group">
      <div className="build-row">
        <span>
          <b className="mono">{name}</b> {t('cluster.copies', { count: replicas.length })}
        </span>
        <NumberField
          field={`write ${name}`}
          label={t('cluster.write')}
          help={t('cluster.write.help')}
          value={vw}
          min={1}
          max={most}
          onValue={(value) => change({ vw: value ?? 1 })}
        />
        <NumberField
          field={`read ${name}`}
          label={t('cluster.read')}
          help={t('cluster.read.help')}
          value={vr}
          min={1}
          max={most}
          onValue={(value) => change({ vr: value ?? 1 })}
        />
      </div>
      <fieldset className="build-stores">
        <legend className="visually-hidden">{t('cluster.storesOf', { group: name })}</legend>
        {stores.map(({ id: node, zone }) => (
          <label key={node}>
            <input
              type="checkbox"
              checked={replicas.includes(node)}
              onChange={(event) => choose(node, event.target.checked)}
            />
            <span className="mono">{node}</span> <span className="text-muted">{zone}</span>
          </label>
        ))}
      </fieldset>
      <FaultsAt faults={faults} fields={of.map((at) => `group g${at + 1}`)} />
    </div>
  );
}

const saidOf = ({ replicas, vw, vr }: GroupSpec): string => [...replicas, vw, vr].join(' ');

function Groups({ faults }: Faulty): ReactNode {
  const t = useT();
  const groups = useBuilding(({ draft }) => draft.preset.cluster.groups);
  const areAlike = new Set(groups.map(saidOf)).size <= 1;
  const [isEach, setEach] = useState(false);
  const [first] = groups;
  const all = groups.map((_, at) => at);
  const isOne = areAlike && !isEach && groups.length > 1;
  return (
    <Part id="quorum" title={t('cluster.quorum')} help={t('cluster.quorum.help')}>
      <div className="build-row">
        <NumberField
          field="groups"
          label={t('cluster.groups')}
          help={t('cluster.groups.help')}
          value={groups.length}
          min={1}
          max={16}
          onValue={(value) => edit((draft) => withGroupCount(draft, value ?? 1))}
        />
        {areAlike && groups.length > 1 && (
          <label className="build-check">
            <input type="checkbox" checked={isEach} onChange={(event) => setEach(event.target.checked)} />
            {t('cluster.eachGroup')}
          </label>
        )}
      </div>
      {isOne && first !== undefined ? (
        <Group
          group={first}
          of={all}
          name={groups.length > 4 ? `g1–g${groups.length}` : groups.map(({ id }) => id).join(', ')}
          faults={faults}
        />
      ) : (
        groups.map((group, at) => (
          <Group key={group.id} group={group} of={[at]} name={group.id} faults={faults} />
        ))
      )}
    </Part>
  );
}

function Tablets({ faults }: Faulty): ReactNode {
  const t = useT();
  const placement = useBuilding(({ draft }) => draft.preset.cluster.placement);
  if (placement === undefined) return null;
  const fields = [
    ['n', 'cluster.copiesOf', 'cluster.copiesOf.help'],
    ['vw', 'cluster.write', 'cluster.write.help'],
    ['vr', 'cluster.read', 'cluster.read.help'],
  ] as const;
  return (
    <Part id="quorum" title={t('cluster.quorum')} help={t('cluster.tablets.help')}>
      <div className="build-row">
        {fields.map(([part, label, help]) => (
          <NumberField
            key={part}
            field={`tablets ${part}`}
            label={t(label)}
            help={t(help)}
            value={placement[part]}
            min={1}
            max={CLUSTER_LIMITS.copies}
            onValue={(value) => edit((draft) => withTablets(draft, { [part]: value ?? 1 }))}
          />
        ))}
      </div>
      <FaultsAt faults={faults} fields={['tablets']} />
    </Part>
  );
}

function Chunks({ faults }: Faulty): ReactNode {
  const t = useT();
  const preset = useBuilding(({ draft }) => draft.preset);
  const chunks = preset.cluster.chunks ?? [];
  const copies = chunks[0]?.replicas.length ?? 0;
  return (
    <Part id="quorum" title={t('cluster.quorum')} help={t('cluster.chunks.help')}>
      <div className="build-row">
        <NumberField
          field="chunk count"
          label={t('cluster.chunks')}
          help={t('cluster.chunks.count')}
          value={chunks.length}
          min={1}
          max={CLUSTER_LIMITS.chunks}
          onValue={(value) => edit((draft) => withChunks(draft, value ?? 1, copies))}
        />
        <NumberField
          field="chunk copies"
          label={t('cluster.copiesOf')}
          help={t('cluster.chunks.copies')}
          value={copies}
          min={1}
          max={Math.max(1, nodesOf(preset, 'chunk').length)}
          onValue={(value) => edit((draft) => withChunks(draft, chunks.length, value ?? 1))}
        />
      </div>
      <FaultsAt faults={faults} fields={['chunks']} />
    </Part>
  );
}

export function QuorumPart({ faults }: Faulty): ReactNode {
  const layout = useBuilding(({ draft: { preset } }) =>
    preset.cluster.placement !== undefined
      ? 'tablets'
      : preset.cluster.chunks !== undefined
        ? 'chunks'
        : 'groups',
  );
  if (layout === 'tablets') return <Tablets faults={faults} />;
  return layout === 'chunks' ? <Chunks faults={faults} /> : <Groups faults={faults} />;
}
