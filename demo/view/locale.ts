/**
 * uPlot formats numbers for `navigator.language` and stops the page where that is no language tag, as the "en-US@posix" of
 * a browser under the POSIX locale.
 */
export function mendLanguage(): void {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US' });
  }
}
