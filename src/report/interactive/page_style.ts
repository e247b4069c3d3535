import { COLOR } from '../theme.js';

export const PAGE_STYLE = `
:root { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 24px; background: ${COLOR.page}; color: ${COLOR.text};
  font: 16px/1.5 Inter, system-ui, sans-serif; }
h1 { margin: 0; font-size: 30px; }
h2 { margin: 0 0 12px; font-size: 22px; }
h2 span { color: ${COLOR.gamma}; margin-right: 10px; }
h3 { margin: 18px 0 2px; font-size: 17px; }
.note, .about, .readout, figcaption, dd cite { color: ${COLOR.muted}; font-size: 14px; }
.figures { display: flex; flex-wrap: wrap; gap: 12px 36px; margin: 18px 0; }
.figures b { display: block; font-size: 28px; font-weight: 600; }
section { margin: 22px 0; padding: 20px; background: ${COLOR.panel}; border: 1px solid ${COLOR.edge}; border-radius: 10px; }
.readout { min-height: 21px; }
.key i { display: inline-block; width: 12px; height: 12px; margin: 0 6px 0 14px; border-radius: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 14px 0; font-size: 14px; }
table caption { text-align: left; font-weight: 600; padding-bottom: 4px; }
th, td { padding: 3px 12px 3px 0; text-align: right; border-bottom: 1px solid ${COLOR.edge}; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
th { color: ${COLOR.muted}; font-weight: 400; }
dt { font-weight: 600; margin-top: 8px; }
dd { margin: 0; }
dd cite { display: block; }
summary { cursor: pointer; color: ${COLOR.muted}; margin-top: 12px; }
pre { overflow: auto; max-height: 480px; font-size: 13px; }
.u-legend { color: ${COLOR.text}; font-size: 13px; }
.u-select { background: rgba(255, 255, 255, 0.12); }
`;
