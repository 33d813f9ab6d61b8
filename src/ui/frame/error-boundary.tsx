// Error boundary of the page. When drawing fails it says what happened, that no disk was touched, and how to go on.
// Never a blank page.

import { Component, type ReactNode } from 'react';
import { errorOf } from '../../base/thrown.ts';
import { isMissingPart } from '../../state/missing-part.ts';
import { t } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: errorOf(error) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className="plain-page">
        <h1 className="text-title font-semibold">{t('page.failed')}</h1>
        <p className="mt-3 text-body">{t(isMissingPart(error) ? 'page.missingPart' : 'page.failedText')}</p>
        <pre>{error.stack ?? error.message}</pre>
        <div className="mt-5">
          <Button look="primary" onClick={() => location.reload()}>
            {t('page.reload')}
          </Button>
        </div>
      </main>
    );
  }
}
