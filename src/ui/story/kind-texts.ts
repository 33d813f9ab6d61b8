// Ordinary events of clients, which have no caption, in a few words.

import { defineTexts } from '../i18n/texts.ts';

const kindTexts = defineTexts({
  en: {
    'kind.op.invoke': '{{node}}: a client asks',
    'kind.op.return': '{{node}}: a client is answered',
    'kind.driver.retry': '{{node}} tries again',
  },
  zh: {
    'kind.op.invoke': '{{node}}：客户端发出操作',
    'kind.op.return': '{{node}}：客户端得到答复',
    'kind.driver.retry': '{{node}} 重试',
  },
});

type Texts = typeof kindTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
