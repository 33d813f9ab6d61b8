// Notices as banners under the strip: recovered after a power cut, memory only, a worker that failed … each can be
// dismissed; none hides the cluster.

import { CircleCheck, type LucideIcon, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Notice } from '../../lab/api.ts';
import { dismissNotice, useNotices } from '../../state/run-store.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { Button, type Hue, hueStyle, IconButton } from '../kit/button.tsx';
import { bytesText, groupDigits, millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { CopyReproBundle } from './copy-repro-bundle.tsx';

interface Face {
  readonly hue: Hue;
  readonly icon: LucideIcon;
  readonly text: string;
  readonly offersTape: boolean;
}

const nameAfter = (node: string): string => (node === '' ? '' : ` (${node})`);

/** Which event, both hashes, both engines: a replay that is another run is never taken for the recorded one. */
function divergedText(
  { detail, first, engines }: Extract<Notice, { kind: 'diverged' }>,
  t: Translate,
): string {
  const parts = [t('notice.diverged', { detail })];
  if (first !== null)
    parts.push(
      t('diverged.event', {
        index: groupDigits(first.index),
        kind: first.event.kind,
        node: first.node,
        time: millis(first.at),
      }),
    );
  if (engines !== null) parts.push(t('diverged.engines', { recorded: engines[0], now: engines[1] }));
  return parts.join(' ');
}

/** Notices that are dialogs or pages of their own give null. */
export function bannerFace(notice: Notice, t: Translate): Face | null {
  const bad = (text: string, offersTape = true): Face => ({
    hue: 'fence',
    icon: TriangleAlert,
    text,
    offersTape,
  });
  switch (notice.kind) {
    case 'recovered':
      return {
        hue: 'ack',
        icon: CircleCheck,
        text: [
          t('notice.recovered', { count: notice.nodes, time: millis(notice.at) }),
          ...(notice.twins === 0 ? [] : [t('notice.twinsKept', { count: notice.twins })]),
        ].join(' '),
        offersTape: false,
      };
    case 'storageDenied':
      return bad(t('notice.storageDenied', { detail: notice.detail }));
    case 'storageFailed':
      return bad(t('notice.storageFailed', { node: nameAfter(notice.node), detail: notice.detail }));
    case 'savedRefused':
      return bad(t('notice.savedRefused', { detail: notice.detail }));
    case 'quotaExceeded':
      return bad(
        t('notice.quota', { used: bytesText(notice.usedBytes), quota: bytesText(notice.quotaBytes) }),
      );
    case 'workerFailed':
      return bad(t('notice.workerFailed', { node: nameAfter(notice.node), detail: notice.detail }));
    case 'noWebAssembly':
      return bad(t('notice.noWebAssembly', { detail: notice.detail }), false);
    case 'engineError':
      return bad(t('notice.engineError', { node: nameAfter(notice.node), detail: notice.detail }));
    case 'diverged':
      return bad(divergedText(notice, t));
    case 'errorReached':
      return bad(t('notice.engineReached', { ...notice.error, time: millis(notice.error.at) }), false);
    case 'mirrorLost':
      return bad(t('notice.mirrorLost'), false);
    case 'keyframeMismatch':
    case 'openElsewhere':
    case 'storageHeld':
    case 'storageRemoved':
      return null;
  }
}

function Banner({ notice }: { readonly notice: Notice }): ReactNode {
  const t = useT();
  const lab = useLab();
  const face = bannerFace(notice, t);
  if (face === null) return null;
  const Icon = face.icon;
  return (
    <div role={face.hue === 'ack' ? 'status' : 'alert'} className="banner" style={hueStyle(face.hue)}>
      <Icon
        size={16}
        strokeWidth={1.75}
        aria-hidden="true"
        className="flex-none"
        style={{ color: `var(--${face.hue})` }}
      />
      <span className="min-w-0 flex-1 py-1.5">{face.text}</span>
      {notice.kind === 'engineError' && <CopyReproBundle node={notice.node} detail={notice.detail} />}
      {face.offersTape && (
        <Button
          small
          look="line"
          onClick={() => void import('./download.ts').then(({ downloadTape }) => downloadTape(lab))}
        >
          {t('menu.export')}
        </Button>
      )}
      <IconButton small icon={X} label={t('close')} onClick={() => dismissNotice(notice.kind)} />
    </div>
  );
}

export function Banners(): ReactNode {
  const notices = useNotices();
  return notices.map((notice) => <Banner key={notice.kind} notice={notice} />);
}
