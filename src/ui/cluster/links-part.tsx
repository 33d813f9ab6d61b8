// Latency as a matrix of zones, from a profile or as one types it, with jitter, tails and measured percentiles of each pair.

import { type ReactNode, useState } from 'react';
import { isBetween, type ZoneLink } from '../../core/kernel/cluster-spec.ts';
import type { ClusterFault } from '../../presets/cluster-faults.ts';
import type { Refusal } from '../../presets/refusals.ts';
import { type LinkTimes, usualLink } from '../../presets/round-trip.ts';
import { emptyCluster, readClusterLine } from '../../sim/cluster-lines.ts';
import { printPercentiles } from '../../sim/cluster-print.ts';
import { BadLine, printMs, splitWords } from '../../sim/tape-tokens.ts';
import { presets } from '../../stacks/presets.ts';
import { useT } from '../i18n/i18n.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { Select } from '../kit/select.tsx';
import { edit, useBuilding } from './builder-store.ts';
import { paramsOf, withLink, withLinks, withTyped, zonesOf } from './draft.ts';
import { FaultsAt, NumberField, Part } from './field.tsx';
import { type LatencyProfile, latencyProfiles, linksOf, profileOf, zonePairs } from './latency-profiles.ts';

const longestUs = 60_000_000;

interface Pair {
  readonly from: string;
  readonly to: string;
  /** As it is said; null: the parameters say it. */
  readonly link: ZoneLink | null;
  /** What the parameters say. */
  readonly usual: LinkTimes;
}

function usePairs(): readonly Pair[] {
  const preset = useBuilding(({ draft }) => draft.preset);
  const params = paramsOf(preset);
  const { links = [] } = preset.cluster;
  return zonePairs(zonesOf(preset)).map(([from, to]) => ({
    from,
    to,
    link: links.find((one) => isBetween(one, from, to)) ?? null,
    usual: usualLink(params, from, to),
  }));
}

const setLink = ({ from, to, link, usual }: Pair, change: Partial<ZoneLink>): void =>
  edit((draft) => withLink(draft, from, to, { from, to, ...usual, ...link, ...change }));

function BaseField({ pair, isBare }: { readonly pair: Pair; readonly isBare: boolean }): ReactNode {
  const t = useT();
  const { from, to, link, usual } = pair;
  return (
    <NumberField
      isBare={isBare}
      field={`base ${from} ${to}`}
      label={t('cluster.baseOf', { from, to })}
      help={t('cluster.base.help')}
      unit="ms"
      value={link?.baseUs}
      usual={usual.baseUs}
      min={50}
      max={longestUs}
      decimals={3}
      onValue={(value) =>
        value === undefined
          ? edit((draft) => withLink(draft, from, to, null))
          : setLink(pair, { baseUs: value })
      }
    />
  );
}

function Matrix({ pairs }: { readonly pairs: readonly Pair[] }): ReactNode {
  const t = useT();
  const zones = useBuilding(({ draft }) => zonesOf(draft.preset).join(' ')).split(' ');
  return (
    <table className="build-table build-matrix">
      <caption className="visually-hidden">{t('cluster.matrix')}</caption>
      <thead>
        <tr>
          <td />
          {zones.map((zone) => (
            <th key={zone} scope="col">
              {zone}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {zones.map((from, i) => (
          <tr key={from}>
            <th scope="row">{from}</th>
            {zones.map((to, j) => {
              const pair = pairs.find((one) => isBetween({ ...one, ...one.usual }, from, to));
              if (pair === undefined) return <td key={to} />;
              return (
                <td key={to}>
                  {j >= i ? (
                    <BaseField pair={pair} isBare />
                  ) : (
                    <span className="mono text-muted">{(pair.link?.baseUs ?? pair.usual.baseUs) / 1000}</span>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `p50=31.000 p99=90.000`, as a cluster's file has it. */
function Percentiles({ pair }: { readonly pair: Pair }): ReactNode {
  const t = useT();
  const { from, to, link, usual } = pair;
  const field = `percentiles ${from} ${to}`;
  const kept = useBuilding(({ draft }) => draft.typed[field]?.text);
  const [own, setOwn] = useState<string | null>(null);
  const [wrong, setWrong] = useState<Refusal | null>(null);
  const type = (text: string): void => {
    setOwn(text);
    const words = text
      .trim()
      .split(/[\s,;]+/)
      .filter(Boolean);
    if (words.length === 0) {
      setWrong(null);
      edit((draft) => withTyped(draft, field, null));
      const { percentiles: _, ...rest } = { from, to, ...usual, ...link };
      edit((draft) => withLink(draft, from, to, rest));
      return;
    }
    try {
      const read = emptyCluster();
      const line = `${from} ${to} base=${printMs(link?.baseUs ?? usual.baseUs)} ${words.join(' ')}`;
      readClusterLine(read, 'link', splitWords(line), presets.kindsOf, { line: 1, isFile: true });
      setWrong(null);
      edit((draft) => withTyped(withLink(draft, from, to, read.links[0] ?? null), field, null));
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      setWrong(error.why);
      edit((draft) => withTyped(draft, field, { text, label: t('cluster.percentilesOf', { from, to }) }));
    }
  };
  return (
    <div className="build-field" data-wrong={kept !== undefined}>
      <label className="field" title={t('cluster.percentiles.help')}>
        <span className="visually-hidden">{t('cluster.percentilesOf', { from, to })}</span>
        <input
          className="mono build-text"
          value={own ?? kept ?? printPercentiles(link?.percentiles ?? [])}
          placeholder={t('cluster.percentiles.example')}
          spellCheck={false}
          aria-invalid={kept !== undefined}
          onChange={(event) => type(event.target.value)}
          onBlur={() => setOwn(null)}
        />
      </label>
      {wrong !== null && <span className="build-wrong">{refusalText(wrong)}</span>}
    </div>
  );
}

function PairRow({
  pair,
  faults,
}: {
  readonly pair: Pair;
  readonly faults: readonly ClusterFault[];
}): ReactNode {
  const t = useT();
  const { from, to, link, usual } = pair;
  const isMeasured = link?.percentiles !== undefined;
  return (
    <tr>
      <th scope="row" className="mono">
        {from} – {to}
      </th>
      <td>
        {!isMeasured && (
          <NumberField
            isBare
            field={`jitter ${from} ${to}`}
            label={t('cluster.jitterOf', { from, to })}
            help={t('cluster.jitter.help')}
            unit="ms"
            value={link?.jitterUs}
            usual={usual.jitterUs}
            min={0}
            max={longestUs}
            decimals={3}
            onValue={(value) => setLink(pair, { jitterUs: value ?? usual.jitterUs })}
          />
        )}
      </td>
      <td>
        <input
          type="checkbox"
          aria-label={t('cluster.tailOf', { from, to })}
          checked={link?.isHeavyTailed === true}
          disabled={isMeasured}
          onChange={(event) => {
            const { isHeavyTailed: _, ...rest } = { from, to, ...usual, ...link };
            const next: ZoneLink = event.target.checked ? { ...rest, isHeavyTailed: true } : rest;
            edit((draft) => withLink(draft, from, to, next));
          }}
        />
      </td>
      <td>
        <Percentiles pair={pair} />
        <FaultsAt faults={faults} fields={[`link ${from} ${to}`, `link ${to} ${from}`]} />
      </td>
    </tr>
  );
}

export function LinksPart({ faults }: { readonly faults: readonly ClusterFault[] }): ReactNode {
  const t = useT();
  const pairs = usePairs();
  const preset = useBuilding(({ draft }) => draft.preset);
  const zones = zonesOf(preset);
  const profile = profileOf(preset.cluster.links ?? [], zones);
  const isWrong = faults.some(({ field }) => field.startsWith('link '));
  return (
    <Part id="links" title={t('cluster.links')} help={t('cluster.links.help')}>
      <Select<LatencyProfile | 'own'>
        label={t('cluster.profile')}
        value={profile ?? 'own'}
        small={false}
        options={[
          ...latencyProfiles.map((value) => ({ value, label: t(`cluster.latency.${value}`) })),
          ...(profile === null ? [{ value: 'own' as const, label: t('cluster.latency.own') }] : []),
        ]}
        onChange={(value) => {
          if (value !== 'own') edit((draft) => withLinks(draft, linksOf(value, zones)));
        }}
      />
      <Matrix pairs={pairs} />
      <details open={isWrong || undefined}>
        <summary>{t('cluster.eachLink')}</summary>
        <table className="build-table">
          <thead>
            <tr>
              <th scope="col">{t('cluster.zones')}</th>
              <th scope="col">{t('cluster.jitter')}</th>
              <th scope="col">{t('cluster.tail')}</th>
              <th scope="col">{t('cluster.percentiles')}</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map((pair) => (
              <PairRow key={`${pair.from} ${pair.to}`} pair={pair} faults={faults} />
            ))}
          </tbody>
        </table>
      </details>
    </Part>
  );
}
