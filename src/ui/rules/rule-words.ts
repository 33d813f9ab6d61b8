// What the registry says of a rule beside its ids.

/** A text in both languages. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

export interface RuleWords {
  readonly title: Bilingual;
  /** The rule in one or two sentences. */
  readonly text: Bilingual;
  /** Seed or paper by the tags of docs/spec/terms.md: S000–S004, A17, A18, Raft; D is a decision of this project. */
  readonly source: string;
  /** Key of the lens that shows it, by product design §2: `1` WAL & holes … `-` metrics. */
  readonly lens: string;
}
