// Who is asked for what a replica lacks: the ring of its peers (HOLE-25), the live requests (HOLE-24), and the holes that
// may not be asked for now, with the reason (HOLE-19). A request leads to its message.

import { Crosshair } from 'lucide-react';
import type { ReactNode } from 'react';
import type { StoreGroupView } from '../../../core/log-store/store-view.ts';
import { select } from '../../../state/selection-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { IconButton } from '../../kit/button.tsx';
import { duration, rangeText } from '../../kit/format.ts';
import { hoverKey } from '../../selection/hover.ts';
import { requestMessage } from './follow.ts';
import type { WalModel } from './project.ts';
import { RequestRing } from './request-ring.tsx';

/** Selects the message that is on its way for a request, else the request itself. */
function follow(node: string, id: string): void {
  const message = requestMessage(node, id);
  select(message === null ? { kind: 'request', node, id } : { kind: 'message', id: message });
}

export function Requests({
  model,
  list,
}: {
  readonly model: WalModel;
  readonly list: StoreGroupView;
}): ReactNode {
  const t = useT();
  return (
    // Where both do not fit beside each other, who is asked stands above the ring.
    <div className="mt-1 flex flex-wrap-reverse items-end gap-4 px-4 pb-4">
      <section className="w-[184px] flex-none" aria-label={t('lens.ring')}>
        <h3 className="heading">{t('lens.ring')}</h3>
        <RequestRing list={list} />
      </section>
      <section className="min-w-[300px] flex-1" aria-label={t('lens.requests')}>
        <h3 className="heading">{t('lens.requests')}</h3>
        {list.requests.length === 0 ? (
          <p className="text-[12px] text-muted">{t('lens.noRequests')}</p>
        ) : (
          <table className="data-table">
            <thead>
              <tr>
                <th>{t('lens.request')}</th>
                <th>{t('lens.peer')}</th>
                <th>{t('lens.gap')}</th>
                <th className="n">{t('lens.position')}</th>
                <th className="n">{t('lens.age')}</th>
                <th className="n">{t('lens.attempt')}</th>
                <th>
                  <span className="visually-hidden">{t('lens.follow')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.requests.slice(0, 12).map((request) => (
                <tr
                  key={request.id}
                  data-hover={hoverKey({ kind: 'request', node: model.selected?.node ?? '', id: request.id })}
                >
                  <td className="mono">{`${request.id} (b${request.reqId[1]}, ${request.reqId[2]})`}</td>
                  <td>{request.peer}</td>
                  <td className="mono">{rangeText(request.gapFirst, request.gapLast)}</td>
                  <td className="n">{request.curGapPos}</td>
                  <td className="n">{`${(request.ageUs / 1000).toFixed(2)} / ${duration(request.limitUs)}`}</td>
                  <td className="n">{request.attempt}</td>
                  <td>
                    <IconButton
                      small
                      icon={Crosshair}
                      label={t('lens.followRequest', { request: request.id })}
                      onClick={() => follow(model.selected?.node ?? '', request.id)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {model.blocked.slice(0, 3).map(({ range, limit }) => (
          <p key={range[0]} className="mt-1.5 text-[12px] leading-4">
            <b className="text-hole">{t('lens.notAsked', { range: rangeText(range[0], range[1]) })}</b>{' '}
            <span className="text-muted">
              {t('lens.notAskedWhy', { limit, node: model.selected?.node ?? '' })}
            </span>
          </p>
        ))}
      </section>
    </div>
  );
}
