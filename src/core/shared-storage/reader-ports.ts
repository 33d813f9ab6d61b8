// The pages of a reader of a volume in files as its engine sees them, for one step; its log nobody writes.

import type { Lsn, Term } from '../../base/ids.ts';
import type { EnginePorts, LogAppender, PageSource } from '../engine/ports.ts';
import type { PageKey } from '../page/page-key.ts';
import { requestPage } from './reader-load.ts';
import { applyLsnOf, type SharedReader } from './shared-reader.ts';

class SharedReaderPorts<E> implements EnginePorts, LogAppender, PageSource {
  readonly metadata = null;
  readonly term = 0 as Term;
  private readonly reader: SharedReader<E>;
  constructor(reader: SharedReader<E>) {
    this.reader = reader;
  }
  get log(): LogAppender {
    return this;
  }
  get pages(): PageSource {
    return this;
  }
  get volume(): string {
    return this.reader.config.cluster.volume;
  }
  get tail(): Lsn {
    return applyLsnOf(this.reader);
  }
  get durable(): Lsn {
    return applyLsnOf(this.reader);
  }
  get readPoint(): Lsn {
    return applyLsnOf(this.reader);
  }
  canAppend(): boolean {
    return false;
  }
  append(): never {
    throw new Error('a reader appends nothing');
  }
  requestPage(page: PageKey): void {
    requestPage(this.reader.work, { page, rp: null, isBackground: false });
  }
  requestVersion(page: PageKey, rp: Lsn): void {
    requestPage(this.reader.work, { page, rp, isBackground: false });
  }
}

export const bindReader = <E>(reader: SharedReader<E>): EnginePorts => new SharedReaderPorts(reader);
