// What is said of a challenge: by whether its goal is met, and by what of its budget is left. Pure.

export interface Used {
  readonly met: boolean;
  readonly faults: number;
  readonly ms: number;
}

/** The text key of the verdict. */
export function verdictOf(
  { met, faults, ms }: Used,
  budget: { readonly faults: number; readonly ms: number },
): 'lessons.challengeMet' | 'lessons.challengeOver' | 'lessons.challengeOpen' | 'lessons.challengeSpent' {
  const isWithin = faults <= budget.faults && ms <= budget.ms;
  if (met) return isWithin ? 'lessons.challengeMet' : 'lessons.challengeOver';
  return isWithin ? 'lessons.challengeOpen' : 'lessons.challengeSpent';
}
