// Nodes of each kind, zones, and each node by itself: where it is and what its disk is like.

import type { ReactNode } from 'react';
import type { ClusterFault } from '../../presets/cluster-faults.ts';
import { parameters, profileValue } from '../../presets/parameters.ts';
import { translateLoose, useT } from '../i18n/i18n.ts';
import { Select } from '../kit/select.tsx';
import { edit, useBuilding } from './builder-store.ts';
import { changeOf, kindsOf, nodesOf, withCount, withDisk, withZoneOf, withZones, zonesOf } from './draft.ts';
import { FaultsAt, NumberField, Part } from './field.tsx';

/** Zones that are offered; a file may have more. */
const mostZones = 6;
/** A browser carries no more in workers; a file says it in memory. */
const mostOfKind = 64;

export function NodesPart({ faults }: { readonly faults: readonly ClusterFault[] }): ReactNode {
  const t = useT();
  const preset = useBuilding(({ draft }) => draft.preset);
  const zones = zonesOf(preset);
  return (
    <Part id="nodes" title={t('cluster.nodes')} help={t('cluster.nodes.help')}>
      <div className="build-row">
        {Object.entries(kindsOf(preset)).map(([kind, { count }]) => (
          <NumberField
            key={kind}
            field={`count ${kind}`}
            label={translateLoose(`cluster.kind.${kind}`, {})}
            help={translateLoose(`cluster.kind.${kind}.help`, {})}
            value={nodesOf(preset, kind).length}
            min={0}
            max={Math.min(mostOfKind, count[1])}
            onValue={(value) => edit((draft) => withCount(draft, kind, value ?? 0))}
          />
        ))}
      </div>
      <FaultsAt faults={faults} fields={['nodes']} />
      <div className="build-row">
        <NumberField
          field="zones"
          label={t('cluster.zones')}
          help={t('cluster.zones.help')}
          value={zones.length}
          min={1}
          max={mostZones}
          onValue={(value) => edit((draft) => withZones(draft, value ?? 1))}
        />
        <span className="text-muted">{zones.join(', ')}</span>
      </div>
      <EachNode faults={faults} />
    </Part>
  );
}

/** The next letter is a zone that has no node yet. */
const nextZone = (zones: readonly string[]): string | null =>
  [...'abcdefghijklmnop'].find((zone) => !zones.includes(zone)) ?? null;

function EachNode({ faults }: { readonly faults: readonly ClusterFault[] }): ReactNode {
  const t = useT();
  const preset = useBuilding(({ draft }) => draft.preset);
  const zones = zonesOf(preset);
  const next = nextZone(zones);
  const offered = [...zones, ...(next === null ? [] : [next])];
  const usual = (name: string): number => {
    const spec = parameters.find((one) => one.name === name);
    return changeOf(preset, name) ?? (spec === undefined ? 0 : profileValue(spec, preset.profile));
  };
  const fields = preset.cluster.nodes.map(({ id }) => `node ${id}`);
  const isWrong = faults.some(({ field }) => fields.includes(field));
  return (
    <details open={isWrong || undefined}>
      <summary>{t('cluster.eachNode', { count: preset.cluster.nodes.length })}</summary>
      <table className="build-table">
        <thead>
          <tr>
            <th scope="col">{t('cluster.node')}</th>
            <th scope="col">{t('cluster.zone')}</th>
            <th scope="col">{t('cluster.diskSync')}</th>
            <th scope="col">{t('cluster.diskBandwidth')}</th>
          </tr>
        </thead>
        <tbody>
          {preset.cluster.nodes.map(({ id, zone, ownDisk, roles }) => (
            <tr key={id}>
              <th scope="row" className="mono">
                {id}
              </th>
              <td>
                <Select
                  bare
                  label={t('cluster.zoneOf', { node: id })}
                  value={zone}
                  options={offered.map((value) => ({ value, label: value }))}
                  onChange={(value) => edit((draft) => withZoneOf(draft, id, value))}
                />
                <FaultsAt faults={faults} fields={[`node ${id}`]} />
              </td>
              {roles.includes('driver') ? (
                <td colSpan={2} />
              ) : (
                <>
                  <td>
                    <NumberField
                      isBare
                      field={`sync ${id}`}
                      label={t('cluster.diskSyncOf', { node: id })}
                      unit="ms"
                      value={ownDisk?.syncUs}
                      usual={usual('diskSyncUs')}
                      min={1}
                      max={60_000_000}
                      decimals={3}
                      onValue={(value) => edit((draft) => withDisk(draft, id, 'syncUs', value))}
                    />
                  </td>
                  <td>
                    <NumberField
                      isBare
                      field={`bandwidth ${id}`}
                      label={t('cluster.diskBandwidthOf', { node: id })}
                      unit="MB/s"
                      value={ownDisk?.bandwidth}
                      usual={usual('diskBandwidth')}
                      min={1}
                      max={100_000}
                      onValue={(value) => edit((draft) => withDisk(draft, id, 'bandwidth', value))}
                    />
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
