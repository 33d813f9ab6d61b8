// What the fabric does at its time: actions of the tape in line order, and the ends of faults that last a while.

import type { NodeId } from '../base/ids.ts';
import { workloadTexts } from '../core/client/workload-kinds.ts';
import { addUndo, emit, type Fabric, type FabricHost, nodeOf } from './fabric-state.ts';
import { beginFault, endFaults } from './fault-spans.ts';
import { crashNode } from './node-commands.ts';
import { markStampedImages } from './power-cut.ts';
import type { TapeAction, TapeTables } from './tape-actions.ts';
import { printAction } from './tape-print.ts';
import { parseMessageName } from './traffic.ts';
import { NEVER } from './types.ts';

/** Time of the next action or end of a fault that has not been done. */
export function nextTapeAt(fabric: Fabric): number {
  const action = fabric.tape[fabric.position];
  const undo = fabric.undos[0];
  return Math.min(action === undefined ? NEVER : action.at, undo === undefined ? NEVER : undo.at);
}

/** Does everything that is due at the fabric's time: ends of faults first, then the tape in line order. */
export function applyDueActions(fabric: Fabric, host: FabricHost): void {
  const { tape } = host;
  markStampedImages(fabric);
  for (;;) {
    const undo = fabric.undos[0];
    if (undo !== undefined && undo.at <= fabric.now) {
      fabric.undos.shift();
      if (!('action' in undo)) endLife(fabric, undo.node, undo.life, undo.isGone === true);
      else traceAction(fabric, tape, undo.action, true, endAction(fabric, tape, undo.action));
      endFaults(fabric);
    } else {
      const action = fabric.tape[fabric.position];
      if (action === undefined || action.at > fabric.now) return;
      fabric.position++;
      const kind = tape.kinds[action.kind];
      const hadEffect = kind.do(fabric, action, { ...host, textsOf: workloadTexts });
      traceAction(fabric, tape, action, false, hadEffect);
      // What a client does changes neither links nor nodes.
      if (hadEffect && kind.target !== 'driver') {
        endFaults(fabric);
        beginFault(fabric, tape, action);
      }
      if ('forUs' in action && action.forUs !== null)
        addUndo(fabric, { at: fabric.now + (kind.delayUs?.(action) ?? 0) + action.forUs, action });
    }
    markStampedImages(fabric);
  }
}

const endAction = (fabric: Fabric, tape: TapeTables, action: TapeAction): boolean =>
  tape.kinds[action.kind].end?.(fabric, action) ?? false;

/** Power goes off for a life that was to end now, unless it is over already. */
function endLife(fabric: Fabric, id: NodeId, life: number, isGone: boolean): void {
  const node = nodeOf(fabric, id);
  if (node.life !== life) return;
  crashNode(fabric, id, 'drawn', isGone ? 'removed' : undefined);
  node.isGone = isGone;
}

/** What reaches a driver is traced by the driver itself; everything else here. */
function traceAction(
  fabric: Fabric,
  tape: TapeTables,
  action: TapeAction,
  isUndo: boolean,
  hadEffect: boolean,
): void {
  if (hadEffect && tape.kinds[action.kind].target === 'driver') return;
  emit(fabric, nodeNamedBy(fabric, tape, action), {
    kind: 'world.action',
    action: action.kind,
    text: printAction(tape, action),
    isUndo,
    hadEffect,
  });
}

function nodeNamedBy(fabric: Fabric, { kinds, targets }: TapeTables, action: TapeAction): NodeId {
  if ('message' in action) return (parseMessageName(action.message)?.from ?? '') as NodeId;
  const [first] = targets[kinds[action.kind].target].nodes(action);
  return first ?? (fabric.nodes[0]?.spec.id as NodeId);
}
