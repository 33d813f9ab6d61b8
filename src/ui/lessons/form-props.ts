// Props of every prediction form: its question, the answer so far, where a new one goes.

import type { Question } from '../../lessons/format.ts';

type OfForm<F extends Question['form']> = Extract<Question, { form: F }>;

export interface FormProps<F extends Question['form'], A> {
  readonly question: OfForm<F>;
  readonly value: A | null;
  readonly onChange: (value: A) => void;
}
