// React Flow adapter: the only import of the library, under the map's own names. A new major version is met here.

import '@xyflow/react/dist/base.css';

export type { ReactFlowState } from '@xyflow/react';
export {
  type Edge,
  EdgeLabelRenderer,
  type EdgeProps,
  type EdgeTypes,
  Handle,
  type Node,
  type NodeProps,
  type NodeTypes,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore as useFlowStore,
  useStoreApi as useFlowStoreApi,
} from '@xyflow/react';

import type { ReactFlowState } from '@xyflow/react';
import { detailZoom } from './cluster-layout.ts';

/** A card is whole, fills the room that it has with what fits in type of full size, or is a dot with a name. */
export type ZoomLevel = 'detail' | 'fit' | 'dot';

export function zoomLevel(zoom: number): ZoomLevel {
  if (zoom >= detailZoom) return 'detail';
  return zoom >= 0.35 ? 'fit' : 'dot';
}

export const selectZoom = (state: ReactFlowState): number => state.transform[2];
export const selectLevel = (state: ReactFlowState): ZoomLevel => zoomLevel(state.transform[2]);
