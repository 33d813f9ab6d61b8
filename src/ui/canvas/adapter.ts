// React Flow adapter: the only import of the library, under the map's own names. A new major version is met here.

import '@xyflow/react/dist/base.css';

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

/** Cards in four sizes by zoom. */
export type ZoomLevel = 'detail' | 'mid' | 'small' | 'dot';

export function zoomLevel(zoom: number): ZoomLevel {
  if (zoom >= detailZoom) return 'detail';
  if (zoom >= 0.6) return 'mid';
  return zoom >= 0.35 ? 'small' : 'dot';
}

export const selectZoom = (state: ReactFlowState): number => state.transform[2];
export const selectLevel = (state: ReactFlowState): ZoomLevel => zoomLevel(state.transform[2]);
