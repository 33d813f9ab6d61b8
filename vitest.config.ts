// Two projects: `unit` is quick; `worlds` holds the seeded worlds and sweeps (x.world.test.ts).
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'bench/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.world.test.ts'],
          testTimeout: 30_000,
          // A hook that makes a world takes as long as a test does.
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'worlds',
          include: ['src/**/*.world.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
