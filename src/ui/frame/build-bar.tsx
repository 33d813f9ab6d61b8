// The bar that says, without asking for anything: a newer build waits, another tab has taken it, a part of this page could
// not be loaded, or what a link shows was recorded with an engine that is not kept here. What is chosen here is the only way that a newer build takes over while a page is open.

import { CircleArrowUp, type LucideIcon, TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { ownBuild } from '../../lab/updates.ts';
import { useIsPartMissing } from '../../state/missing-part.ts';
import { useOtherEngine } from '../../state/other-engine.ts';
import { followUpdates, type NextBuild, takeUpdate, useUpdates } from '../../state/updates-store.ts';
import { downloadTape } from '../dialogs/download.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { Button, hueStyle, IconButton } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import '../../words/frame/build.en.json';

interface BarProps {
  readonly hue: 'accent' | 'hole' | 'fence';
  readonly text: string;
  readonly offersTape: boolean;
  readonly act: { readonly label: string; readonly do: () => void } | null;
  readonly onClose: () => void;
}

function Bar({ hue, text, offersTape, act, onClose }: BarProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const Icon: LucideIcon = hue === 'accent' ? CircleArrowUp : TriangleAlert;
  return (
    <div role={hue === 'fence' ? 'alert' : 'status'} className="banner" style={hueStyle(hue)} data-build-bar>
      <Icon
        size={16}
        strokeWidth={1.75}
        aria-hidden="true"
        className="flex-none"
        style={{ color: `var(--${hue})` }}
      />
      <span className="min-w-0 flex-1 py-1.5">{text}</span>
      {offersTape && (
        <Button small look="line" onClick={() => void downloadTape(lab)}>
          {t('menu.export')}
        </Button>
      )}
      {act !== null && (
        <Button small look="line" onClick={act.do}>
          {act.label}
        </Button>
      )}
      <IconButton small icon={X} label={t('close')} onClick={onClose} />
    </div>
  );
}

function nextText({ facts, opensRuns }: NextBuild, t: Translate): string {
  if (opensRuns) return t('build.next');
  if (facts === null) return t('build.nextUnknown');
  return t('build.nextOther', {
    engine: facts.engine,
    format: facts.format,
    mine: ownBuild.engine,
    myFormat: ownBuild.format,
  });
}

export function BuildBar(): ReactNode {
  const t = useT();
  const next = useUpdates((state) => state.next);
  const isReplaced = useUpdates((state) => state.isReplaced);
  const isMissing = useIsPartMissing();
  const recorded = useOtherEngine();
  const [closed, setClosed] = useState('');
  useEffect(followUpdates, []);
  const reload = { label: t('page.reload'), do: () => location.reload() };
  const kind = isMissing
    ? 'missing'
    : isReplaced
      ? 'replaced'
      : next !== null
        ? 'next'
        : recorded === null
          ? ''
          : 'recorded';
  if (kind === closed || kind === '') return null;
  const onClose = (): void => setClosed(kind);
  if (kind === 'missing')
    return <Bar hue="fence" text={t('build.missing')} offersTape act={reload} onClose={onClose} />;
  if (kind === 'replaced')
    return <Bar hue="hole" text={t('build.replaced')} offersTape act={reload} onClose={onClose} />;
  if (kind === 'recorded' && recorded !== null) {
    const text = t('build.recorded', { recorded, mine: ownBuild.engine });
    return <Bar hue="hole" text={text} offersTape={false} act={null} onClose={onClose} />;
  }
  if (next === null) return null;
  const { opensRuns } = next;
  const act = { label: t('build.update'), do: takeUpdate };
  return (
    <Bar
      hue={opensRuns ? 'accent' : 'hole'}
      text={nextText(next, t)}
      offersTape={!opensRuns}
      act={act}
      onClose={onClose}
    />
  );
}
