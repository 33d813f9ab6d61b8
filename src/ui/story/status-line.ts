// Status line of the strip between captions: what status.ts found, in words.

import type { WorldFrame } from '../../run-model/picture/frame.ts';
import type { Translate } from '../i18n/i18n.ts';
import type { Hue } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { namePages } from '../model/known-names.ts';
import { type Status, statusOf } from './status.ts';

export interface StatusLine {
  readonly hue: Hue;
  readonly icon: 'ok' | 'down' | 'cut' | 'hole' | 'violation' | 'recovering' | 'waiting';
  readonly text: string;
}

const looks: Readonly<Record<Status['kind'], Pick<StatusLine, 'hue' | 'icon'>>> = {
  violated: { hue: 'fence', icon: 'violation' },
  recovering: { hue: 'fence', icon: 'recovering' },
  noWriter: { hue: 'fence', icon: 'down' },
  noPrimary: { hue: 'fence', icon: 'down' },
  noAnswer: { hue: 'fence', icon: 'down' },
  lacks: { hue: 'hole', icon: 'hole' },
  cut: { hue: 'hole', icon: 'cut' },
  stalled: { hue: 'hole', icon: 'waiting' },
  steady: { hue: 'ack', icon: 'ok' },
};

type Of<K extends Status['kind']> = Extract<Status, { readonly kind: K }>;

/** Names of tablets that a line has room for. */
const TABLETS_NAMED = 4;

function noPrimaryWords({ groups, total, since, waiting }: Of<'noPrimary'>, t: Translate): string {
  const time = millis(since);
  const count = groups.length;
  const tablets = groups.slice(0, TABLETS_NAMED).join(t('list.comma'));
  const words =
    count > TABLETS_NAMED
      ? t('status.manyNoPrimary', { count, total, time })
      : t('status.noPrimary', { count, total, tablets, time });
  return waiting === 0 ? words : `${words} ${t('status.statementsWait', { count: waiting })}`;
}

function noAnswerWords({ nodes, since, goesOn }: Of<'noAnswer'>, t: Translate): string {
  const names = nodes.join(t('list.comma'));
  if (nodes.length === 1)
    return goesOn
      ? t('status.oneDown', { node: names, time: millis(since) })
      : t('status.oneSilent', { node: names });
  return t(goesOn ? 'status.someDown' : 'status.noAnswer', { nodes: names });
}

function cutWords({ links, goesOn }: Of<'cut'>, t: Translate): string {
  const [link = ''] = links;
  if (links.length > 1) return t(goesOn ? 'status.cuts' : 'status.cutsOnly', { count: links.length });
  return t(goesOn ? 'status.cut' : 'status.cutOnly', { link });
}

/** Figures of what was seen of the run only, and none where nothing is known yet. */
function steadyWords({ commits, since, vdl, groups }: Of<'steady'>, t: Translate): string {
  const time = millis(since);
  // Where each tablet has a log there is no one LSN to name.
  if (groups > 0 && commits > 0) return t('status.groups', { commits, time, groups });
  if (vdl === null) return since > 0 ? t('status.steadyUnknown', { time }) : t('status.steadyEmpty');
  if (vdl < 0) return t('status.steadyEmpty');
  return since > 0 ? t('status.steadySince', { commits, vdl, time }) : t('status.steady', { commits, vdl });
}

function statusWords(status: Status, t: Translate): string {
  switch (status.kind) {
    case 'violated':
      return t('status.violation', { rule: status.rule, message: namePages(status.message) });
    case 'recovering': {
      const { node, step } = status;
      if (step === null) return t('status.starting', { node });
      if (step === 'token') return t('status.recoveringToken', { node });
      return t('status.recovering', { node, step, what: t(`recovery.${step}`) });
    }
    case 'noWriter':
      return t('status.writerDown', { node: status.node, time: millis(status.since) });
    case 'noPrimary':
      return noPrimaryWords(status, t);
    case 'noAnswer':
      return noAnswerWords(status, t);
    case 'lacks': {
      const { node, holes: count, peers } = status;
      return peers.length > 0
        ? t('status.holesAsked', { node, count, peers: peers.join(t('list.comma')) })
        : t('status.holes', { node, count });
    }
    case 'cut':
      return cutWords(status, t);
    case 'stalled':
      return t('status.stalled', { count: status.commits, time: millis(status.oldestUs) });
    case 'steady':
      return steadyWords(status, t);
  }
}

export function statusLine(frame: WorldFrame, t: Translate): StatusLine {
  const status = statusOf(frame);
  return { ...looks[status.kind], text: statusWords(status, t) };
}
