// Status sentence with its icon: what the strip says while no caption is read.

import {
  CircleCheck,
  Clock,
  Link2Off,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  Scissors,
  TriangleAlert,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { useT } from '../i18n/i18n.ts';
import { type StatusLine, statusLine } from './status-line.ts';

const icons: Readonly<Record<StatusLine['icon'], LucideIcon>> = {
  ok: CircleCheck,
  down: Link2Off,
  cut: Scissors,
  hole: TriangleAlert,
  violation: OctagonX,
  recovering: LoaderCircle,
  waiting: Clock,
};

export function StatusSentence(): ReactNode {
  const t = useT();
  // One value to compare per frame; the object is rebuilt only when its text changes.
  const key = useFrame(({ frame }) => {
    if (frame === null) return '';
    const { hue, icon, text } = statusLine(frame, t);
    return `${hue}\u0000${icon}\u0000${text}`;
  });
  if (key === '') return <span className="text-muted">{t('status.loading')}</span>;
  const [hue, icon = 'ok', text] = key.split('\u0000');
  const Icon = icons[icon in icons ? (icon as StatusLine['icon']) : 'ok'];
  return (
    <>
      <Icon
        size={20}
        strokeWidth={1.75}
        aria-hidden="true"
        className="flex-none"
        style={{ color: `var(--${hue})` }}
      />
      <span className="min-w-0 truncate" title={text}>
        {text}
      </span>
    </>
  );
}
