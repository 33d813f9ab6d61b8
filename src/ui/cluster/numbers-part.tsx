// Disks, pages, timers and every other parameter; the load and the seed that the cluster begins with.

import { type ReactNode, useState } from 'react';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { WorkloadKind } from '../../core/kernel/workload-spec.ts';
import { workloadKindNames } from '../../core/kernel/workload-spec.ts';
import type { ClusterFault } from '../../presets/cluster-faults.ts';
import { fittedTimers } from '../../presets/fit-timers.ts';
import { type ParameterSpec, parameters, profileValue } from '../../presets/parameters.ts';
import { MAX_INTEGER } from '../../sim/tape-tokens.ts';
import { workloadFields } from '../../sim/workload-words.ts';
import { translateLoose, useT } from '../i18n/i18n.ts';
import { filterOf } from '../kit/filter.ts';
import { Select } from '../kit/select.tsx';
import { edit, useBuilding } from './builder-store.ts';
import { changeOf, withChange, withLoad, withPart } from './draft.ts';
import { FaultsAt, NumberField, Part } from './field.tsx';
import '../../words/dock/dock.en.json';

interface Faulty {
  readonly faults: readonly ClusterFault[];
}

/** Those that a person thinks of first, with words of their own. */
const disks = ['diskSyncUs', 'diskSyncJitterUs', 'diskBandwidth', 'diskLimitBytes'] as const;
const pages = ['pageBytes', 'bufferPages', 'lal', 'groupCommitMaxUs'] as const;

function Parameter({
  spec,
  label,
  help,
}: {
  readonly spec: ParameterSpec;
  readonly label: string;
  readonly help?: string;
}): ReactNode {
  const preset = useBuilding(({ draft }) => draft.preset);
  const fits = useBuilding(({ draft }) => draft.fitsTimers);
  const { name, unit, min, max } = spec;
  const fitted = fits
    ? fittedTimers(preset.profile, preset.cluster).find(([one]) => one === name)
    : undefined;
  // people think of times in ms
  const isMicro = unit === 'µs';
  return (
    <NumberField
      field={`set ${name}`}
      label={label}
      {...(help === undefined ? {} : { help })}
      unit={isMicro ? 'ms' : unit}
      value={changeOf(preset, name)}
      usual={fitted?.[1] ?? profileValue(spec, preset.profile)}
      min={min}
      max={max}
      decimals={isMicro ? 3 : 0}
      onValue={(value) => edit((draft) => withChange(draft, name, value))}
    />
  );
}

function Named({ names }: { readonly names: readonly string[] }): ReactNode {
  return (
    <div className="build-row">
      {parameters
        .filter(({ name }) => names.includes(name))
        .map((spec) => (
          <Parameter
            key={spec.name}
            spec={spec}
            label={translateLoose(`cluster.set.${spec.name}`, {})}
            help={translateLoose(`cluster.set.${spec.name}.help`, {})}
          />
        ))}
    </div>
  );
}

export function DisksPart({ faults }: Faulty): ReactNode {
  const t = useT();
  return (
    <Part id="disks" title={t('cluster.disks')} help={t('cluster.disks.help')}>
      <Named names={disks} />
      <FaultsAt faults={faults} fields={disks.map((name) => `set ${name}`)} />
    </Part>
  );
}

function AllParameters(): ReactNode {
  const t = useT();
  const [filter, setFilter] = useState('');
  const changed = useBuilding(({ draft }) => draft.preset.changes);
  const { matches } = filterOf(filter);
  const rows = parameters.filter(({ name }) => filter.trim() === '' || matches(name));
  return (
    <details>
      <summary>{t('cluster.allParameters', { count: parameters.length, changed: changed.length })}</summary>
      <label className="field">
        <span className="text-muted">{t('cluster.filter')}</span>
        <input type="search" value={filter} onChange={(event) => setFilter(event.target.value)} />
      </label>
      <div className="build-all">
        {rows.map((spec) => (
          <Parameter key={spec.name} spec={spec} label={spec.name} />
        ))}
      </div>
    </details>
  );
}

export function NumbersPart({ faults }: Faulty): ReactNode {
  const t = useT();
  const fits = useBuilding(({ draft }) => draft.fitsTimers);
  const preset = useBuilding(({ draft }) => draft.preset);
  const count = fits ? fittedTimers(preset.profile, preset.cluster).length : 0;
  const known: readonly string[] = disks.map((name) => `set ${name}`);
  const fields = faults
    .map(({ field }) => field)
    .filter((field) => field.startsWith('set ') && !known.includes(field));
  return (
    <Part id="numbers" title={t('cluster.numbers')} help={t('cluster.numbers.help')}>
      <Named names={pages} />
      <div className="build-row">
        <Select
          label={t('cluster.timesOf')}
          value={preset.profile}
          small={false}
          options={(['demo', 'spec', 'bench'] as const).map((value) => ({
            value,
            label: t(`cluster.times.${value}`),
          }))}
          onChange={(profile) => edit((draft) => withPart(draft, { profile: profile as 'demo' }))}
        />
        <label className="build-check">
          <input
            type="checkbox"
            checked={fits}
            onChange={(event) => edit((draft) => ({ ...draft, fitsTimers: event.target.checked }))}
          />
          {t('cluster.fits')}
          {count > 0 && <span className="text-muted">{t('cluster.fitted', { count })}</span>}
        </label>
      </div>
      <FaultsAt faults={faults} fields={fields} />
      <AllParameters />
    </Part>
  );
}

/** Loads of tablets are for clusters of tablets, the others' tables lie in one volume. */
const isLoadOf = ({ placement }: ClusterSpec, kind: WorkloadKind): boolean =>
  placement === undefined || kind === 'tablet-transfer' || kind === 'kv-tables';

export function LoadPart({ faults }: Faulty): ReactNode {
  const t = useT();
  const preset = useBuilding(({ draft }) => draft.preset);
  const [load] = preset.loads;
  if (load === undefined) return null;
  const { spec } = load;
  return (
    <Part id="load" title={t('cluster.load')} help={t('cluster.load.help')}>
      <div className="build-row">
        <Select
          label={t('workload.kind')}
          value={spec.kind}
          small={false}
          options={workloadKindNames
            .filter((kind) => isLoadOf(preset.cluster, kind))
            .map((value) => ({ value, label: translateLoose(`workload.kindOf.${value}`, {}) }))}
          onChange={(kind) => edit((draft) => withLoad(draft, { kind }))}
        />
        {workloadFields.map(({ name, min, max }) => (
          <NumberField
            key={name}
            field={`load ${name}`}
            label={translateLoose(`cluster.load.${name}`, {})}
            help={translateLoose(`cluster.load.${name}.help`, {})}
            unit={name === 'thinkUs' ? 'ms' : ''}
            value={spec[name]}
            min={min}
            max={max}
            decimals={name === 'thinkUs' ? 3 : 0}
            onValue={(value) => edit((draft) => withLoad(draft, { [name]: value ?? 0 }))}
          />
        ))}
        <NumberField
          field="seed"
          label={t('cluster.seed')}
          help={t('cluster.seed.help')}
          value={preset.seed}
          min={0}
          max={MAX_INTEGER}
          onValue={(value) => edit((draft) => withPart(draft, { seed: value ?? 0 }))}
        />
      </div>
      <FaultsAt faults={faults} fields={preset.loads.map(({ name }) => `load ${name}`)} />
    </Part>
  );
}
