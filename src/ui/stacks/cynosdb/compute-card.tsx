// The compute node on the map: VDL, VCL and tail of its volume, and how much of the LAL window is in use. A reader's parts
// stand in reader-card.tsx.

import { SquarePen } from 'lucide-react';
import type { ReactNode } from 'react';
import { type AttachmentView, attachmentsOf, type ComputeView } from '../../../core/compute/compute-view.ts';
import { useSelection } from '../../../state/selection-store.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { Chip, hueStyle } from '../../kit/button.tsx';
import { Pair } from '../../kit/fact.tsx';
import { groupDigits } from '../../kit/format.ts';
import { labelOf, Term, TermLabel } from '../../kit/term.tsx';
import { storeOf } from '../../model/node-facts.ts';
import { FollowedLine } from '../followed-line.ts';
import { late } from '../late-part.tsx';
import { LogStrip } from '../log-strip.tsx';
import type { RoleCard, RolePart } from '../stack-ui.ts';
import { ReaderBody, ReaderChip, readerIcon, readerMarks, spokenReader } from './reader-card.tsx';
import { ShardChips, shardsOf } from './shard-chips.tsx';

type Part = RolePart<ComputeView>;

const parts = () => import('./detail-parts.tsx');

/** Of a node that writes several volumes the one whose group is looked at, else the first. */
function attachmentShown(view: ComputeView, group: string | null): AttachmentView {
  const attachments = view.others.length === 0 ? [] : attachmentsOf(view);
  return attachments.find(({ groups }) => groups.some((one) => one.group === group)) ?? view;
}

/** Groups that it is the primary of, and is open for: of a node that is down nobody says so any more. */
const led = ({ status }: Part['node'], view: ComputeView): readonly string[] =>
  (status === 'up' || status === 'frozen' ? attachmentsOf(view) : []).flatMap(({ mode, state, groups }) =>
    mode === 'rw' && state === 'open' ? groups.map(({ group }) => group as string) : [],
  );

function Body({ node, view, t }: Part): ReactNode {
  const looked = useSelection(({ group }) => group);
  if (view.reader)
    return (
      <>
        <FollowedLine holder={node.id} />
        <ReaderBody view={view} reader={view.reader} t={t} />
      </>
    );
  if (!node.roles.includes('store'))
    return (
      <>
        <FollowedLine holder={node.id} />
        <Log attachment={view} t={t} />
      </>
    );
  return (
    <>
      <ShardChips shards={shardsOf(storeOf(node)?.groups ?? [], led(node, view))} />
      <Log attachment={attachmentShown(view, looked)} t={t} />
    </>
  );
}

/** Its tablets where it stores as well; else its log. */
function PlainStrip({ node, view }: Part): ReactNode {
  const looked = useSelection(({ group }) => group);
  if (view.reader)
    return (
      <LogStrip
        safe={view.reader.applyLsn}
        last={Math.max(view.reader.vdl, view.reader.applyLsn)}
        rest="volatile"
      />
    );
  if (node.roles.includes('store'))
    return <ShardChips shards={shardsOf(storeOf(node)?.groups ?? [], led(node, view))} />;
  const { vdl, tail } = attachmentShown(view, looked);
  return <LogStrip safe={vdl} last={tail} rest="volatile" />;
}

/** How far the log may go, or the step of its recovery. */
function Log({ attachment, t }: { readonly attachment: AttachmentView; readonly t: Translate }): ReactNode {
  const { recovery, tail, vdl, lal } = attachment;
  if (recovery !== null)
    return (
      <Pair label={t('recovery.stepShort', { step: recovery.step })}>
        {recovery.vdlPrime === null ? '' : `VDL′ ${recovery.vdlPrime}`}
      </Pair>
    );
  const used = Math.max(0, tail - vdl);
  return (
    <>
      <Pair label={t('card.lalWindow')} term="lal">{`${used} / ${lal}`}</Pair>
      <div className="bar mt-0.5" style={hueStyle('wal')}>
        <i style={{ width: `${Math.min(100, (used / Math.max(1, lal)) * 100)}%` }} />
      </div>
    </>
  );
}

export const computeCard: RoleCard<ComputeView> = {
  role: 'compute',
  icon: SquarePen,
  iconOf: ({ mode }) => (mode === 'ro' ? readerIcon : SquarePen),
  place: 'upper',
  layer: 'compute',
  name: (view, t) => t(view?.reader ? 'role.reader' : 'role.compute'),
  spoken(view, t) {
    if (view.reader) return spokenReader(view.reader, t);
    const written = attachmentsOf(view).filter(({ state }) => state !== 'waiting');
    return written.flatMap(({ vdl, token, volume }) => [
      written.length > 1 ? `VDL ${volume} ${vdl}` : `VDL ${vdl}`,
      t('token.value', { token }),
    ]);
  },
  marks(view, t, group) {
    if (view.reader) return readerMarks(view.reader);
    const { vdl, vcl, tail, volume } = attachmentShown(view, group);
    const of = view.others.length > 0 ? { label: `VDL ${volume}`, of: volume } : { label: 'VDL' };
    return [
      { ...of, volume, term: 'vdl', value: groupDigits(vdl) },
      { label: 'VCL', volume, term: 'vcl', value: groupDigits(vcl) },
      { label: t('mark.tail'), volume, term: 'tail', value: groupDigits(tail) },
    ];
  },
  plain(view, _, group) {
    if (view.reader)
      return {
        label: labelOf('applyLsn', 'applyLsn'),
        term: 'applyLsn',
        value: groupDigits(view.reader.applyLsn),
      };
    const { vdl } = attachmentShown(view, group);
    return { label: labelOf('vdl', 'VDL'), term: 'vdl', value: vdl < 0 ? '–' : groupDigits(vdl) };
  },
  Strip: PlainStrip,
  Chip: ({ node, view, t }) =>
    view.reader ? (
      <ReaderChip view={view} reader={view.reader} t={t} />
    ) : node.roles.includes('store') ? (
      <Chip>
        <Term of="writer">{`★ ${led(node, view).length}`}</Term>
      </Chip>
    ) : (
      <Chip>
        <TermLabel
          of={view.state === 'waiting' ? 'spare' : 'writer'}
          name={view.state === 'waiting' ? t('chip.spare') : 'rw'}
        />
      </Chip>
    ),
  Note: late(async () => (await parts()).ComputeNote),
  Body,
  Foot: late(async () => (await parts()).ComputeFoot),
  details: async () => (await import('./compute-details.tsx')).computeDetails,
};
