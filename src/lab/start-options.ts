// What a new run is started with, of scripts too, which no type holds to it.

export interface StartOptions {
  readonly preset: string;
  readonly seed: number;
}

/** Throws at what it does not know rather than start another run than was meant. */
export function checkStartOptions({ preset, seed, ...others }: StartOptions): void {
  const unknown = Object.keys(others);
  if (unknown.length > 0)
    throw new Error(`startRun: unknown option ${unknown.join(', ')}; known: preset, seed`);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Error(
      `startRun: seed ${String(seed)} of preset ${String(preset)} is no whole number from 0 on`,
    );
}
