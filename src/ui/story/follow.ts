// Caption context after an event, as a fold over the trace: the world's own events here, the others by their stack.

import type { ListedEvent } from '../../run-model/picture/frame.ts';
import { stackTables } from '../stacks/tables.ts';
import {
  followAction,
  followWriter,
  type Story,
  type StoryStep,
  storyStep,
  traceStall,
  without,
} from './story.ts';

const worldSteps: readonly StoryStep[] = [
  storyStep('world.action', followAction),
  storyStep('node.down', (story, _event, node) =>
    traceStall({
      ...story,
      down: new Set([...story.down, node]),
      stopping: without(story.stopping, node),
      healing: new Map([...story.healing].filter(([id]) => id !== node)),
    }),
  ),
  storyStep('node.open', (story, _event, node) => ({
    ...story,
    down: without(story.down, node),
  })),
  storyStep('op.return', (story, { outcome }) =>
    outcome === 'ok' ? story : { ...story, failed: story.failed + 1 },
  ),
];

const steps = new Map(
  [worldSteps, ...stackTables.map(({ storySteps }) => storySteps ?? [])].flat().map((one) => [one.kind, one]),
);

/** `before` the event is what its own caption may look at; this is what the next one may. */
export const follow = (story: Story, { event, node }: ListedEvent): Story =>
  followWriter(steps.get(event.kind)?.apply(story, event, node) ?? story, event, node);
