// Ordinary events of clients, which have no caption, in a few words.

import { defineTexts } from '../i18n/texts.ts';

const kindTexts = defineTexts({
  'kind.op.invoke': ['{{node}}: a client asks', '{{node}}：客户端发出操作'],
  'kind.op.return': ['{{node}}: a client is answered', '{{node}}：客户端得到答复'],
  'kind.driver.heard': ['{{node}} hears that a node is at work', '{{node}} 得知有节点正在执行'],
  'kind.driver.gaveUp': ['{{node}} gives a request up', '{{node}} 放弃一个请求'],
  'kind.block.failed': ['{{node}}: a transaction has failed', '{{node}}：一个事务已失败'],
  'kind.block.answered': ['{{node}}: a failed transaction is answered', '{{node}}：失败的事务得到答复'],
  'kind.driver.retry': ['{{node}} tries again', '{{node}} 重试'],
});

type Texts = typeof kindTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
