// Debian's programs and its interpreter's modules: which are here.
import { spawnSync } from 'node:child_process';

/** Debian's own interpreter: its packages are there for no other. */
export const python = '/usr/bin/python3';

/** @param {string} program */
export const has = (program) => spawnSync(program, ['--version']).status === 0;

/** @param {string} module */
export const hasPython = (module) => spawnSync(python, ['-c', `import ${module}`]).status === 0;
