// Table type for the words of tape actions, for the world's own actions and a stack's alike.

import type { ActionOf, TapeAction } from '../../sim/tape-actions.ts';
import type { Translate } from '../i18n/i18n.ts';

type ActionKind = TapeAction['kind'];

export interface ActionWords {
  readonly kinds: readonly ActionKind[];
  readonly say: (action: TapeAction, t: Translate) => string;
}

/** An overload in place of a type guard, for the reason of `eventOfKind` (trace.ts). */
function actionOf<K extends ActionKind>(action: TapeAction, kinds: readonly K[]): ActionOf<K> | null;
function actionOf(action: TapeAction, kinds: readonly ActionKind[]): TapeAction | null {
  return kinds.includes(action.kind) ? action : null;
}

export const actionWordsOf = <const K extends ActionKind>(
  kinds: readonly K[],
  say: (action: ActionOf<K>, t: Translate) => string,
): ActionWords => ({
  kinds,
  say(action, t) {
    const own = actionOf(action, kinds);
    return own === null ? '' : say(own, t);
  },
});
