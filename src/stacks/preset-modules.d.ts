// Made of src/presets/<architecture>/<name>.cluster when something is built (scripts/presets.mjs).

declare module 'virtual:preset-names' {
  export const names: readonly import('../sim/preset-names.ts').PresetName[];
}

declare module 'virtual:preset-files' {
  export const files: Readonly<Record<string, string>>;
}
