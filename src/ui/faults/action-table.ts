// Table type for the words of tape actions, for the world's own actions and a stack's alike.

import type { ActionOf, TapeAction } from '../../sim/tape-actions.ts';
import type { Translate } from '../i18n/i18n.ts';

type ActionKind = TapeAction['kind'];

export interface ActionWords {
  readonly kinds: readonly ActionKind[];
  readonly say: (action: TapeAction, t: Translate) => string;
}

export const isAction = <K extends ActionKind>(
  action: TapeAction,
  kinds: readonly K[],
): action is ActionOf<K> => kinds.some((kind) => kind === action.kind);

export const actionWordsOf = <const K extends ActionKind>(
  kinds: readonly K[],
  say: (action: ActionOf<K>, t: Translate) => string,
): ActionWords => ({
  kinds,
  say: (action, t) => (isAction(action, kinds) ? say(action, t) : ''),
});
