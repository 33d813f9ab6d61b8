// What is made of the files of the library (scripts/lessons.mjs).

declare module 'virtual:lesson-entries' {
  export const entries: readonly import('./catalogue.ts').LibraryEntry[];
}

declare module 'virtual:lesson-library' {
  export const lessons: Readonly<
    Record<string, () => Promise<{ readonly default: import('./lesson-schema.ts').WrittenLesson }>>
  >;
}
