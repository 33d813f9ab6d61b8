// Over the map while an incident is on: what happens there, what it shows, and the way to its other side. Loaded with the first one.

import { Play, Presentation, Siren, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Incident, Side } from '../../incidents/incident.ts';
import { incidents } from '../../incidents/library.ts';
import type { ListedEvent, ViolationFrame } from '../../run-model/picture/frame.ts';
import { frameStore, useFrame } from '../../state/frame-store.ts';
import { type IncidentOn, incidentStore } from '../../state/incident-store.ts';
import { goTo } from '../../state/route-store.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button, Chip, IconButton } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { differenceSeen, seenByKinds } from './difference-seen.ts';
import { differenceWords, sideWords } from './difference-words.ts';
import { playIncident, presentIncident } from './play-incident.ts';
import './incidents.css';
import '../../words/incidents.en.json';

/** Wall ms between two questions for events. */
const askMs = 300;
/** Answers of all sessions of an incident are far fewer. */
const mostEvents = 20_000;
const noEvents: readonly ListedEvent[] = [];

/** The events of the shown run from which it is seen, up to the shown instant; asked for anew as time goes on. */
function useSeenBy(incident: Incident, side: Side): readonly ListedEvent[] {
  const lab = useLab();
  const [events, setEvents] = useState(noEvents);
  const step = useFrame(({ frame }) => frame?.traced ?? 0);
  const askedAt = useRef(Number.NEGATIVE_INFINITY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each step there may be more, or, in a review, less.
  useEffect(() => {
    const kinds = seenByKinds(incident);
    if (kinds.length === 0) return undefined;
    const ask = (): void => {
      askedAt.current = performance.now();
      const to = frameStore.getState().frame?.time ?? 0;
      const query = { from: 0, to, minRank: 0, kinds, withMessages: false, known: null, limit: mostEvents };
      void lab.past(query).then(
        (past) => setEvents(past.events),
        () => undefined,
      );
    };
    const timer = setTimeout(ask, Math.max(0, askedAt.current + askMs - performance.now()));
    return () => clearTimeout(timer);
  }, [lab, incident, side, step]);
  return events;
}

const noViolations: readonly ViolationFrame[] = [];

/** Whether it has happened yet, and when. */
function SeenMark({ incident, side }: { readonly incident: Incident; readonly side: Side }): ReactNode {
  const t = useT();
  const events = useSeenBy(incident, side);
  const now = useFrame(({ frame }) => frame?.time ?? 0);
  const violations = useFrame(({ frame }) => frame?.violations ?? noViolations);
  const seen = differenceSeen(incident, side, { now, violations, events });
  if (seen.at !== null) return <Chip hue="ack">{t('incident.seen', { time: millis(seen.at) })}</Chip>;
  return (
    <Chip>
      {seen.until === null ? t('incident.pending') : t('incident.pendingUntil', { time: millis(seen.until) })}
    </Chip>
  );
}

export function IncidentBar({ on }: { readonly on: IncidentOn }): ReactNode {
  const t = useT();
  const lab = useLab();
  const incident = incidents.find(({ id }) => id === on.id);
  if (incident === undefined) return null;
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const other = on.side === 'holds' ? 'breaks' : 'holds';
  return (
    <section className="incident-bar" aria-label={t('incident.bar')} data-side={on.side}>
      <Siren size={20} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
      <div className="min-w-0 flex-1">
        <p>
          <b>{incident.words.title[language]}</b> · {sideWords(incident, on.side, t)}
        </p>
        <p>
          {incident.words[on.side][language]} <b>{t('incident.shown')}</b>{' '}
          {differenceWords(incident, on.side, t)} <SeenMark incident={incident} side={on.side} />
        </p>
      </div>
      <Button look="primary" icon={Play} onClick={() => void playIncident(lab, incident, other)}>
        {t('incident.other', { what: sideWords(incident, other, t) })}
      </Button>
      <Button look="line" icon={Presentation} onClick={() => void presentIncident(lab, incident, on.side)}>
        {t('incident.present')}
      </Button>
      <Button look="line" onClick={() => goTo('presets/incidents')}>
        {t('incident.all')}
      </Button>
      <IconButton icon={X} label={t('incident.close')} onClick={() => incidentStore.setState({ on: null })} />
    </section>
  );
}
