// What is said on the screen, bent into a lie on purpose, so that `sim says` is seen to catch what it is there for: each bends a true
// claim of a run as a fault of a caption, of a card or of the status line would. A null: the claim is not one that this fault would bend.

import { MAX } from '../base/ids.ts';
import type { Claim } from '../run-model/says/claims.ts';
import type { Standing } from '../run-model/says/standings.ts';

export type Said = Claim | Standing;
type SaidKind = Said['kind'];

interface Lie {
  readonly id: string;
  /** What is wrong with what it says. */
  readonly says: string;
  readonly kind: SaidKind;
  /** `before`: true claims of the same run, the newest last. */
  readonly bend: (claim: Said, before: readonly Said[]) => Said | null;
}

type OfKind<K extends SaidKind> = Extract<Said, { readonly kind: K }>;

function lie<K extends SaidKind>(
  id: string,
  kind: K,
  says: string,
  bend: (claim: OfKind<K>, before: readonly Said[]) => Said | null,
): Lie {
  const isOf = (claim: Said): claim is OfKind<K> => claim.kind === kind;
  return { id, says, kind, bend: (claim, before) => (isOf(claim) ? bend(claim, before) : null) };
}

export const lies: readonly Lie[] = [
  lie('L01', 'advanced', 'one interval from the VDLs of two volumes', (claim, before) => {
    const other = before.findLast(
      (one) => one.kind === 'advanced' && one.mark === 'vdl' && one.of !== claim.of,
    );
    if (claim.mark !== 'vdl' || other?.kind !== 'advanced') return null;
    return { ...claim, from: other.to, grounds: [...other.grounds, ...claim.grounds] };
  }),
  lie('L02', 'advanced', 'VDL falls', (claim) =>
    claim.mark === 'vdl' ? { ...claim, from: claim.to + 5 } : null,
  ),
  lie('L03', 'advanced', 'an SCL of another replica', (claim) =>
    claim.mark === 'scl' ? { ...claim, node: `${claim.node}0` } : null,
  ),
  lie('L04', 'believes', 'the belief of a fenced writer as the VDL of its volume', (claim) => {
    const { node, of, mark, to, grounds } = claim;
    return { kind: 'advanced', node, of, mark, from: to, to, grounds };
  }),
  lie('L05', 'durable', 'durable on 2 of 2 where there are three copies', (claim) =>
    claim.of > 2 ? { ...claim, copies: 2, of: 2 } : null,
  ),
  lie('L06', 'durable', 'durable where nothing was written yet', (claim) => ({
    ...claim,
    lsn: claim.lsn + 10_000,
  })),
  lie('L07', 'durable', 'a replica that answers is said to be down', (claim) =>
    claim.without.length === 0 ? { ...claim, without: [claim.writer], how: 'down' } : null,
  ),
  lie('L08', 'quorumLost', 'a quorum is lost with one copy too many in reach', (claim) => ({
    ...claim,
    reached: claim.reached + 1,
  })),
  lie('L09', 'healed', 'the records came from the replica itself', (claim) => ({
    ...claim,
    from: [claim.node],
  })),
  lie('L10', 'recovered', 'a commit above VDL is said to be in the volume', (claim) => ({
    ...claim,
    acked: claim.vdl + 1,
  })),
  lie('L11', 'appointed', 'the writer is another node', (claim) => ({
    ...claim,
    writer: `${claim.writer}0`,
  })),
  lie('L12', 'granted', 'the token is the one of the writer before', (claim) => ({
    ...claim,
    token: claim.token - 1,
  })),
  lie('L13', 'installed', 'one more replica has the token', (claim) => ({
    ...claim,
    replicas: claim.replicas + 1,
  })),
  lie('L14', 'happened', 'who gives and who takes are exchanged', (claim) => {
    const { node, from } = claim.params;
    return node === undefined || from === undefined || node === from || !/^[a-z]+-\d+$/.test(`${from}`)
      ? null
      : { ...claim, params: { ...claim.params, node: from, from: node } };
  }),
  lie('L15', 'figure', 'the SCL of a log that is longer', (claim) =>
    claim.term === 'scl' ? { ...claim, value: claim.value + 10_000 } : null,
  ),
  lie('L16', 'figure', 'a durable LSN of 0 in the middle of a run', (claim) =>
    (claim.term === 'vdl' || claim.term === 'durableLsn') && claim.value > 0 ? { ...claim, value: 0 } : null,
  ),
  lie('L17', 'health', 'a node that is down is said to be up', (claim) =>
    claim.is === 'down' ? { ...claim, is: 'up' } : null,
  ),
  lie('L18', 'steady', 'a commit is counted that was not acknowledged', (claim) => ({
    ...claim,
    commits: claim.commits + 1,
  })),
  lie('L19', 'noWriter', 'no writer is said of a node that runs', (claim, before) => {
    const up = before.findLast((one) => one.kind === 'health' && one.is === 'up' && one.node !== claim.node);
    return up?.kind === 'health' ? { ...claim, node: up.node } : null;
  }),
  lie('L20', 'noAnswer', 'one that answers is among those that do not', (claim, before) => {
    const up = before.findLast(
      (one) => one.kind === 'health' && one.is === 'up' && !claim.nodes.includes(one.node),
    );
    return up?.kind === 'health' ? { ...claim, nodes: [...claim.nodes, up.node] } : null;
  }),
  lie('L21', 'cut', 'a link is cut that is none', (claim) => ({ ...claim, links: [...claim.links, 'a–b'] })),
  lie('L22', 'blocked', 'a wait is blocked by a node that runs', (claim, before) => {
    const up = before.findLast((one) => one.kind === 'health' && one.is === 'up');
    return up?.kind === 'health' ? { ...claim, causes: [{ kind: 'down', nodes: [up.node] }] } : null;
  }),
  lie('L23', 'outage', 'a recovery time without the time in which nobody had noticed the loss', (claim) =>
    claim.openedAt !== null && claim.openedAt > claim.from && claim.since === 'death'
      ? { ...claim, from: claim.openedAt }
      : null,
  ),
  lie('L24', 'lacks', 'a replica has asked itself', (claim) => ({ ...claim, peers: [claim.node] })),
  lie('L25', 'copy', 'a gap over records that are on the disk', (claim) =>
    claim.scl > 8 ? { ...claim, scl: claim.scl - 8, holes: [[claim.scl - 7, claim.scl + 1]] } : null,
  ),
  lie('L26', 'copy', 'a log with a gap is said to be without one', (claim) =>
    claim.ncl < claim.nwl ? { ...claim, holes: [] } : null,
  ),
  lie('L27', 'logHead', 'durable beyond what a quorum has', (claim) => ({ ...claim, vdl: claim.vcl + 1 })),
  lie('L28', 'placed', 'a node that has no replica is a voter', (claim) => ({
    ...claim,
    voters: [...claim.voters, 'n9'],
  })),
  lie('L29', 'placed', 'the primary of the term before', (claim) =>
    claim.leader === null ? null : { ...claim, leader: `${claim.leader}0` },
  ),
  lie('L30', 'image', 'an image is stored that nobody has written', (claim) =>
    claim.holder === 'storage' ? { ...claim, lsn: claim.lsn + 10_000 } : null,
  ),
  lie('L31', 'image', 'a page of the future for a reader that has applied it', (claim, before) => {
    const head = before.findLast((one) => one.kind === 'pagesHead');
    return claim.holder === 'storage' && claim.is !== 'future' && head !== undefined
      ? { ...claim, is: 'future', by: [] }
      : null;
  }),
  lie('L32', 'pagesHead', 'log is durable that is not on the disk yet', (claim) => ({
    ...claim,
    durable: claim.durable + 1,
  })),
  lie('L33', 'violated', 'a rule is violated before the checker saw it', (claim) => ({
    ...claim,
    at: claim.at - 1,
  })),
  lie('L34', 'stands', 'a quorum that is back is still said to be lost', (claim) => ({
    ...claim,
    isOver: !claim.isOver,
  })),
  lie('L35', 'promotion', 'a page was replayed that nobody replayed', (claim) => ({
    ...claim,
    pages: claim.pages + 10_000,
  })),
  lie('L36', 'dirtyPage', 'a reader that has no slot holds a page back', (claim) => ({
    ...claim,
    by: [...claim.by, 'ro-9'],
  })),
  lie('L37', 'reported', 'a reader has reported more than it has applied', (claim) => ({
    ...claim,
    lsn: claim.lsn + 10_000,
  })),
  lie('L38', 'indexTable', 'a record that does not change the page is in its list', (claim) => ({
    ...claim,
    lsns: [...claim.lsns, 10_000_000],
  })),
  lie('L39', 'journalHead', 'a mount is ahead of the journal', (claim) => ({
    ...claim,
    headTx: claim.headTx + 1000,
  })),
  lie('L40', 'listed', 'what lies above the newest record is said to be asked for', (claim) => {
    const items = claim.items.map((item) =>
      item.type === 'hole' && item.sent === false && item.next >= MAX ? { ...item, sent: true } : item,
    );
    return items.some((item, i) => item !== claim.items[i]) ? { ...claim, items } : null;
  }),
  lie('L41', 'fillTo', 'holes are asked for above what may be asked for', (claim) => ({
    ...claim,
    to: claim.to + 10_000,
  })),
  lie('L42', 'readPoints', 'a session reads below the least read point of its node', (claim) => ({
    ...claim,
    points: [claim.mrpl - 1, ...claim.points],
  })),
  lie('L43', 'readFloor', 'stores may drop what a node still reads', (claim) => ({
    ...claim,
    pgmrpl: claim.least + 1,
  })),
  lie('L44', 'pageJournal', 'a reader holds a record that has not come', (claim) => ({
    ...claim,
    lsns: [...claim.lsns, (claim.lsns.at(-1) ?? 0) + 10_000],
  })),
  lie('L45', 'filePlace', 'a server that has nothing of the chunk has the byte', (claim) => ({
    ...claim,
    servers: [...claim.servers.slice(1), 'cs-9'],
  })),
  lie('L46', 'gathered', 'a part was read at a point that its primary did not read at', (claim) => {
    const parts = claim.parts.map((part) =>
      part.from === null || part.volume === '' ? part : { ...part, readPoint: part.readPoint + 1 },
    );
    return parts.some((part, i) => part !== claim.parts[i]) ? { ...claim, parts } : null;
  }),
  lie('L47', 'happened', 'it is the page beside the one of the event', (claim) => {
    const [, table, block] = /^(.*#)(\d+)$/.exec(`${claim.params.page ?? ''}`) ?? [];
    return block === undefined
      ? null
      : { ...claim, params: { ...claim.params, page: `${table}${Number(block) + 1}` } };
  }),
  lie('L48', 'reaches', 'a replica behind a cut link takes part', (claim) =>
    claim.cut.length === 0 ? null : { ...claim, nodes: [...claim.nodes, ...claim.cut], cut: [] },
  ),
  lie('L49', 'recovered', 'a volume that its writer handed over is said to lack commits', (claim) =>
    claim.handedOver === null ? null : { ...claim, handedOver: null },
  ),
  lie('L50', 'recovered', 'a writer that was lost is said to have handed over', (claim) =>
    claim.handedOver === null ? { ...claim, handedOver: { writer: 'rw-1', lsn: claim.vdl } } : null,
  ),
];
