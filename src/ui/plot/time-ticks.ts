// Round times for an axis over virtual time.

/** Round times, at most eight in a stretch; µs. */
export function timeTicks(from: number, to: number): readonly number[] {
  const steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 500_000];
  const step = steps.find((us) => (to - from) / us <= 8);
  if (step === undefined) return [];
  const first = Math.ceil(Math.max(0, from) / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
}
