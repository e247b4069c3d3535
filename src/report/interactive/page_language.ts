/**
 * uPlot formats numbers for `navigator.language` and stops the page where that is no language tag, as the "en-US@posix" of
 * a browser under the POSIX locale. Call it before uPlot is loaded. It uses nothing but the browser: its text is part of
 * report.html.
 */
export function mendLanguage(): void {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US' });
  }
}
