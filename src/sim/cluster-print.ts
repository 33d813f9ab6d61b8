// Prints a cluster as lines, as few as say it; `cluster-lines.ts` reads back exactly what is printed.

import type { NodeId } from '../base/ids.ts';
import type { NodeSpec, ZoneLink } from '../core/kernel/cluster-spec.ts';
import type { Preset } from '../presets/preset.ts';
import { diskFields, type KindsOf } from './cluster-lines.ts';
import { kindOf, type NodeKindTable } from './node-kinds.ts';
import { printMs } from './tape-tokens.ts';

/** Names that follow each other by number are a range. */
function printNames(names: readonly NodeId[]): string {
  const parts: { readonly stem: string; readonly first: number; last: number; readonly text: string }[] = [];
  for (const text of names) {
    const found = /^(.*?)([1-9]\d{0,3})$/.exec(text);
    const [stem, number] = [found?.[1] ?? text, Number(found?.[2] ?? -1)];
    const before = parts.at(-1);
    if (number > 0 && before?.stem === stem && before.last === number - 1) before.last = number;
    else parts.push({ stem, first: number, last: number, text });
  }
  return parts
    .map(({ stem, first, last, text }) => (first === last ? text : `${stem}${first}..${last}`))
    .join(',');
}

/** Zones in turn, as few as say them all. */
function printZones(zones: readonly string[]): string {
  let period = 1;
  while (zones.some((zone, i) => zone !== zones[i % period])) period++;
  return zones.slice(0, period).join(',');
}

/** What a node's line says behind its zone, with its kind; nodes of which it is the same may stand on one line. */
function printKind(kinds: NodeKindTable, spec: NodeSpec): { readonly kind: string; readonly said: string } {
  const kind = kindOf(kinds, spec) ?? '?';
  const disk = diskFields.flatMap(({ word, of, unit }) => {
    const value = spec.ownDisk?.[of];
    return value === undefined ? [] : [`${word}=${unit === 'ms' ? printMs(value) : value}`];
  });
  const isOther = spec.haPriority !== undefined && spec.haPriority !== kinds[kind]?.is.haPriority;
  return { kind, said: [...(isOther ? [`priority=${spec.haPriority}`] : []), ...disk].join(' ') };
}

function printNodes(kinds: NodeKindTable, nodes: readonly NodeSpec[]): string[] {
  const rows: { readonly kind: string; readonly said: string; readonly of: NodeSpec[] }[] = [];
  for (const spec of nodes) {
    const { kind, said } = printKind(kinds, spec);
    const before = rows.at(-1);
    if (before?.kind === kind && before.said === said) before.of.push(spec);
    else rows.push({ kind, said, of: [spec] });
  }
  return rows.map(({ kind, said, of }) =>
    [
      'node',
      printNames(of.map(({ id }) => id)),
      kind,
      printZones(of.map(({ zone }) => zone)),
      ...(said === '' ? [] : [said]),
    ].join(' '),
  );
}

/** `p50=31.000 p99.9=90.000` */
export const printPercentiles = (all: NonNullable<ZoneLink['percentiles']>): string =>
  all
    .map(([perMille, us]) => {
      const share = perMille % 10 === 0 ? `${perMille / 10}` : (perMille / 10).toFixed(1);
      return `p${share}=${printMs(us)}`;
    })
    .join(' ');

function printLink({ from, to, baseUs, jitterUs, isHeavyTailed, percentiles = [] }: ZoneLink): string {
  return [
    `link ${from} ${to} base=${printMs(baseUs)}`,
    ...(jitterUs > 0 ? [`jitter=${printMs(jitterUs)}`] : []),
    ...(isHeavyTailed ? ['tail=1'] : []),
    ...(percentiles.length > 0 ? [printPercentiles(percentiles)] : []),
  ].join(' ');
}

/** What a tape's header says of a cluster that no preset names. */
export function printLayout(kindsOf: KindsOf, preset: Preset): string[] {
  const { architecture, cluster } = preset;
  const kinds = kindsOf(architecture) ?? {};
  const { nodes, groups, placement, chunks = [], links = [] } = cluster;
  const [chunk] = chunks;
  return [
    `cluster ${preset.name.slice(preset.name.indexOf('.') + 1)}`,
    `architecture ${architecture}`,
    ...(preset.isInMemory ? ['in-memory'] : []),
    ...printNodes(kinds, nodes),
    ...groups.map(({ replicas, vw, vr }) => `group ${printNames(replicas)} write=${vw} read=${vr}`),
    ...(placement === undefined
      ? []
      : [`tablets copies=${placement.n} write=${placement.vw} read=${placement.vr}`]),
    ...(chunk === undefined ? [] : [`chunks ${chunks.length} ${printNames(chunk.replicas)}`]),
    ...links.map(printLink),
    ...(preset.bootUntilMs > 0 ? [`boot ${printMs(preset.bootUntilMs * 1000)}`] : []),
    ...(preset.slowdown > 0 ? [`slowdown ${preset.slowdown}`] : []),
  ];
}
