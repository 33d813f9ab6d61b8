// Who is asked for what a replica lacks: the ring of its peers (HOLE-25), the live requests (HOLE-24), and the holes that
// may not be asked for now, with the reason (HOLE-19). A request leads to its message.

import { Crosshair } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import type { StoreGroupView } from '../../../../../core/log-store/store-view.ts';
import { select } from '../../../../../state/selection-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { IconButton } from '../../../../kit/button.tsx';
import { duration, rangeText } from '../../../../kit/format.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { requestMessage } from '../../../../model/request-message.ts';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { askedHoles } from './hole-requests.ts';
import { HoleRequestsPlot, holePartsText } from './hole-requests-plot.tsx';
import type { WalModel } from './model.ts';
import { RequestRing } from './request-ring.tsx';
import '../../../../../words/model/request.en.json';

/** Selects the message that is on its way for a request, else the request itself. */
function follow(node: string, id: string): void {
  const message = requestMessage(node, id);
  select(message === null ? { kind: 'request', node, id } : { kind: 'message', id: message });
}

/** Holes that are drawn with their requests. */
const holesMost = 2;

function AskedHoles({ node, list, width }: Omit<Props, 'model'> & { readonly node: string }): ReactNode {
  const t = useT();
  const holes = askedHoles(list).slice(0, holesMost);
  if (holes.length === 0) return null;
  return (
    <Section className="px-4 pb-3" title={t('holeParts.title')}>
      {holes.map((hole) => (
        <Fragment key={hole.first}>
          <Muted>{holePartsText(node, hole, t)}</Muted>
          <HoleRequestsPlot hole={hole} node={node} width={width} />
        </Fragment>
      ))}
    </Section>
  );
}

interface Props {
  readonly model: WalModel;
  readonly list: StoreGroupView;
  readonly width: number;
}

export function Requests({ model, list, width }: Props): ReactNode {
  const t = useT();
  const node = model.selected?.node ?? '';
  return (
    <>
      {/* Where both do not fit beside each other, who is asked stands above the ring. */}
      <div className="mt-1 flex flex-wrap-reverse items-end gap-4 px-4 pb-4">
        <Section className="w-[184px] flex-none" title={t('lens.ring')}>
          <RequestRing list={list} />
        </Section>
        <Section part="requests" className="min-w-[min(300px,100%)] flex-1" title={t('lens.requests')}>
          {list.requests.length === 0 ? (
            <Muted>{t('lens.noRequests')}</Muted>
          ) : (
            <DataTable
              rows={list.requests.slice(0, 12)}
              keyOf={({ id }) => id}
              attributes={({ id }) => ({ 'data-hover': hoverKey({ kind: 'request', node, id }) })}
              columns={[
                [t('lens.request'), ({ id, reqId }) => `${id} (b${reqId[1]}, ${reqId[2]})`, 'mono'],
                [t('lens.peer'), ({ peer }) => peer],
                [t('lens.gap'), ({ gapFirst, gapEnd }) => rangeText(gapFirst, gapEnd), 'mono'],
                [t('lens.position'), ({ curGapPos }) => curGapPos, 'n'],
                [
                  t('lens.age'),
                  ({ ageUs, limitUs }) => `${(ageUs / 1000).toFixed(2)} / ${duration(limitUs)}`,
                  'n',
                ],
                [t('lens.attempt'), ({ attempt }) => attempt, 'n'],
                [
                  <span key="follow" className="visually-hidden">
                    {t('lens.follow')}
                  </span>,
                  ({ id }) => (
                    <IconButton
                      small
                      icon={Crosshair}
                      label={t('lens.followRequest', { request: id })}
                      onClick={() => follow(node, id)}
                    />
                  ),
                ],
              ]}
            />
          )}
          {model.blocked.slice(0, 3).map(({ range, limit }) => (
            <p key={range[0]} className="mt-1.5 text-[12px] leading-4">
              <b className="text-hole">{t('lens.notAsked', { range: rangeText(range[0], range[1]) })}</b>{' '}
              <span className="text-muted">{t('lens.notAskedWhy', { limit, node })}</span>
            </p>
          ))}
        </Section>
      </div>
      <AskedHoles node={node} list={list} width={width} />
    </>
  );
}
