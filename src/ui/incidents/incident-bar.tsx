// Over the map while an incident is on: what happens there, what it shows, and the way to its other side. Loaded with the first one.

import { Play, Presentation, Siren, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { incidents } from '../../incidents/library.ts';
import { type IncidentOn, incidentStore } from '../../state/incident-store.ts';
import { goTo } from '../../state/route-store.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { differenceWords, sideWords } from './difference-words.ts';
import { playIncident, presentIncident } from './play-incident.ts';
import './incidents.css';
import './texts.ts';

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
          {differenceWords(incident, on.side, t)}
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
