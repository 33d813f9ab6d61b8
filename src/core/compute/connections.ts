// The two connections of a compute node to each store (FENCE-53): the command connection carries a writer's requests, each with its
// token, the read connection carries reads, which have none. A refusal for the token ends the command connection only, so a
// fenced writer reads on, as a reader does, who has read connections alone.

import type { NodeId, Term } from '../../base/ids.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { Message } from '../kernel/messages.ts';

/** The command connections of the token that the node was granted last. */
export interface Commands {
  /** 0: it was granted none in this life. */
  token: Term;
  /** Stores that have refused it, and the token that they have promised. */
  readonly ended: Map<NodeId, Term>;
}

/** A compute node's connections to a store, as far as they are open. */
export interface ConnectionView {
  readonly store: NodeId;
  readonly command: 'none' | 'open' | 'ended';
  /** Token of the command connection; `seen`: the greater one that ended it; 0: none. */
  readonly token: number;
  readonly seen: number;
}

export const makeCommands = (): Commands => ({ token: 0 as Term, ended: new Map() });

/** A new token: its command connections begin anew. */
export function openCommands(commands: Commands, token: Term): void {
  commands.token = token;
  commands.ended.clear();
}

/** A store's answer: one that refuses the token for a greater one ends the command connection to it. */
export function hearAnswer({ token, ended }: Commands, from: NodeId, message: Message): void {
  if (!('refused' in message) || message.refused === null) return;
  const { code, current } = message.refused;
  if (code === 'TOKEN_STALE' && current > token && token > 0) ended.set(from, current as Term);
}

export function connectionViews(
  { token, ended }: Commands,
  descriptors: readonly Descriptor[],
  isWriter: boolean,
): ConnectionView[] {
  const stores = [...new Set(descriptors.flatMap(({ sets, learners }) => [...sets.flat(), ...learners]))];
  return stores.sort().map((store) => {
    const seen = ended.get(store) ?? 0;
    const command = seen > 0 ? 'ended' : isWriter ? 'open' : 'none';
    return { store, command, token: command === 'none' ? 0 : token, seen };
  });
}
