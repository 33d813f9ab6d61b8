// How a session stands, as a picture shows it: its open transaction, and for whom its statement waits. Pure.

import { type AttachmentView, attachmentsOf } from '../../core/compute/compute-view.ts';
import type { BlockedSessionView, OpenBlockView } from '../../core/engine/buffer-view.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { viewOf } from '../../state/role-views.ts';

/** A session as its driver calls it. */
export interface SessionPlace {
  readonly session: string;
  readonly driver: string;
}

export interface SessionStanding {
  /** The node at which its transaction is open, or its statement waits. */
  readonly node: string;
  readonly block: OpenBlockView | null;
  readonly blocked: BlockedSessionView | null;
  /** Virtual µs for which its driver has no answer; null: nothing is asked. */
  readonly waitsUs: number | null;
}

type Nodes = readonly Pick<NodeFrame, 'id' | 'status' | 'view'>[];

const attachmentsIn = (
  nodes: Nodes,
): readonly { readonly node: string; readonly attachment: AttachmentView }[] =>
  nodes.flatMap((node) => {
    const compute = viewOf(node, 'compute');
    return compute === null || node.status === 'down'
      ? []
      : attachmentsOf(compute).map((attachment) => ({ node: node.id, attachment }));
  });

/** Null: it has no transaction open, and nothing of it waits for others. */
export function standingOf(nodes: Nodes, { session, driver }: SessionPlace): SessionStanding | null {
  const isIts = (one: { readonly session: string; readonly node: string }): boolean =>
    one.session === session && one.node === driver;
  for (const { node, attachment } of attachmentsIn(nodes)) {
    const block = attachment.blocks.find(isIts) ?? null;
    const blocked = attachment.blocked.find(isIts) ?? null;
    if (block === null && blocked === null) continue;
    const asked = nodes.find(({ id }) => id === driver);
    const request = viewOf(asked, 'driver')?.waiting.find((one) => one.session === session);
    return { node, block, blocked, waitsUs: request?.sinceUs ?? null };
  }
  return null;
}

/** The session whose transaction it waits for; null: nobody's. */
export function holderFor(nodes: Nodes, place: SessionPlace): SessionPlace | null {
  const holder = standingOf(nodes, place)?.blocked?.holder;
  return holder === undefined ? null : { session: holder.session, driver: holder.node };
}

/** The sessions that wait for each other, from this one on in the order of the waits; null: it waits in no circle. */
export function circleOf(nodes: Nodes, place: SessionPlace): readonly SessionPlace[] | null {
  const way = [place];
  for (;;) {
    const next = holderFor(nodes, way.at(-1) ?? place);
    if (next === null) return null;
    const isSame = ({ session, driver }: SessionPlace): boolean =>
      session === next.session && driver === next.driver;
    if (isSame(place)) return way;
    if (way.some(isSame)) return null;
    way.push(next);
  }
}

/** Who is waited for at the end of those who wait for each other; null: nobody, or they wait in a circle. */
export function lastHolder(nodes: Nodes, place: SessionPlace): SessionPlace | null {
  const passed = [place];
  for (;;) {
    const at = passed.at(-1) ?? place;
    const next = holderFor(nodes, at);
    if (next === null) return at === place ? null : at;
    if (passed.some(({ session, driver }) => session === next.session && driver === next.driver)) return null;
    passed.push(next);
  }
}
