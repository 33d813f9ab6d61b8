// The incidents of the gallery, each with what is known of it and a button for either side.

import { Play } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Incident, Side } from '../../incidents/incident.ts';
import { incidents } from '../../incidents/library.ts';
import { clusterWord } from '../../sim/say-cluster.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { sideWords } from './difference-words.ts';
import { playIncident } from './play-incident.ts';
import '../../words/incidents.en.json';

const plain = (text: string): string => text.toLowerCase().normalize('NFKD');

/** Each word that is typed stands in its words of either language, or in its cluster's name. */
export function incidentsWith(query: string): readonly Incident[] {
  const typed = plain(query).split(/\s+/);
  return incidents.filter(({ cluster, words }) => {
    const all = plain(
      [clusterWord(cluster), ...Object.values(words).flatMap(({ en, zh }) => [en, zh])].join(' '),
    );
    return typed.every((word) => all.includes(word));
  });
}

const sides: readonly Side[] = ['holds', 'breaks'];

function Card({ incident }: { readonly incident: Incident }): ReactNode {
  const t = useT();
  const lab = useLab();
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const title = incident.words.title[language];
  return (
    <li className="gallery-card">
      <h3>{title}</h3>
      <p>{incident.words.known[language]}</p>
      {sides.map((side) => {
        const what = sideWords(incident, side, t);
        return (
          <p key={side} className={side === 'breaks' ? 'incident-breaks' : 'incident-holds'}>
            <b>{what}</b> {incident.words[side][language]}
          </p>
        );
      })}
      <div className="mt-auto flex flex-wrap gap-2">
        {sides.map((side) => (
          <Button
            key={side}
            look={side === 'holds' ? 'primary' : 'line'}
            icon={Play}
            aria-label={t('incident.playOf', { title, what: sideWords(incident, side, t) })}
            onClick={() => void playIncident(lab, incident, side)}
          >
            {sideWords(incident, side, t)}
          </Button>
        ))}
      </div>
      <small className="text-muted">
        {t('incident.inPreset', { preset: clusterWord(incident.cluster) })}
      </small>
    </li>
  );
}

export function IncidentCards({ query }: { readonly query: string }): ReactNode {
  const t = useT();
  const shown = incidentsWith(query);
  if (shown.length === 0) return null;
  return (
    <section id="incidents" aria-labelledby="gallery-incidents">
      <h2 id="gallery-incidents">
        {t('incident.title')} <small>{t('incident.lead')}</small>
      </h2>
      <ul className="gallery-cards">
        {shown.map((incident) => (
          <Card key={incident.id} incident={incident} />
        ))}
      </ul>
    </section>
  );
}
