// Theme of the first paint: the person's (src/state/settings-store.ts), else the system's. The policy allows no script in the page.
(() => {
  let theme = 'system';
  try {
    theme = JSON.parse(localStorage.getItem('postdb-lab:settings') ?? '{}').theme;
  } catch {
    // Storage refused or damaged: as the system says.
  }
  if (theme !== 'light' && theme !== 'dark')
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = theme;
})();
