// Text description of lens 4.7 (screen readers).

import type { ListedEvent } from '../../../run-model/picture/frame.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { sentence } from '../../i18n/sentence.ts';
import { millis } from '../../kit/format.ts';
import type { SpaceTimeModel } from './model.ts';
import '../../../words/lens/space-time.en.json';

const nameOf = (event: ListedEvent): string => `${event.event.kind} (${event.node}, ${millis(event.at)} ms)`;

export function describeRelation(model: SpaceTimeModel, t: Translate): string | null {
  const { relation, chosen } = model;
  if (relation === null || chosen === null) return null;
  const names = { other: nameOf(relation.other), chosen: nameOf(chosen.event) };
  const said = t(`spaceTime.relation.${relation.relation}`, names);
  if (relation.path.length < 2) return sentence(said, t);
  const path = relation.path.map(({ node, at }) => `${node} ${millis(at)}`).join(' → ');
  return sentence(`${said} ${t('spaceTime.path', { path })}`, t);
}

/** The chosen event and how many events its cones hold. */
export function describeChosen({ chosen, counts }: SpaceTimeModel, t: Translate): string | null {
  if (chosen === null) return null;
  const { node, at, event } = chosen.event;
  return t('spaceTime.describeChosen', { kind: event.kind, node, at: millis(at), ...counts });
}

export function describeSpaceTime(model: SpaceTimeModel, t: Translate): string {
  const parts = [
    t('spaceTime.describe', {
      events: model.drawnCount,
      messages: model.messages.length,
      lanes: model.lanes.length,
      from: millis(model.from),
      to: millis(model.to),
    }),
  ];
  if (model.through.length > 0) parts.push(t('spaceTime.through', { count: model.through.length }));
  if (model.forgottenTo !== null) parts.push(t('spaceTime.forgotten', { time: millis(model.forgottenTo) }));
  const chosen = describeChosen(model, t);
  if (chosen !== null) parts.push(chosen);
  const relation = describeRelation(model, t);
  if (relation !== null) parts.push(relation);
  return parts.join(' ');
}
