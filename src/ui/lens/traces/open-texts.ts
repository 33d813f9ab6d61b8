// What opens a trace, beside whatever shows a statement.

import { defineTexts } from '../../i18n/texts.ts';

const openTexts = defineTexts({ 'traces.open': ['Open the trace', '打开追踪'] });

type Texts = typeof openTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
