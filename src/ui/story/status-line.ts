// Status line of the strip between captions: the most important thing that is true now, from the frame alone.

import type { RecoveryStep } from '../../core/quorum-log/log-view.ts';
import type { WorldFrame } from '../../sim/frame.ts';
import { commitsWaiting, isWriterNode } from '../../state/role-views.ts';
import type { Translate } from '../i18n/i18n.ts';
import type { Hue } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { namePages } from '../model/known-names.ts';
import { computeOf, countHoles, healthOf, storeOf } from '../model/node-facts.ts';

export interface StatusLine {
  readonly hue: Hue;
  readonly icon: 'ok' | 'down' | 'cut' | 'hole' | 'violation' | 'recovering' | 'waiting';
  readonly text: string;
}

/** Commits wait this long without any acknowledgement before the strip says so, virtual µs. */
const stallUs = 8000;

function describeDown(frame: WorldFrame, t: Translate): StatusLine | null {
  const down = frame.nodes.filter((node) => node.status === 'down' || node.status === 'frozen');
  const first = down[0];
  if (first === undefined) return null;
  const writer = down.find(isWriterNode);
  const names = down.map(({ id }) => id).join(t('list.comma'));
  const hue = 'fence';
  if (writer !== undefined)
    return {
      hue,
      icon: 'down',
      text: t('status.writerDown', { node: writer.id, time: millis(writer.since) }),
    };
  // Where something waits for good the line beside this one says for whom (blocked-line.tsx).
  if (frame.waits.length > 0) return { hue, icon: 'down', text: t('status.noAnswer', { nodes: names }) };
  const since = millis(first.since);
  if (down.length === 1)
    return { hue, icon: 'down', text: t('status.oneDown', { node: first.id, time: since }) };
  return { hue, icon: 'down', text: t('status.someDown', { nodes: names }) };
}

function describeHoles(frame: WorldFrame, t: Translate): StatusLine | null {
  for (const node of frame.nodes) {
    if (healthOf(node) !== 'up') continue;
    const { holes, asked } = countHoles(storeOf(node));
    if (holes === 0) continue;
    const peers = new Set(storeOf(node)?.groups.flatMap((group) => group.requests.map(({ peer }) => peer)));
    const text =
      asked > 0 && peers.size > 0
        ? t('status.holesAsked', { node: node.id, count: holes, peers: [...peers].join(t('list.comma')) })
        : t('status.holes', { node: node.id, count: holes });
    return { hue: 'hole', icon: 'hole', text };
  }
  return null;
}

function describeCuts(frame: WorldFrame, t: Translate): StatusLine | null {
  const cut = frame.links.filter((link) => link.cut);
  const first = cut[0];
  if (first === undefined) return null;
  const pairs = new Set(cut.map(({ from, to }) => [from, to].sort().join('–')));
  const [name = ''] = pairs;
  const text = pairs.size === 1 ? t('status.cut', { link: name }) : t('status.cuts', { count: pairs.size });
  return { hue: 'hole', icon: 'cut', text };
}

function describeRecovery(node: string, step: RecoveryStep | null, t: Translate): string {
  if (step === null) return t('status.starting', { node });
  if (step === 'token') return t('status.recoveringToken', { node });
  return t('status.recovering', { node, step, what: t(`recovery.${step}`) });
}

/** Figures of what was seen of the run only, and none where nothing is known yet. */
function describeSteady({ metrics, cluster }: WorldFrame, t: Translate): string {
  const { commits, since, vdl } = metrics;
  const time = millis(since);
  // Where each tablet has a log there is no one LSN to name.
  if (cluster.placement !== undefined && commits > 0)
    return t('status.groups', { commits, time, groups: cluster.groups.length });
  if (vdl === undefined) return since > 0 ? t('status.steadyUnknown', { time }) : t('status.steadyEmpty');
  if (vdl < 0) return t('status.steadyEmpty');
  return since > 0 ? t('status.steadySince', { commits, vdl, time }) : t('status.steady', { commits, vdl });
}

export function statusLine(frame: WorldFrame, t: Translate): StatusLine {
  const violation = frame.violations[0];
  if (violation !== undefined)
    return {
      hue: 'fence',
      icon: 'violation',
      text: t('status.violation', { rule: violation.rule, message: namePages(violation.message) }),
    };
  const recovering = frame.nodes.find((node) => healthOf(node) === 'recovering');
  const recovery = computeOf(recovering)?.recovery;
  if (recovering !== undefined)
    return {
      hue: 'fence',
      icon: 'recovering',
      text: describeRecovery(recovering.id, recovery?.step ?? null, t),
    };
  const found = describeDown(frame, t) ?? describeHoles(frame, t) ?? describeCuts(frame, t);
  if (found !== null) return found;
  const { count, oldestUs } = commitsWaiting(frame);
  if (count > 0 && oldestUs > stallUs)
    return { hue: 'hole', icon: 'waiting', text: t('status.stalled', { count, time: millis(oldestUs) }) };
  return { hue: 'ack', icon: 'ok', text: describeSteady(frame, t) };
}
