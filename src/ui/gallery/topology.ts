// A cluster in small: its nodes in rows by what they do, clients above, disks below. Read from the preset's own data.

import type { ClusterSpec, NodeSpec } from '../../core/kernel/cluster-spec.ts';
import type { Role } from '../../core/kernel/view.ts';

export type Layer = 'client' | 'control' | 'compute' | 'storage' | 'archive';

export interface Dot {
  readonly id: string;
  readonly layer: Layer;
  /** Of one that writes, the centre of its card. */
  readonly x: number;
  readonly y: number;
  /** It may write; others of its layer are drawn in outline. */
  readonly isWriter: boolean;
}

export interface Topology {
  readonly dots: readonly Dot[];
  readonly links: readonly { readonly from: Dot; readonly to: Dot }[];
  readonly width: number;
  readonly height: number;
}

const layerOfRole: Readonly<Partial<Record<Role, Layer>>> = {
  driver: 'client',
  meta: 'control',
  compute: 'compute',
  store: 'storage',
  chunk: 'storage',
  objectStore: 'archive',
};
const order: readonly Layer[] = ['client', 'compute', 'storage', 'archive'];

const WIDTH = 240;
const ROW = 34;
const DOTS_MAX = 14;

/** One that computes and stores stands with those that compute. */
const layerOf = ({ roles }: NodeSpec): Layer =>
  roles.includes('compute') ? 'compute' : (roles.flatMap((role) => layerOfRole[role] ?? [])[0] ?? 'control');

/** Rows from clients to disks; those of the control plane stand at the right end of the clients' row. Of many nodes the first are drawn. */
export function topologyOf({ nodes: all }: ClusterSpec): Topology {
  // what runs from the start; a spare of the metadata may be added
  const nodes = all.filter((node) => node.isSpare !== true || !node.roles.includes('meta'));
  const rows = order
    .map((layer) =>
      nodes.filter((node) => layerOf(node) === layer || (layer === 'client' && layerOf(node) === 'control')),
    )
    .filter((row) => row.length > 0);
  const dots = rows.map((row, y) => {
    const shown = row.slice(0, DOTS_MAX);
    return shown.map(
      (node, i): Dot => ({
        id: node.id,
        layer: layerOf(node),
        x: (WIDTH * (i + 0.5)) / shown.length,
        y: ROW * (y + 0.5),
        isWriter: node.roles.includes('compute') && node.isReader !== true && node.isSpare !== true,
      }),
    );
  });
  const links = dots.flatMap((row, i) =>
    row
      .filter(({ layer }) => layer !== 'control')
      .flatMap((from) => (dots[i + 1] ?? []).map((to) => ({ from, to })))
      .filter(({ from, to }) => from.layer !== 'client' || to.isWriter),
  );
  return { dots: dots.flat(), links, width: WIDTH, height: ROW * rows.length };
}
